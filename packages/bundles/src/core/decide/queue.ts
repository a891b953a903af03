import type { Address, Hex } from "@sooth/kernel";

/** A bundle that waits for a relayer; `since` is when its next step became possible. */
export type Waiting = { id: Hex; owner: Address; since: number };

/**
 * Which bundles are looked at next: the longest waiting of every owner, then the second of every owner, and so on. Somebody
 * with a thousand bundles, or one that cannot move, holds nobody else up.
 */
export function fairOrder(waiting: readonly Waiting[], limit: number): Waiting[] {
  const oldestFirst = waiting.toSorted((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1));
  const turns = new Map<string, number>();
  const ranked = oldestFirst.map((one) => {
    const owner = one.owner.toLowerCase();
    const turn = turns.get(owner) ?? 0;
    turns.set(owner, turn + 1);
    return { one, turn };
  });
  // The sort is stable: within a turn the oldest stays first.
  return ranked
    .toSorted((a, b) => a.turn - b.turn)
    .slice(0, limit)
    .map(({ one }) => one);
}
