import { priceText } from "../series.ts";
import { type Dialect, type ExchangeReply, wholeNumber } from "./dialect.ts";

const MAX_CANDLES = 1_000;
const DEFAULT_CANDLES = 500;
const INTERVAL_SECONDS: Record<string, number> = {
  "1s": 1,
  "1m": 60,
  "3m": 180,
  "5m": 300,
  "15m": 900,
  "30m": 1_800,
  "1h": 3_600,
  "2h": 7_200,
  "4h": 14_400,
  "6h": 21_600,
  "8h": 28_800,
  "12h": 43_200,
  "1d": 86_400,
  "3d": 259_200,
  "1w": 604_800,
};
const refuse = (status: number, code: number, msg: string): ExchangeReply => ({
  status,
  body: { code, msg },
});

/**
 * Binance spot, `GET /api/v3/klines?symbol&interval&startTime&endTime&limit`: arrays of [open time, open, high, low,
 * close, volume, close time, quote volume, trades, taker base, taker quote, unused], oldest first, times in milliseconds.
 * The real one adds the slice that still runs; here none is shown before it has closed.
 * Source: developers.binance.com, spot REST API, kline data and error codes.
 */
export const binance: Dialect = {
  name: "binance",
  market: "ETHUSDT",
  rateLimited: {
    ...refuse(429, -1003, "Too much request weight used; current limit is 6000 request weight per 1 MINUTE."),
    headers: { "retry-after": "1" },
  },
  broken: refuse(500, -1000, "An unknown error occurred while processing the request."),
  answer: ({ path, query }, candles) => {
    if (path !== "/api/v3/klines") return refuse(404, -1000, "Unknown path.");
    const symbol = query.get("symbol");
    const interval = query.get("interval");
    if (!symbol) return missing("symbol");
    if (!interval) return missing("interval");
    if (symbol !== binance.market) return refuse(400, -1121, "Invalid symbol.");
    const step = INTERVAL_SECONDS[interval];
    if (step === undefined) return refuse(400, -1120, "Invalid interval.");
    for (const name of ["startTime", "endTime", "limit"])
      if (query.has(name) && wholeNumber(query, name) === undefined)
        return refuse(
          400,
          -1100,
          `Illegal characters found in parameter '${name}'; legal range is '^[0-9]{1,20}$'.`,
        );
    const limit = Math.min(wholeNumber(query, "limit") ?? DEFAULT_CANDLES, MAX_CANDLES);
    if (limit === 0) return refuse(400, -1130, "Data sent for parameter 'limit' is not valid.");
    const to = Math.floor((wholeNumber(query, "endTime") ?? candles.lastOpenTime * 1_000) / 1_000);
    const start = wholeNumber(query, "startTime");
    const from = start === undefined ? to - (limit - 1) * step : Math.ceil(start / 1_000);
    const found = step === candles.stepSeconds ? candles.range(from, to, limit) : [];
    const rows = found.map((c) => [
      c.openTime * 1_000,
      eightDigits(c.open),
      eightDigits(c.high),
      eightDigits(c.low),
      eightDigits(c.close),
      eightDigits(c.volume),
      (c.openTime + step) * 1_000 - 1,
      "0.00000000",
      1,
      "0.00000000",
      "0.00000000",
      "0",
    ]);
    return { status: 200, body: rows };
  },
};

const eightDigits = (price: bigint): string => Number(priceText(price)).toFixed(8);

const missing = (name: string): ExchangeReply =>
  refuse(400, -1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);
