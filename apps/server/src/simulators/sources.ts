import { need } from "@sooth/kernel";
import { DIALECTS, type DialectName } from "./exchange.ts";

/** Where a close stands in each exchange's answer. `url` holds placeholders of a question's source. */
export type CloseSource = { name: string; url: string; path: string; unit: string; scale: number };

const BINANCE_INTERVALS: Record<number, string> = {
  60: "1m",
  300: "5m",
  900: "15m",
  3_600: "1h",
  86_400: "1d",
};

/**
 * The source that reads the close of the slice that ends when the question observes, or `endsAfter` seconds later. Fits
 * the real exchange as well as its simulator: only `origin` differs. `market` is the exchange's own spelling, its
 * ETH/USD when not given.
 */
export function closeSource(
  dialect: DialectName,
  origin: string,
  stepSeconds: number,
  { market, endsAfter = 0 }: { market?: string; endsAfter?: number } = {},
): CloseSource {
  const pair = encodeURIComponent(market ?? DIALECTS[dialect].market);
  const before = stepSeconds - endsAfter;
  const from = `{observeAt-${before}}`;
  const common = { name: dialect, scale: 0 };
  switch (dialect) {
    case "coinbase":
      return {
        ...common,
        url: `${origin}/products/${pair}/candles?granularity=${stepSeconds}&start=${from}&end=${from}`,
        path: "0.4",
        unit: "USD",
      };
    case "kraken":
      return {
        ...common,
        // `since` is exclusive, so a second earlier.
        url: `${origin}/0/public/OHLC?pair=${pair}&interval=${stepSeconds / 60}&since={observeAt-${before + 1}}`,
        path: `result.${market ?? DIALECTS.kraken.market}.0.4`,
        unit: "USD",
      };
    case "binance":
      return {
        ...common,
        url: `${origin}/api/v3/klines?symbol=${pair}&interval=${intervalName(stepSeconds)}&startTime={observeAtMs-${before}}&limit=1`,
        path: "0.4",
        // Tether stands in for the dollar on this market.
        unit: "USD",
      };
  }
}

const intervalName = (stepSeconds: number): string =>
  need(BINANCE_INTERVALS[stepSeconds], `a Binance interval of ${stepSeconds} s`);
