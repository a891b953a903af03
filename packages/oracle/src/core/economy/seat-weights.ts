import { ascending, at } from "@sooth/kernel";
import { capOf } from "../weights.ts";
import { lesser } from "./fixed-point.ts";

/**
 * What each seat of a signer set weighs: its stake, cut as `capOf` cuts it, times its reputation, and no party above its
 * part of all weight. A party is a provider alone, or all seats of one cluster. Mirror of SeatWeights.sol; the cases
 * that bind both: vectors/economy/seat-weights.json.
 */

/** `factorBps`: what reputation leaves of the stake. `cluster`: who stands together, 0 for a provider alone. */
export type StakedSeat = { stake: bigint; factorBps: number; cluster: number };

type Member = { seat: number; weight: bigint };
type Party = { cluster: number; stake: bigint; members: Member[]; weight: bigint; k: bigint };

const BPS = 10_000n;
/** Divisible by every k that occurs. */
const WHOLE = 84n;

/**
 * Weight of every seat, in the order given, and their sum. No party holds more than 1/k of `total`, exactly: k = 4, or
 * the number of parties below 4; for a cluster 7 from eight parties on. Rounds down, except that what a cut cluster's
 * seats lose to rounding goes to its largest, one unit each. Without clusters and with full factors it is `weightsOf`.
 */
export function seatWeights(seats: readonly StakedSeat[]): { weights: bigint[]; total: bigint } {
  const parties = partiesOf(seats);
  const total = totalOf(parties);
  const weights = seats.map(() => 0n);
  for (const party of parties)
    for (const { seat, weight } of cut(party, total / party.k)) weights[seat] = weight;
  return { weights, total };
}

/* PARTIES */

/** Those who weigh something, with what they weigh before the caps. A seat without stake or factor is no party. */
function partiesOf(seats: readonly StakedSeat[]): Party[] {
  const parties: Party[] = [];
  for (const [seat, { stake, factorBps, cluster }] of seats.entries()) {
    if (stake === 0n || factorBps === 0) continue;
    let party = cluster === 0 ? undefined : parties.find((one) => one.cluster === cluster);
    if (!party) {
      party = { cluster, stake: 0n, members: [], weight: 0n, k: 1n };
      parties.push(party);
    }
    party.stake += stake;
    party.members.push({ seat, weight: 0n });
  }
  const cap = capOf(parties.map(({ stake }) => stake));
  for (const party of parties) {
    for (const member of party.members) {
      const { stake, factorBps } = at(seats, member.seat);
      const counts = lesser(party.stake, cap) * lesser(BigInt(factorBps), BPS);
      member.weight = (stake * counts) / (party.stake * BPS);
      party.weight += member.weight;
    }
  }
  const present = parties.filter(({ weight }) => weight !== 0n);
  // What weighs nothing is not counted, or the rest could not fill the whole.
  for (const party of present)
    party.k = party.cluster !== 0 && present.length >= 8 ? 7n : BigInt(Math.min(present.length, 4));
  return present;
}

/* CAPS */

/** The largest T with T = sum of min(weight, floor(T / k)). */
function totalOf(parties: readonly Party[]): bigint {
  // First without rounding down: those who are cut hold a fixed part of T, so T = 84 * whole / left.
  let whole = parties.reduce((sum, { weight }) => sum + weight, 0n);
  if (whole === 0n) return 0n;
  let left = WHOLE;
  let uncut = parties;
  for (;;) {
    const isAbove = ({ weight, k }: Party) => weight * k * left > WHOLE * whole;
    const above = uncut.filter(isAbove);
    if (above.length === 0) break;
    uncut = uncut.filter((party) => !isAbove(party));
    for (const { weight, k } of above) {
      whole -= weight;
      left -= WHOLE / k;
    }
  }
  // Then down to where rounded parts carry it: fewer than 84 steps, since a multiple of 84 always does.
  let total = -1n;
  let sum = (WHOLE * whole) / left;
  while (sum !== total) {
    total = sum;
    sum = parties.reduce((all, { weight, k }) => all + lesser(weight, total / k), 0n);
  }
  return total;
}

/** Cuts a party to `most`, in proportion; units that rounding leaves go to the largest, the first of equals. */
function cut(party: Party, most: bigint): readonly Member[] {
  if (party.weight <= most) return party.members;
  const parts = party.members.map(({ seat, weight }) => ({
    seat,
    weight: (weight * most) / party.weight,
    before: weight,
  }));
  const rest = most - parts.reduce((sum, { weight }) => sum + weight, 0n);
  const largest = parts.toSorted((a, b) => ascending(b.before, a.before) || a.seat - b.seat);
  for (const part of largest.slice(0, Number(rest))) part.weight += 1n;
  return parts;
}
