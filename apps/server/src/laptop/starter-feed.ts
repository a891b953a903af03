import { wireFeed, wirePreparedFeed } from "@sooth/oracle/core";
import { z } from "zod";
import { CANDLE_SECONDS } from "./exchanges.ts";
import { ask, type House, send } from "./starter-markets.ts";

/** The simulated exchanges close one candle in so long, and nobody learns more by asking oftener. */
const HEARTBEAT = CANDLE_SECONDS;

/** Creates the price of ether as a feed, unless some feed is there already, so that contracts have something to read. */
export async function openStarterFeed(house: House): Promise<boolean> {
  const { items } = z
    .object({ items: z.array(wireFeed) })
    .parse(await ask(house, "GET", "/v1/feeds?limit=1"));
  if (items.length > 0) return false;
  const sources = house.sources.map(({ name, url, path, unit }) => ({ name, url, path, unit }));
  const prepared = wirePreparedFeed.parse(
    await ask(house, "POST", "/v1/feeds/prepare", {
      heartbeat: HEARTBEAT,
      schema: {
        version: 1,
        text: "ETH/USD on the simulated exchanges",
        decimals: 8,
        unit: "USD",
        step: CANDLE_SECONDS,
        deviationBps: 0,
        sources,
      },
    }),
  );
  await send(house, prepared.calls);
  return true;
}
