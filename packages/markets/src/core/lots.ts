import type { Amount } from "@sooth/kernel";

/**
 * What one stake had of a position's pay-out: `before` of the position was staked earlier. Cut where the stakes meet and rounded
 * down there, so that the parts of all stakes together are the pay-out to the unit.
 */
export function lotProceeds(
  paid: Amount,
  { before, amount, staked }: { before: Amount; amount: Amount; staked: Amount },
): Amount {
  if (staked === 0n) return 0n as Amount;
  return ((paid * (before + amount)) / staked - (paid * before) / staked) as Amount;
}
