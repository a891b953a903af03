import { at, canonicalJson } from "@sooth/kernel";
import { type Assessment, type OpinionAnalyst, type ReadMarket, remember } from "@sooth/oracle";
import { histogram } from "@sooth/runtime";
import { type Label, type Labelled, rejected, sheetOf, type Unscored } from "../../core/index.ts";
import { sha256, stringToHex } from "viem";
import type { Analyst, ToLabel } from "./analyst.ts";

const analyses = histogram(
  "markets_analysis_seconds",
  "Until a market's opinions were labelled and scored, or it was clear that they are not",
  ["outcome"],
  [0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3_600],
);

/** Families of one provider that are further apart than this, in ten-thousandths of the scale, say nothing together. */
export const MOST_SPREAD = 2_500;
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
  { statementHash, rubricHash, statement, positions, ...market }: ReadMarket,
  signal: AbortSignal,
): Promise<Assessment> {
  const texts = positions.map(({ text }) => text).filter((text) => text !== null);
  const said = await Promise.all(
    analysts.map((analyst) =>
      labelled(analyst, { market: market.market, statement, texts }, positions, signal),
    ),
  );
  const failed = said.find((one) => "why" in one);
  if (failed && "why" in failed) return { scored: false, why: failed.why };
  const made = sheetOf(
    { ...market, statement: statementHash, rubric: rubricHash },
    positions,
    said.filter((one) => "labels" in one),
  );
  if ("unscored" in made) return { scored: false, why: UNSCORED[made.unscored] };
  const { sheet } = made;
  if (sheet.spreadBps > MOST_SPREAD) {
    const scores = sheet.families.map(({ family, scoreBps }) => `${family} ${scoreBps / 100}`).join(", ");
    return { scored: false, why: `families of models differ too much: ${scores}` };
  }
  return {
    scored: true,
    score: { digits: BigInt(sheet.score), scale: 0 },
    sheet: canonicalJson(sheet),
    families: sheet.families.length,
  };
}

async function labelled(
  { label, ...facts }: Analyst,
  asked: ToLabel,
  positions: ReadMarket["positions"],
  signal: AbortSignal,
): Promise<Labelled | { why: string }> {
  const said = await label(asked, signal);
  if (!said.done) return { why: `${facts.analyst}: ${said.why}` };
  let next = 0;
  const labels = positions.map(({ text }): Label =>
    text === null ? rejected("no_text") : at(said.labels, next++),
  );
  return { ...facts, labels };
}
