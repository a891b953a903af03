import type { Chain } from "@sooth/chain";
import type { Lifecycle } from "@sooth/runtime";
import type { LaptopFacts } from "../roles.ts";
import { randomWalk, startExchange, type DialectName } from "../simulators/index.ts";
import type { Ports } from "./ports.ts";

/** Candles of a minute: a newcomer does not wait for midnight. */
const STEP_SECONDS = 60;
const WALK = { seed: 20_260_101, startPrice: 3_000 };

/** How to read "the close of the minute that ends at {observeAt}" from each exchange. */
const READ: Record<DialectName, { query: string; path: string; note: string }> = {
  coinbase: {
    query: "/products/ETH-USD/candles?granularity=60&start={observeAt-60}&end={observeAt-60}",
    path: "0.4",
    note: "speaks Coinbase's candles",
  },
  kraken: {
    query: "/0/public/OHLC?pair=ETHUSD&interval=1&since={observeAt-61}",
    path: "result.XETHZUSD.0.4",
    note: "speaks Kraken's OHLC",
  },
  binance: {
    query: "/api/v3/klines?symbol=ETHUSDT&interval=1m&startTime={observeAtMs-60}&limit=1",
    path: "0.4",
    note: "speaks Binance's klines",
  },
};

/**
 * Three simulated exchanges for a laptop: nobody ever paid these prices, and their names say so. They close a candle by
 * the hub's clock, and fail on command at `/__control`.
 */
export async function startExchanges(o: {
  lifecycle: Lifecycle;
  ports: Ports;
  hub: Chain;
}): Promise<{ origins: string[]; templates: LaptopFacts["sourceTemplates"] }> {
  const series = randomWalk(WALK.seed, WALK.startPrice, STEP_SECONDS);
  const places = { coinbase: o.ports.exchangeA, kraken: o.ports.exchangeB, binance: o.ports.exchangeC };
  const started = await Promise.all(
    (Object.entries(places) as [DialectName, number][]).map(async ([dialect, port]) => {
      let url = "";
      await o.lifecycle.add(`exchange ${dialect}`, async () => {
        const exchange = await startExchange({
          dialect,
          port,
          series,
          now: () => o.hub.now(),
          control: true,
        });
        url = exchange.url;
        return () => exchange.stop();
      });
      return { dialect, url };
    }),
  );
  return {
    origins: started.map(({ url }) => url),
    templates: started.map(({ dialect, url }) => ({
      name: `simulated ${dialect}`,
      url: `${url}${READ[dialect].query}`,
      path: READ[dialect].path,
      unit: "USD",
      note: `${READ[dialect].note}; a ${series.label} in slices of ${STEP_SECONDS} s`,
    })),
  };
}
