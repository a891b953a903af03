/** How an account that pays gas is filled up from what was earned, in wei of the hub. */
export type Refills = {
  /** An account with less than this is filled up to twice as much. */
  below: bigint;
  /** In all, from one midnight (UTC) to the next. */
  perDay: bigint;
};

export type Refill = { wei: bigint } | { why: "enough" | "no_credit" | "capped" };

/** What an account is given at least, as a part of `below`: less would go into the gas of giving it. */
const LEAST_PART = 4n;

/**
 * What an account is given now. Never more than the credit, than what is left of the day, and than twice `below` with what it has:
 * so no unit is given that was not earned, and what a key holds stays bounded.
 * @param left of today's, wei
 */
export function refillOf(
  { below }: Pick<Refills, "below">,
  { balance, credit, left }: { balance: bigint; credit: bigint; left: bigint },
): Refill {
  if (balance >= below) return { why: "enough" };
  const least = below / LEAST_PART;
  if (credit <= least) return { why: "no_credit" };
  if (left <= least) return { why: "capped" };
  return { wei: [2n * below - balance, credit, left].reduce((one, other) => (other < one ? other : one)) };
}
