import type { QuestionDetail } from "../../api.ts";
import { type Judged, labelsByOwner, type OpinionLabel, positionsOf, sheetsOf } from "./sheets.ts";

/** What the reports on a score rest on, and what follows from it. */
export type Judgement = {
  judged: Judged[];
  /** What is said of each opinion, by owner. */
  labels: ReadonlyMap<string, readonly OpinionLabel[]>;
  ranking: Ranking;
};

/** Who argued best, by the labels of the reports. `key` changes with them. */
export type Ranking = { key: string; owners: readonly string[] };

/**
 * Owners of all opinions that are labelled, those of the best quality first; of equal quality the larger stake is first. Those that do
 * not count come last. Reports that are not in the answer have no say, unless there are no others.
 */
export function rankingOf(judged: readonly Judged[]): Ranking {
  const sheets = judged.filter(({ sheet }) => sheet !== null);
  const inAnswer = sheets.filter(({ counted }) => counted);
  const heard = inAnswer.length > 0 ? inAnswer : sheets;
  const labels = labelsByOwner(heard);
  const quality = new Map([...labels].map(([owner, said]) => [owner, meanQuality(said)]));
  // By stake already; the sort keeps that among equals.
  const owners = positionsOf(heard, new Set())
    .map(({ owner }) => owner)
    .toSorted((a, b) => (quality.get(b) ?? NOT_KEPT) - (quality.get(a) ?? NOT_KEPT));
  const key = [...new Set(heard.map(({ sheet }) => sheet?.root))].join(" ");
  return { key, owners };
}

const NOT_KEPT = -1;
/** Each provider is one voice; below every other where none of them keeps it. */
function meanQuality(labels: readonly OpinionLabel[]): number {
  const kept = labels.filter(({ keep }) => keep);
  const voices = kept.reduce((sum, { providers }) => sum + providers, 0);
  if (voices === 0) return NOT_KEPT;
  return kept.reduce((sum, { quality, providers }) => sum + quality * providers, 0) / voices;
}

export async function judgementOf(question: Pick<QuestionDetail, "reports">): Promise<Judgement> {
  const judged = await sheetsOf(question);
  return { judged, labels: labelsByOwner(judged), ranking: rankingOf(judged) };
}
