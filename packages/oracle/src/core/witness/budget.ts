import { parseDecimal, toFixedPoint } from "../decimals.ts";

/** What a day has cost so far, reservations included, in billionths of a US dollar. `day` counts from 1970, UTC. */
export type Budget = { readonly day: number; readonly spent: bigint };

/** Prices of one token, in billionths of a US dollar. */
export type TokenPrices = { input: bigint; output: bigint };

/** US dollars as people write them, in billionths; rounds half to even. @throws oracle.not_a_number */
export const nanoDollars = (text: string): bigint => toFixedPoint(parseDecimal(text), 9);
/** Of one token, from the price of a million as price lists have it. @throws oracle.not_a_number */
export const pricePerToken = (dollarsPerMillion: string): bigint =>
  toFixedPoint(parseDecimal(dollarsPerMillion), 3);

/** What a call took. `cacheWrite`, `cacheRead`: input that the service wrote down for the next calls, or had written down. */
export type Tokens = { input: number; output: number; cacheWrite?: number; cacheRead?: number };
/** To write input down costs a quarter more, to read it again a tenth. Source: platform.claude.com, prompt caching. */
const QUARTERS_TO_WRITE = 5n;
const TENTH = 10n;

/** What a call costs with so many tokens, rounded up. */
export const costOf = (prices: TokenPrices, tokens: Tokens): bigint => {
  const { input, output, cacheWrite = 0, cacheRead = 0 } = tokens;
  const written = (prices.input * BigInt(cacheWrite) * QUARTERS_TO_WRITE + 3n) / 4n;
  const read = (prices.input * BigInt(cacheRead) + TENTH - 1n) / TENTH;
  return prices.input * BigInt(input) + prices.output * BigInt(output) + written + read;
};

/** Sets `amount` aside on `day`, or null when the day's `cap` does not hold it. A new day starts with nothing spent. */
export function reserve(budget: Budget, day: number, amount: bigint, cap: bigint): Budget | null {
  const spent = (budget.day === day ? budget.spent : 0n) + amount;
  return spent > cap ? null : { day, spent };
}

/**
 * Replaces a reservation of `day` by what the call cost. More than was reserved counts in full. A reservation of a day
 * that is over changes nothing: that day's money is gone either way.
 */
export function settle(budget: Budget, day: number, reserved: bigint, actual: bigint): Budget {
  return budget.day === day ? { day, spent: budget.spent - reserved + actual } : budget;
}
