import type { Chain } from "@sooth/chain";
import type { Lifecycle } from "@sooth/runtime";
import type { LaptopFacts } from "../roles.ts";
import { closeSource, priceText, randomWalk, startExchange, type DialectName } from "../simulators/index.ts";
import { portAsSentence, type Ports } from "./ports.ts";

/** Candles of a minute: a newcomer does not wait for midnight. */
export const CANDLE_SECONDS = 60;
const series = randomWalk(20_260_101, 3_000, CANDLE_SECONDS);

/** The simulated price of ether at the close of the last minute before `at` (unix seconds): "2987.65". */
export function simulatedPrice(at: number): string {
  const openTime = Math.floor(at / CANDLE_SECONDS) * CANDLE_SECONDS - CANDLE_SECONDS;
  return priceText(series.candle(openTime)?.close ?? 0n);
}

/**
 * Three simulated exchanges for a laptop: nobody ever paid these prices, and their names say so. They close a candle by
 * the hub's clock, and fail on command at `/__control`.
 */
export async function startExchanges(o: {
  lifecycle: Lifecycle;
  ports: Ports;
  hub: Chain;
}): Promise<{ origins: string[]; templates: LaptopFacts["sourceTemplates"] }> {
  const places = { coinbase: o.ports.exchangeA, kraken: o.ports.exchangeB, binance: o.ports.exchangeC };
  const started = await Promise.all(
    (Object.entries(places) as [DialectName, number][]).map(async ([dialect, port]) => {
      let url = "";
      await o.lifecycle.add(`exchange ${dialect}`, async () => {
        const exchange = await portAsSentence(port, "a simulated exchange", () =>
          startExchange({ dialect, port, series, now: () => o.hub.now(), control: true }),
        );
        url = exchange.url;
        return () => exchange.stop();
      });
      return { dialect, url };
    }),
  );
  return {
    origins: started.map(({ url }) => url),
    templates: started.map(({ dialect, url }) => {
      const source = closeSource(dialect, url, CANDLE_SECONDS);
      return {
        name: `simulated ${dialect}`,
        url: source.url,
        path: source.path,
        unit: source.unit,
        note: `speaks ${dialect}'s candle protocol; prices are a ${series.label}, one a minute`,
      };
    }),
  };
}
