import type { Address, Hex } from "@sooth/kernel";
import { concatHex, sha256 } from "viem";

/**
 * Opinions of one market that are labelled. A sheet of so many by two analysts fits what stores take (`MOST_SHEET_BYTES`), however
 * long their reasons are.
 */
export const MOST_LABELLED = 4_000;

/** What no sheet names: how many opinions, and their stake. */
export type Rest = { opinions: number; staked: bigint };

/**
 * The largest stake first. Of equal stakes whichever has the smaller SHA-256 of market and owner, so that no address is ahead in
 * every market.
 */
export function largestFirst<P extends { owner: Address; staked: bigint }>(
  market: Hex,
  positions: readonly P[],
): P[] {
  return positions
    .map((position) => ({ position, place: sha256(concatHex([market, position.owner])) }))
    .toSorted((a, b) => {
      const [one, other] = [a.position.staked, b.position.staked];
      if (one !== other) return one > other ? -1 : 1;
      return a.place < b.place ? -1 : 1;
    })
    .map(({ position }) => position);
}

/**
 * The opinions that are labelled, in the order that they were given in, and what is left over. Whoever floods a market with small
 * stakes fills the rest with them: it lowers the confidence by its share of the stake, and takes no larger stake's place.
 */
export function labelledOf<P extends { owner: Address; staked: bigint }>(
  market: Hex,
  positions: readonly P[],
  most = MOST_LABELLED,
): { positions: P[]; rest: Rest } {
  if (positions.length <= most) return { positions: [...positions], rest: { opinions: 0, staked: 0n } };
  const ordered = largestFirst(market, positions);
  const among = new Set(ordered.slice(0, most));
  const staked = ordered.slice(most).reduce((sum, one) => sum + one.staked, 0n);
  return {
    positions: positions.filter((one) => among.has(one)),
    rest: { opinions: positions.length - most, staked },
  };
}
