import { at } from "@sooth/kernel";
import type { OpinionResult } from "./approval.ts";

/** What whoever approves a result should look at before signing. It changes nothing of the result. */
export type ApprovalWarning =
  /** The answer is hardly surer than the market's terms want. */
  | { kind: "low_confidence"; confidence: number; least: number }
  /** The score lies where one side takes nearly all. */
  | { kind: "near_bound"; score: number }
  /** Model families, or providers, differ by this many points. */
  | { kind: "spread"; points: number }
  | { kind: "few_opinions"; count: number }
  /** One opinion holds this part of all stakes. */
  | { kind: "one_large_stake"; shareBps: number }
  /** Analysts stood on different sides of the middle, or one kept what another did not. */
  | { kind: "labels_differ"; opinions: number }
  /** The score lies this far from the mean stance of the stakes. */
  | { kind: "far_from_crowd"; points: number }
  /** By his own labels some provider is this unsure. */
  | { kind: "unsure_sheets"; confidence: number }
  | { kind: "unreadable_sheets"; providers: number };

const NEAR_BOUND = 5;
const CONFIDENCE_MARGIN = 1_000;
/** What one family of models alone comes to at most. */
const UNSURE = 5_000;
const SPREAD_POINTS = 10;
const CROWD_POINTS = 30;
const FEW = 3;
const HALF = 5_000;

/** Everything that members are told, from what they can check themselves. Figures are points of 100, or basis points. */
export type Scrutiny = {
  result: Pick<OpinionResult, "score" | "confidence" | "count">;
  minConfidence: number;
  /** Mean stance by stake in hundredths; null: nobody told one. */
  crowd: number | null;
  sheets: readonly ScrutinisedSheet[];
  /** Providers whose labels cannot be read, or do not come to what they say. */
  unreadable: number;
};
export type ScrutinisedSheet = {
  score: number;
  confidence: number;
  families: readonly { scoreBps: number }[];
  positions: readonly { owner: string; staked: string }[];
  rest?: { staked: string } | undefined;
  analysts: readonly { labels: readonly { owner: string; stance: number; keep: boolean }[] }[];
};

export function approvalWarnings(found: Scrutiny): ApprovalWarning[] {
  const { score, confidence, count } = found.result;
  const warnings: ApprovalWarning[] = [];
  if (confidence < found.minConfidence + CONFIDENCE_MARGIN)
    warnings.push({ kind: "low_confidence", confidence, least: found.minConfidence });
  if (score <= NEAR_BOUND || score >= 100 - NEAR_BOUND) warnings.push({ kind: "near_bound", score });
  if (count < FEW) warnings.push({ kind: "few_opinions", count });
  const points = spreadOf(found.sheets);
  if (points > SPREAD_POINTS) warnings.push({ kind: "spread", points });
  const differing = differingLabels(found.sheets).size;
  if (differing > 0) warnings.push({ kind: "labels_differ", opinions: differing });
  const shareBps = largestShare(found.sheets);
  if (count >= FEW && shareBps > HALF) warnings.push({ kind: "one_large_stake", shareBps });
  const away = found.crowd === null ? 0 : Math.abs(score - Math.round(found.crowd / 100));
  if (away > CROWD_POINTS) warnings.push({ kind: "far_from_crowd", points: away });
  const unsure = Math.min(...found.sheets.map((sheet) => sheet.confidence));
  if (unsure < UNSURE) warnings.push({ kind: "unsure_sheets", confidence: unsure });
  if (found.unreadable > 0) warnings.push({ kind: "unreadable_sheets", providers: found.unreadable });
  return warnings;
}

/** Points between the highest and the lowest score of any provider, or of any family of models. */
function spreadOf(sheets: readonly ScrutinisedSheet[]): number {
  const scores = sheets.flatMap(({ score, families }) => [
    score,
    ...families.map(({ scoreBps }) => scoreBps / 100),
  ]);
  return scores.length === 0 ? 0 : Math.round(Math.max(...scores) - Math.min(...scores));
}

/** Owners of opinions that some analyst kept and another did not, or saw on the other side of the middle. */
export function differingLabels(sheets: readonly Pick<ScrutinisedSheet, "analysts">[]): Set<string> {
  const byOwner = Map.groupBy(
    sheets.flatMap(({ analysts }) => analysts.flatMap(({ labels }) => labels)),
    ({ owner }) => owner,
  );
  return new Set([...byOwner].filter(([, labels]) => differ(labels)).map(([owner]) => owner));
}

function differ(labels: readonly { stance: number; keep: boolean }[]): boolean {
  if (labels.some(({ keep }) => keep !== at(labels, 0).keep)) return true;
  const kept = labels.filter(({ keep }) => keep);
  return kept.some(({ stance }) => stance > 0) && kept.some(({ stance }) => stance < 0);
}

function largestShare(sheets: readonly ScrutinisedSheet[]): number {
  const stakes = sheets[0]?.positions.map(({ staked }) => BigInt(staked)) ?? [];
  const total = stakes.reduce((all, one) => all + one, BigInt(sheets[0]?.rest?.staked ?? 0));
  if (total === 0n) return 0;
  const largest = stakes.reduce((most, one) => (one > most ? one : most), 0n);
  return Number((largest * 10_000n) / total);
}
