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

/** What a call costs with so many tokens. */
export const costOf = (prices: TokenPrices, tokens: { input: number; output: number }): bigint =>
  prices.input * BigInt(tokens.input) + prices.output * BigInt(tokens.output);

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
