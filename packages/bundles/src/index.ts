export { type BundlesConfig, bundlesConfig } from "./edge/config.ts";
export type { Deps as BundlesDeps } from "./edge/deps.ts";
export { type LegRow, loadBundles, type StoredBundle } from "./edge/rows/load-bundles.ts";
export { bundles } from "./edge/slice.ts";
export {
  type BundleWatch,
  type Learned,
  openWatch,
  type UpTo,
  type WatchOptions,
} from "./edge/watch/index.ts";
