import {
  closeSource,
  DAY_SECONDS,
  type DayPrice,
  type DialectName,
  type Exchange,
  seriesFromDays,
  startExchange,
} from "@sooth/server/simulators";
import type { PlannedMarket } from "./scenario.ts";

const DIALECTS: readonly DialectName[] = ["coinbase", "kraken", "binance"];
/** This exchange tells every price half as high again. */
export const LIAR: DialectName = "binance";
export const LIE = 1.5;
/** A pair that no exchange has. */
const UNKNOWN_PAIR = "OLDCOIN-USD";

export type Sources = {
  origins: string[];
  for(planned: PlannedMarket): { name: string; url: string; path: string; unit: string; scale: number }[];
  /** From now on the exchanges live by this clock. */
  follow(now: () => Promise<number>): void;
  stop(): Promise<void>;
};

/** Three exchanges that speak from one price file; one of them lies. */
export async function startSources(days: readonly DayPrice[], startsAt: number): Promise<Sources> {
  const series = seriesFromDays(days, "the demo's price file");
  let clock: () => Promise<number> = () => Promise.resolve(startsAt);
  const exchanges: Exchange[] = await Promise.all(
    DIALECTS.map((dialect) => startExchange({ dialect, series, now: () => clock() })),
  );
  exchanges.find(({ name }) => name === LIAR)?.fail({ kind: "lie", factor: LIE });
  return {
    origins: exchanges.map(({ url }) => url),
    for: ({ sourceless, endsAfter }) =>
      exchanges.map(({ name, url }) =>
        closeSource(name, url, DAY_SECONDS, { endsAfter, market: sourceless ? UNKNOWN_PAIR : undefined }),
      ),
    follow: (now) => {
      clock = now;
    },
    stop: async () => {
      await Promise.all(exchanges.map((exchange) => exchange.stop()));
    },
  };
}
