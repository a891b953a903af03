import { type Address, sameAddress } from "@sooth/kernel";
import { StakeManagerError } from "./errors.ts";

/** Who holds a place, and with what stake. */
export type Placed = { owner: Address; stake: bigint };

/**
 * Whose place a newcomer takes: nobody's while one is free, else that of the smallest stake. Mirror of `Seats.claimSeat`
 * and `Jurors.claimJurorPlace`. @throws stake_manager.unchanged, .full naming the stake to beat
 */
export function placeFor(mine: Placed, held: readonly Placed[], places: number): Address | null {
  if (held.some(({ owner }) => sameAddress(owner, mine.owner)))
    throw StakeManagerError.unchanged({ owner: mine.owner });
  if (held.length < places) return null;
  const least = held.reduce((small, each) => (each.stake < small.stake ? each : small));
  if (mine.stake <= least.stake) throw StakeManagerError.full({ places, minimum: least.stake });
  return least.owner;
}
