import type { Hex } from "@sooth/kernel";
import { epochRecords, type FinalQuestion, type ProviderRecord } from "./epoch-record.ts";
import { epochTree } from "./epoch-tree.ts";
import { type EndedQuestion, finalQuestion } from "./final-question.ts";
import { formulaRules, type PeriodRules, untilOf } from "./period.ts";

/** What a period says of everybody, and the questions that count for it. */
export type WorkedPeriod = { questions: FinalQuestion[]; records: ProviderRecord[]; root: Hex };

/** Of a period, whoever works it out: from rows, or from logs alone. */
export function workOut(
  rules: PeriodRules,
  at: { number: number; since: number; clusters: ReadonlyMap<string, number> },
  previous: readonly ProviderRecord[],
  ended: readonly EndedQuestion[],
): WorkedPeriod {
  const questions = ended.map(finalQuestion).filter((one): one is FinalQuestion => one !== null);
  const { records } = epochRecords({
    since: at.since,
    until: untilOf(rules, at.number),
    previous,
    questions,
    clusters: at.clusters,
    rules: formulaRules(rules),
  });
  return { questions, records, root: epochTree(at.number, records).root };
}
