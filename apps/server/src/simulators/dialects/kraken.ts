import { priceText } from "../series.ts";
import { type Dialect, type ExchangeReply, wholeNumber } from "./dialect.ts";

/** No more than this many of the newest slices can be had, whatever `since` says. */
const MAX_CANDLES = 720;
const INTERVAL_MINUTES = new Set([1, 5, 15, 30, 60, 240, 1_440, 10_080, 21_600]);
/** Every spelling that is accepted; the answer's key is always the inner name. */
const SPELLINGS = new Set(["ETHUSD", "XETHZUSD", "ETH/USD"]);
/** Errors come with status 200: only the body tells. */
const refuse = (error: string): ExchangeReply => ({ status: 200, body: { error: [error] } });

/**
 * Kraken, `GET /0/public/OHLC?pair&interval&since`: `result` holds arrays of
 * [time, open, high, low, close, vwap, volume, count] under the pair's inner name, and `last`. `since` is exclusive.
 * The real one adds the slice that still runs; here none is shown before it has closed.
 * Source: docs.kraken.com, market data, get OHLC data.
 */
export const kraken: Dialect = {
  name: "kraken",
  market: "XETHZUSD",
  rateLimited: refuse("EGeneral:Too many requests"),
  broken: { status: 503, body: { error: ["EService:Unavailable"] } },
  answer: ({ path, query }, candles) => {
    if (path !== "/0/public/OHLC") return refuse("EGeneral:Unknown method");
    const pair = query.get("pair");
    if (pair === null) return refuse("EGeneral:Invalid arguments");
    if (!SPELLINGS.has(pair.toUpperCase())) return refuse("EQuery:Unknown asset pair");
    const interval = query.has("interval") ? wholeNumber(query, "interval") : 1;
    if (interval === undefined || !INTERVAL_MINUTES.has(interval))
      return refuse("EGeneral:Invalid arguments:interval");
    const since = query.has("since") ? wholeNumber(query, "since") : 0;
    if (since === undefined) return refuse("EGeneral:Invalid arguments:since");
    const oldest = candles.lastOpenTime - (MAX_CANDLES - 1) * candles.stepSeconds;
    const found =
      interval * 60 === candles.stepSeconds
        ? candles.range(Math.max(since + 1, oldest), candles.lastOpenTime, MAX_CANDLES)
        : [];
    const rows = found.map((c) => [
      c.openTime,
      ...[c.open, c.high, c.low, c.close, (c.high + c.low) / 2n, c.volume].map(priceText),
      1,
    ]);
    return {
      status: 200,
      body: { error: [], result: { [kraken.market]: rows, last: found.at(-1)?.openTime ?? since } },
    };
  },
};
