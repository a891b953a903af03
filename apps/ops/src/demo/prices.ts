import { at } from "@sooth/kernel";
import { type DayPrice, DAY_SECONDS, SimulatorError, parsePrices } from "@sooth/server/simulators";
import { readFileSync } from "node:fs";
import path from "node:path";
import { OpsError } from "../ops-error.ts";

/** One day whose close is known when the demo begins, and four that are asked about. */
export const DAYS_PLAYED = 5;
const SHIPPED = path.join(import.meta.dirname, "eth-usd-2021.csv");
/** A year of days is 6 kB; whatever is larger than this is another file. */
const MAX_BYTES = 20_000_000;
/** Below a thousandth of a cent, thresholds a tenth apart would round to the same number. */
const LEAST_PRICE = 1_000n;

/** Reads a price file, or the one that is shipped. @throws ops.unreadable, simulator.bad_csv */
export function readPrices(file: string = SHIPPED): DayPrice[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw OpsError.unreadable(
      { file, why: (error as NodeJS.ErrnoException).code ?? String(error) },
      { cause: error },
    );
  }
  if (text.length > MAX_BYTES) throw OpsError.unreadable({ file, why: `more than ${MAX_BYTES} bytes` });
  return parsePrices(text);
}

/**
 * The run of days without a gap in which the price moved most (highest over lowest close); the first of equals.
 * Runs with a price under LEAST_PRICE are passed over.
 * @throws simulator.too_few_prices
 */
export function wildestDays(days: readonly DayPrice[]): DayPrice[] {
  let best: { run: DayPrice[]; high: bigint; low: bigint } | undefined;
  for (let start = 0; start + DAYS_PLAYED <= days.length; start++) {
    const run = days.slice(start, start + DAYS_PLAYED);
    if (at(run, DAYS_PLAYED - 1).at - at(run, 0).at !== (DAYS_PLAYED - 1) * DAY_SECONDS) continue;
    const prices = run.map((day) => day.price);
    const high = prices.reduce((a, b) => (a > b ? a : b));
    const low = prices.reduce((a, b) => (a < b ? a : b));
    if (low < LEAST_PRICE) continue;
    // Compared crosswise: prices are integers, and a ratio would be rounded.
    if (best === undefined || high * best.low > best.high * low) best = { run, high, low };
  }
  if (!best) throw SimulatorError.too_few_prices({ found: days.length, wanted: DAYS_PLAYED });
  return best.run;
}
