import type { Candle } from "../series.ts";

/** What an exchange is asked: the path without its query, and the query. */
export type ExchangeRequest = { path: string; query: URLSearchParams };
export type ExchangeReply = { status: number; body: unknown; headers?: Record<string, string> };

/** The prices as this exchange would tell them: closed slices only, lies included. Times in unix seconds. */
export type ClosedCandles = {
  stepSeconds: number;
  /** Open time of the last slice that has closed, or undefined when none has. */
  lastOpenTime: number;
  /** Slices that start in `from..to`, both included, ascending, at most `limit` from the start. */
  range(from: number, to: number, limit: number): Candle[];
};

/** One exchange's public protocol for candles, its errors included. */
export type Dialect = {
  name: "coinbase" | "kraken" | "binance";
  /** The market that it serves, in its own spelling. */
  market: string;
  answer(request: ExchangeRequest, candles: ClosedCandles): ExchangeReply;
  /** What it says when asked too often. */
  rateLimited: ExchangeReply;
  /** What it says when it is broken inside. */
  broken: ExchangeReply;
};

/** A whole number of a query, or undefined when it is missing or none. */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
