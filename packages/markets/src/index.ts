export { type MarketsConfig, marketsConfig } from "./edge/config.ts";
export type { Deps as MarketsDeps } from "./edge/deps.ts";
export { marketById, marketsByIds, marketsOf, type StoredMarket } from "./edge/market-rows.ts";
export { markets } from "./edge/slice.ts";
