import { type Address, type Amount, type Bps, ascending, at } from "@sooth/kernel";
import { MarketsError } from "../errors.ts";
import type { Label } from "./label.ts";

/** One opinion's stake. */
export type OpinionStake = { owner: Address; staked: Amount };

/** What one family of models says of all opinions, in their order. Null: the family gave no label, as when its vendor was down. */
export type FamilyLabels = { family: string; labels: readonly (Label | null)[] };

/** Why there is no score. Whoever settles voids the market; nothing stands in for a score. */
export type Unscored = "no_stake" | "no_labels" | "nothing_kept" | "no_quality";

export type Scoring =
  | {
      kind: "scored";
      /** 0 to 100. */
      score: number;
      confidence: Bps;
      /** Each family that gave a score, and how far apart the outermost are, all in ten-thousandths of the scale. */
      families: readonly { family: string; scoreBps: number }[];
      spreadBps: number;
    }
  | { kind: "unscored"; reason: Unscored };

const WHOLE = 10_000n;
/** What one family alone can reach: money should not move on the word of one. */
export const ONE_FAMILY_MOST = 5_000n;
/** A share of the stake above this, in one hand, lowers confidence by the excess. */
export const CROWD_SHARE = 2_000n;
/** Confidence is gone when families differ by half the scale. */
const SPREAD_WEIGHT = 2n;

/**
 * Score and confidence from labels and stakes, so that anybody can redo them.
 *
 * A family's score is the mean of its kept opinions' (10_000 + stance) / 2, weighted with stake × quality, rounded half up to
 * a ten-thousandth. Score: the middle one of the families' scores (of an even number: half the sum of the two middle ones,
 * rounded down), rounded half up to 0..100. So one bought family of three cannot move the score past the other two.
 *
 * Confidence is a product of shares, each step rounded down: stake that every scoring family labelled and kept, of all
 * stake; 1 - 2 × spread of the families; 1 - the excess of the largest owner's share above 20 %. One family alone is held at
 * 5_000. `unlabelled` is stake of opinions that nobody labelled, of which none is larger than those here: it is stake that no family
 * kept. Without stake, labels, a kept opinion or any quality there is no score: never a silent 50.
 *
 * @throws markets.bad_labels where a family has not one entry for each stake, or two families share a name
 */
export function scoreOpinions(
  stakes: readonly OpinionStake[],
  families: readonly FamilyLabels[],
  unlabelled = 0n,
): Scoring {
  if (new Set(families.map(({ family }) => family)).size !== families.length)
    throw MarketsError.bad_labels({ what: "a family is named twice" });
  for (const { family, labels } of families)
    if (labels.length !== stakes.length)
      throw MarketsError.bad_labels({
        what: `${family} has ${labels.length} labels for ${stakes.length} opinions`,
      });

  const total = sum(stakes.map(({ staked }) => staked)) + unlabelled;
  if (total === 0n) return { kind: "unscored", reason: "no_stake" };
  const present = families.filter(({ labels }) => labels.some((label) => label !== null));
  if (present.length === 0) return { kind: "unscored", reason: "no_labels" };
  const tallies = present.map(({ family, labels }) => ({ family, ...tally(stakes, labels) }));
  if (tallies.every(({ kept }) => kept === 0n)) return { kind: "unscored", reason: "nothing_kept" };
  const scoring = tallies.filter(({ weight }) => weight > 0n);
  if (scoring.length === 0) return { kind: "unscored", reason: "no_quality" };

  const scores = scoring.map(({ weighted, weight }) => (weighted + weight) / (2n * weight));
  const sorted = scores.toSorted(ascending);
  const spread = at(sorted, sorted.length - 1) - at(sorted, 0);
  const middle = (at(sorted, (sorted.length - 1) >> 1) + at(sorted, sorted.length >> 1)) / 2n;

  const kept = scoring.map((one) => one.kept).reduce((least, one) => (one < least ? one : least));
  const excess = positive((largestHolding(stakes) * WHOLE) / total - CROWD_SHARE);
  const shares = [(kept * WHOLE) / total, positive(WHOLE - SPREAD_WEIGHT * spread), WHOLE - excess];
  const confidence = shares.reduce((product, share) => (product * share) / WHOLE, WHOLE);
  const held = scoring.length === 1 && confidence > ONE_FAMILY_MOST ? ONE_FAMILY_MOST : confidence;

  return {
    kind: "scored",
    score: Number((middle + 50n) / 100n),
    confidence: Number(held) as Bps,
    families: scoring.map(({ family }, index) => ({ family, scoreBps: Number(at(scores, index)) })),
    spreadBps: Number(spread),
  };
}

/** `kept`: stake of kept opinions; `weight`: Σ stake × quality; `weighted`: Σ stake × quality × (10_000 + stance). */
function tally(stakes: readonly OpinionStake[], labels: readonly (Label | null)[]) {
  const sums = { kept: 0n, weight: 0n, weighted: 0n };
  for (const [index, label] of labels.entries()) {
    if (label === null || label.rejection !== null) continue;
    const { staked } = at(stakes, index);
    const weight = staked * BigInt(label.quality);
    sums.kept += staked;
    sums.weight += weight;
    sums.weighted += weight * (WHOLE + BigInt(label.stance));
  }
  return sums;
}

function largestHolding(stakes: readonly OpinionStake[]): bigint {
  const held = new Map<string, bigint>();
  for (const { owner, staked } of stakes) {
    const key = owner.toLowerCase();
    held.set(key, (held.get(key) ?? 0n) + staked);
  }
  return [...held.values()].reduce((largest, one) => (one > largest ? one : largest), 0n);
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);
const positive = (amount: bigint): bigint => (amount > 0n ? amount : 0n);
