import { at, canonicalJson, need } from "@sooth/kernel";
import { type Assessment, type OpinionAnalyst, type ReadMarket, remember } from "@sooth/oracle";
import { histogram } from "@sooth/runtime";
import {
  type Label,
  type Labelled,
  labelledOf,
  type LabelSheet,
  largestFirst,
  rejected,
  type Rest,
  sheetOf,
  type Unscored,
} from "../../core/index.ts";
import { sha256, stringToHex } from "viem";
import type { Analyst, NotLabelled, ToLabel } from "./analyst.ts";

const analyses = histogram(
  "markets_analysis_seconds",
  "Until a market's opinions were labelled and scored, or it was clear that they are not",
  ["outcome"],
  [0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3_600],
);

/** Families of one provider that are further apart than this, in ten-thousandths of the scale, say nothing together. */
export const MOST_SPREAD = 2_500;
/**
 * Of the stake that the sheet names, in ten-thousandths: every analyst must have labelled so much, or the budget decided the score. Who
 * is to prevent a score has to stake more than all others. Texts that nobody has count as labelled.
 */
export const LEAST_LABELLED = 5_000n;
/** Markets whose assessment is remembered: the same stakes and texts come to the same. */
const REMEMBERED = 50;

const UNSCORED: Record<Unscored, string> = {
  no_stake: "nobody staked with a stance that counts",
  no_labels: "there are no labels",
  nothing_kept: "no opinion is kept",
  no_quality: "no opinion that is kept has any quality",
};

/**
 * A provider's analysts together. All of them, or none: who answered with those that happened to be up would let whoever
 * takes one down choose which decide. What comes to no score is no answer: nothing stands in for it.
 */
export function openPanel(analysts: readonly Analyst[]): OpinionAnalyst {
  // What failed may work next time.
  const once = remember<Assessment>(REMEMBERED, ({ scored }) => scored);
  return {
    reads: (market, positions) => labelledOf(market, positions).positions,
    assess: (market, signal) => {
      const positions = market.positions.map((each) => ({ ...each, staked: String(each.staked) }));
      const key = sha256(stringToHex(canonicalJson({ ...market, positions })));
      return once(key, () => timed(assess(analysts, market, signal)));
    },
  };
}

function timed(assessing: Promise<Assessment>): Promise<Assessment> {
  const ended = analyses.startTimer();
  assessing.then(
    ({ scored }) => ended({ outcome: scored ? "scored" : "unscored" }),
    () => ended({ outcome: "failed" }),
  );
  return assessing;
}

async function assess(
  analysts: readonly Analyst[],
  market: ReadMarket,
  signal: AbortSignal,
): Promise<Assessment> {
  const made = await labelAll(analysts, market, signal);
  if (!made.done) return { scored: false, why: made.why };
  const thin = tooFewOf(made.labels, made.positions);
  if (thin !== null) return { scored: false, why: thin };
  const found = sheetOfLabels(market, made);
  if ("why" in found) return { scored: false, why: found.why };
  const { sheet } = found;
  if (sheet.spreadBps > MOST_SPREAD) {
    const scores = sheet.families.map(({ family, scoreBps }) => `${family} ${scoreBps / 100}`).join(", ");
    return { scored: false, why: `families of models differ too much: ${scores}` };
  }
  return {
    scored: true,
    score: { digits: BigInt(sheet.score), scale: 0 },
    sheet: canonicalJson(sheet),
    families: sheet.families.length,
    confidence: sheet.confidence,
  };
}

type Positions = ReadMarket["positions"];
type AllLabels = { done: true; positions: Positions; rest: Rest; labels: Labelled[] };

/** What all analysts say of a market's opinions: all of them, or why one of them did not. */
export async function labelAll(
  analysts: readonly Analyst[],
  { market, statement, positions: all }: Pick<ReadMarket, "market" | "statement" | "positions">,
  signal: AbortSignal,
): Promise<AllLabels | NotLabelled> {
  const { positions, rest } = labelledOf(market, all);
  const ordered = largestFirst(market, positions);
  const texts = ordered.map(({ text }) => text).filter((text) => text !== null);
  const said = await Promise.all(
    analysts.map((analyst) =>
      labelled(analyst, { market, statement, texts }, { positions, ordered }, signal),
    ),
  );
  const failed = said.find((one) => "why" in one);
  if (failed && "why" in failed) return failed;
  return { done: true, positions, rest, labels: said.filter((one) => "labels" in one) };
}

/** The sheet of what all analysts said, or why it comes to no score. */
export function sheetOfLabels(
  {
    statementHash,
    rubricHash,
    chainId,
    contract,
    market,
    question,
  }: Omit<ReadMarket, "statement" | "positions">,
  { positions, labels, rest }: AllLabels,
): { sheet: LabelSheet } | { why: string } {
  const its = { chainId, contract, market, question, statement: statementHash, rubric: rubricHash };
  const made = sheetOf(its, positions, labels, rest);
  return "unscored" in made ? { why: UNSCORED[made.unscored] } : made;
}

async function labelled(
  { label, ...facts }: Analyst,
  asked: ToLabel,
  { positions, ordered }: Record<"positions" | "ordered", Positions>,
  signal: AbortSignal,
): Promise<Labelled | NotLabelled> {
  const said = await label(asked, signal);
  if (!said.done) return { ...said, why: `${facts.analyst}: ${said.why}` };
  let next = 0;
  const labels = new Map(
    ordered.map(({ owner, text }): [string, Label] => [
      owner,
      text === null ? rejected("no_text") : at(said.labels, next++),
    ]),
  );
  return { ...facts, labels: positions.map(({ owner }) => need(labels.get(owner), `a label of ${owner}`)) };
}

/** Null, or which analyst's budget ended before the most of the stake was labelled. */
function tooFewOf(analysts: readonly Labelled[], positions: ReadMarket["positions"]): string | null {
  const all = positions.reduce((sum, { staked }) => sum + staked, 0n);
  for (const { analyst, labels } of analysts) {
    const done = positions.reduce(
      (sum, { staked }, index) => (labels[index]?.rejection === "not_labelled" ? sum : sum + staked),
      0n,
    );
    if (done * 10_000n < all * LEAST_LABELLED)
      return `${analyst}: labels of ${(done * 100n) / all} percent of the stake, and ${LEAST_LABELLED / 100n} are needed`;
  }
  return null;
}
