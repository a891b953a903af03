import { BPS, ascending, at } from "@sooth/kernel";
import { capOf } from "../weights.ts";
import { lesser } from "./fixed-point.ts";

/**
 * What each seat of a signer set weighs: its stake, cut as `capOf` cuts it, times its reputation, and no party above its
 * part of all weight. A party is a provider alone, or all seats that stand together, by a cluster or by the family of language
 * models that they answer by. Mirror of SeatWeights.sol; the cases that bind both: vectors/economy/seat-weights.json.
 */

/**
 * `factorBps`: what reputation leaves of the stake. `cluster`: who stands together, 0 for a provider alone. `family`: by which
 * family of models he answers, 0 for a person.
 */
export type StakedSeat = { stake: bigint; factorBps: number; cluster: number; family: number };

type Member = { seat: number; weight: bigint };
type Party = {
  isCluster: boolean;
  isWitness: boolean;
  stake: bigint;
  members: Member[];
  weight: bigint;
  k: bigint;
};

/** Divisible by every k that occurs. */
const WHOLE = 252n;
/** How many times a witness, and all witnesses, must fit into all weight. */
const WITNESS = 9n;
const WITNESSES = 3n;

/**
 * Weight of every seat, in the order given, and their sum. No party of people holds more than 1/k of `total`, exactly: k = 4,
 * or their number below 4; for a cluster 7 from eight of them on. A party in which somebody answers by a model is a witness: none
 * holds more than a ninth, all together no more than a third, and without people nobody weighs anything. Rounds down,
 * except that what those who are cut together lose to rounding goes to the largest of them, one unit each. Without clusters
 * and witnesses and with full factors it is `weightsOf`.
 */
export function seatWeights(seats: readonly StakedSeat[]): { weights: bigint[]; total: bigint } {
  const parties = partiesOf(seats);
  const total = totalOf(parties);
  const weights = seats.map(() => 0n);
  for (const [index, most] of mostOf(parties, total).entries())
    for (const { seat, weight } of cut(at(parties, index), most)) weights[seat] = weight;
  return { weights, total };
}

/* PARTIES */

/** Those who weigh something, with what they weigh before the caps. A seat without stake or factor is no party. */
function partiesOf(seats: readonly StakedSeat[]): Party[] {
  const parties: Party[] = [];
  for (const places of togetherIn(seats)) {
    const party: Party = { isCluster: false, isWitness: false, stake: 0n, members: [], weight: 0n, k: 1n };
    for (const seat of places) {
      const { stake, cluster, family } = at(seats, seat);
      party.stake += stake;
      party.isCluster ||= cluster !== 0;
      party.isWitness ||= family !== 0;
      party.members.push({ seat, weight: 0n });
    }
    parties.push(party);
  }
  // Witnesses do not move the cap: it is a matter among people.
  const cap = capOf(parties.filter(({ isWitness }) => !isWitness).map(({ stake }) => stake));
  for (const party of parties) {
    for (const member of party.members) {
      const { stake, factorBps } = at(seats, member.seat);
      const counts = lesser(party.stake, cap) * lesser(BigInt(factorBps), BPS);
      member.weight = (stake * counts) / (party.stake * BPS);
      party.weight += member.weight;
    }
  }
  const present = parties.filter(({ weight }) => weight !== 0n);
  // Who weighs nothing is not counted, or the rest could not fill the whole.
  const people = present.filter(({ isWitness }) => !isWitness).length;
  for (const party of present) {
    const alone = party.isCluster && people >= 8 ? 7n : BigInt(Math.min(people, 4));
    party.k = party.isWitness ? WITNESS : alone;
  }
  return present;
}

/** Seats of each party, in the order of their first seats: who shares a cluster or a family, directly or through others. */
function togetherIn(seats: readonly StakedSeat[]): number[][] {
  const firsts = seats.map((_, seat) => seat);
  const live = ({ stake, factorBps }: StakedSeat): boolean => stake !== 0n && factorBps !== 0;
  for (const [seat, one] of seats.entries())
    for (const [other, before] of seats.slice(0, seat).entries()) {
      const isTogether =
        (one.cluster !== 0 && one.cluster === before.cluster) ||
        (one.family !== 0 && one.family === before.family);
      if (!isTogether || !live(one) || !live(before)) continue;
      const [a, b] = [at(firsts, other), at(firsts, seat)];
      for (const [place, first] of firsts.entries())
        if (first === Math.max(a, b)) firsts[place] = Math.min(a, b);
    }
  const places = seats.map((_, seat) => seat).filter((seat) => live(at(seats, seat)));
  return [...Map.groupBy(places, (seat) => at(firsts, seat)).values()];
}

/* CAPS */

/** The largest T with T = sum of min(weight, floor(T / k)), where what witnesses give is floor(T / 3) at most. */
function totalOf(parties: readonly Party[]): bigint {
  // First without rounding down: those who are cut hold a fixed part of T, so T = 252 * whole / left.
  let whole = parties.reduce((sum, { weight }) => sum + weight, 0n);
  let left = WHOLE;
  let uncut = parties;
  let cutWitnesses = 0n;
  for (let isClassCut = false; whole !== 0n;) {
    const isAbove = ({ weight, k }: Party) => weight * k * left > WHOLE * whole;
    const above = uncut.filter(isAbove);
    uncut = uncut.filter((party) => !isAbove(party));
    for (const { weight, k, isWitness } of above) {
      whole -= weight;
      left -= WHOLE / k;
      if (isWitness) cutWitnesses += 1n;
    }
    if (above.length > 0) continue;
    // What of the third is left to witnesses that are not cut, once nobody else is to be.
    const parts = WHOLE / WITNESSES - (cutWitnesses * WHOLE) / WITNESS;
    const rest = uncut.filter(({ isWitness }) => isWitness).reduce((sum, { weight }) => sum + weight, 0n);
    if (isClassCut || rest * left <= parts * whole) break;
    isClassCut = true;
    uncut = uncut.filter(({ isWitness }) => !isWitness);
    whole -= rest;
    left -= parts;
  }
  if (whole === 0n) return 0n;
  // Then down to where rounded parts carry it: fewer than 252 steps, since a multiple of 252 always does.
  let total = -1n;
  let sum = (WHOLE * whole) / left;
  while (sum !== total) {
    total = sum;
    const held = (isWitness: boolean): bigint =>
      parties
        .filter((party) => party.isWitness === isWitness)
        .reduce((all, { weight, k }) => all + lesser(weight, total / k), 0n);
    sum = held(false) + lesser(held(true), total / WITNESSES);
  }
  return total;
}

/** By party: what of its weight is left. */
function mostOf(parties: readonly Party[], total: bigint): bigint[] {
  const most = parties.map(({ weight, k }) => lesser(weight, total / k));
  const witnesses = most.map((part, index) => (at(parties, index).isWitness ? part : 0n));
  const whole = witnesses.reduce((sum, part) => sum + part, 0n);
  if (whole <= total / WITNESSES) return most;
  const parts = divided(witnesses, whole, total / WITNESSES);
  return most.map((part, index) => (at(parties, index).isWitness ? at(parts, index) : part));
}

/** Cuts a party to `most`. */
function cut(party: Party, most: bigint): readonly Member[] {
  if (party.weight <= most) return party.members;
  const parts = divided(
    party.members.map(({ weight }) => weight),
    party.weight,
    most,
  );
  return party.members.map(({ seat }, index) => ({ seat, weight: at(parts, index) }));
}

/** `most` in proportion to `values`, whose sum is `whole`; units that rounding leaves go to the largest, the first of equals. */
function divided(values: readonly bigint[], whole: bigint, most: bigint): bigint[] {
  const parts = values.map((value) => (value * most) / whole);
  const rest = most - parts.reduce((sum, part) => sum + part, 0n);
  const largest = values
    .map((value, index) => ({ value, index }))
    .toSorted((a, b) => ascending(b.value, a.value) || a.index - b.index);
  for (const { index } of largest.slice(0, Number(rest))) parts[index] = at(parts, index) + 1n;
  return parts;
}
