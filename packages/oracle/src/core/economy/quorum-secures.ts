import type { Amount } from "@sooth/kernel";
import { hasQuorum } from "../aggregate.ts";
import { mostSecured } from "./deposit.ts";

/**
 * The most that a question may secure and still be answered while providers are away: of those seated the heaviest are left out, one
 * after the other, as long as the rest is a quorum. Rounds down; nothing where nobody sits.
 */
export function quorumSecures(weights: readonly bigint[]): Amount {
  const total = weights.reduce((all, one) => all + one, 0n);
  let present = total;
  for (const weight of weights.toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0)))
    if (hasQuorum(present - weight, total)) present -= weight;
  return mostSecured(present as Amount);
}
