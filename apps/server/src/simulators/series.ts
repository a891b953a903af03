import { SimulatorError } from "./simulator-error.ts";

/** Digits behind the point of every price here: 2315.5 is 231_550_000_000. */
export const PRICE_DECIMALS = 8;
const ONE = 10n ** BigInt(PRICE_DECIMALS);
export const DAY_SECONDS = 86_400;

/** Prices of one time slice, fixed point with PRICE_DECIMALS. `openTime` in unix seconds, the slice's first. */
export type Candle = {
  openTime: number;
  open: bigint;
  high: bigint;
  low: bigint;
  close: bigint;
  volume: bigint;
};

/** One pair's prices, cut into slices of equal length. Every simulated exchange may speak from the same one. */
export type PriceSeries = {
  /** Where the numbers come from; "simulated" when nobody ever paid these prices. */
  label: string;
  stepSeconds: number;
  /** The slice that starts exactly at `openTime`, or undefined when the series does not know it. */
  candle(openTime: number): Candle | undefined;
};

/** One day of a price file: `at` is its midnight UTC. */
export type DayPrice = { date: string; at: number; price: bigint };

/** "2367.70" for 236_770_000_000: at least two digits behind the point, no others that are zero. */
export function priceText(price: bigint): string {
  const whole = price / ONE;
  const fraction = String(price % ONE).padStart(PRICE_DECIMALS, "0");
  return `${whole}.${fraction.slice(0, 2)}${fraction.slice(2).replace(/0+$/, "")}`;
}

/** Reads a positive decimal number; digits past PRICE_DECIMALS are cut off. Undefined when it is none. */
export function parsePrice(text: string): bigint | undefined {
  const match = /^(\d{1,18})(?:\.(\d{1,30}))?$/.exec(text.trim());
  if (!match) return undefined;
  const fraction = (match[2] ?? "").slice(0, PRICE_DECIMALS).padEnd(PRICE_DECIMALS, "0");
  return BigInt(match[1] ?? "") * ONE + BigInt(fraction);
}

/**
 * Days of a CSV of `date,value`: dates as YYYY-MM-DD, ascending; lines that start with # are remarks; a header is allowed.
 * Days whose value is zero are left out: no market traded. @throws simulator.bad_csv naming the line
 */
export function parsePrices(text: string): DayPrice[] {
  const days: DayPrice[] = [];
  let headerAllowed = true;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    const content = raw.trim();
    if (content === "" || content.startsWith("#")) continue;
    const isHeader = headerAllowed && /^"?date"?\s*[,;]/i.test(content);
    headerAllowed = false;
    if (isHeader) continue;
    const day = parseLine(content, index + 1);
    const before = days.at(-1);
    if (before && day.at <= before.at)
      throw SimulatorError.bad_csv({
        line: index + 1,
        found: `${day.date} after ${before.date}`,
        wanted: "ascending dates, each once",
      });
    if (day.price > 0n) days.push(day);
  }
  return days;
}

function parseLine(content: string, line: number): DayPrice {
  const bad = (found: string, wanted: string) => SimulatorError.bad_csv({ line, found, wanted });
  const fields = content.split(",").map((field) => field.trim().replace(/^"(.*)"$/, "$1"));
  if (fields.length !== 2) throw bad(`${fields.length} fields in "${content.slice(0, 60)}"`, "date,value");
  const [date = "", value = ""] = fields;
  const at = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) / 1000 : Number.NaN;
  // Date.parse turns 2021-02-30 into March, so the text has to come back as it was.
  if (Number.isNaN(at) || new Date(at * 1000).toISOString().slice(0, 10) !== date)
    throw bad(`date "${date.slice(0, 40)}"`, "a day as YYYY-MM-DD");
  const price = parsePrice(value);
  if (price === undefined)
    throw bad(`value "${value.slice(0, 40)}"`, "a number such as 2315.50, not below zero");
  return { date, at, price };
}

/** Daily candles of a price file: a day closes at its value and opens at the day's before. @throws simulator.bad_csv */
export function seriesFromCsv(text: string): PriceSeries {
  return seriesFromDays(parsePrices(text), "daily prices from a file");
}

export function seriesFromDays(days: readonly DayPrice[], label: string): PriceSeries {
  const byTime = new Map(days.map((day) => [day.at, day.price]));
  return {
    label,
    stepSeconds: DAY_SECONDS,
    candle: (openTime) => {
      const close = byTime.get(openTime);
      return close === undefined
        ? undefined
        : between(openTime, byTime.get(openTime - DAY_SECONDS) ?? close, close);
    },
  };
}

const WAVES = [
  { slices: 1_440, size: 0.06 },
  { slices: 240, size: 0.025 },
  { slices: 45, size: 0.01 },
  { slices: 7, size: 0.004 },
  { slices: 1, size: 0.0015 },
];

/**
 * Prices that nobody ever paid, for a laptop whose chain lives today: they wander around `start` (whole units) by up to
 * a tenth. The same seed gives the same price at the same time for ever, so a restart contradicts nothing.
 */
export function randomWalk(seed: number, start: number, stepSeconds: number): PriceSeries {
  const closeAt = (slice: number): bigint => {
    const drift = WAVES.reduce(
      (sum, wave, index) => sum + wave.size * smoothNoise(seed + index, slice / wave.slices),
      0,
    );
    return BigInt(Math.round(start * Math.exp(drift) * 100)) * (ONE / 100n);
  };
  return {
    label: "simulated random walk",
    stepSeconds,
    candle: (openTime) => {
      if (openTime < 0 || openTime % stepSeconds !== 0) return undefined;
      const slice = openTime / stepSeconds;
      return between(openTime, closeAt(slice - 1), closeAt(slice));
    },
  };
}

/** A candle that goes straight from `open` to `close`. Volume is a constant: no question reads it. */
const between = (openTime: number, open: bigint, close: bigint): Candle => ({
  openTime,
  open,
  close,
  high: open > close ? open : close,
  low: open > close ? close : open,
  volume: 1_000n * ONE,
});

/** Noise in -1..1 that is smooth in `x`: values at whole numbers come from a hash, between them a cosine leads over. */
function smoothNoise(seed: number, x: number): number {
  const left = Math.floor(x);
  const weight = (1 - Math.cos((x - left) * Math.PI)) / 2;
  return hashNoise(seed, left) * (1 - weight) + hashNoise(seed, left + 1) * weight;
}

/** -1..1 from two integers; the multipliers are those of the murmur3 finaliser. */
function hashNoise(seed: number, x: number): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(x | 0, 0xc2b2ae35) ^ Math.floor(x / 2 ** 32);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 31 - 1;
}
