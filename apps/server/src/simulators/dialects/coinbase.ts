import { priceText } from "../series.ts";
import { type Dialect, type ExchangeReply, wholeNumber } from "./dialect.ts";

const MAX_CANDLES = 300;
const GRANULARITIES = new Set([60, 300, 900, 3_600, 21_600, 86_400]);
const refuse = (status: number, message: string): ExchangeReply => ({ status, body: { message } });

/**
 * Coinbase Exchange, `GET /products/{product}/candles?granularity&start&end`: arrays of
 * [time, low, high, open, close, volume], newest first. Without both `start` and `end` the latest 300.
 * Source: docs.cdp.coinbase.com, Exchange REST API, get product candles.
 */
export const coinbase: Dialect = {
  name: "coinbase",
  market: "ETH-USD",
  rateLimited: refuse(429, "Public rate limit exceeded"),
  broken: refuse(500, "Internal server error"),
  answer: ({ path, query }, candles) => {
    const product = /^\/products\/([A-Z0-9-]+)\/candles$/.exec(path)?.[1];
    if (product !== coinbase.market) return refuse(404, "NotFound");
    const granularity = wholeNumber(query, "granularity") ?? 60;
    if (!GRANULARITIES.has(granularity)) return refuse(400, "Unsupported granularity");
    // One series has one slice length; a real exchange has all, so a client never sees the difference in its own unit.
    if (granularity !== candles.stepSeconds) return { status: 200, body: [] };
    const start = moment(query.get("start"));
    const end = moment(query.get("end"));
    if (Number.isNaN(start)) return refuse(400, "Invalid start");
    if (Number.isNaN(end)) return refuse(400, "Invalid end");
    const [from, to] =
      start === undefined || end === undefined
        ? [candles.lastOpenTime - (MAX_CANDLES - 1) * granularity, candles.lastOpenTime]
        : [start, end];
    if (to < from) return refuse(400, "start must be before end");
    if ((to - from) / granularity > MAX_CANDLES)
      return refuse(
        400,
        `granularity too small for the requested time range. Count of aggregations requested exceeds ${MAX_CANDLES}`,
      );
    const found = candles.range(from, to, MAX_CANDLES);
    const rows = found.map((c) => {
      const [low, high, open, close, volume] = [c.low, c.high, c.open, c.close, c.volume].map((n) =>
        Number(priceText(n)),
      );
      return [c.openTime, low, high, open, close, volume];
    });
    return { status: 200, body: rows.toReversed() };
  },
};

/** Unix seconds or ISO 8601, as the exchange takes both; undefined when absent, NaN when neither. */
function moment(text: string | null): number | undefined {
  if (text === null || text === "") return undefined;
  return /^\d{1,12}$/.test(text) ? Number(text) : Math.floor(Date.parse(text) / 1000);
}
