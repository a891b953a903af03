import type { QuestionDetail } from "../../api.ts";

/** What rests on an answer against what stands behind it; smallest units. */
export type Secured = {
  secures: bigint;
  /** Weight of those whose signatures the contract accepted; of all who may sign while there is no answer. */
  behind: bigint;
  answered: boolean;
  /** The most that this weight may secure: a third of it, rounded down. */
  most: bigint;
  /** Basis points of `most` that are used, rounded up, so that nothing looks safer than it is. */
  used: number;
};

const SHARE = 3n;

export function securedOf(question: QuestionDetail): Secured {
  const secures = BigInt(question.terms.secures);
  const answered = question.answeredIn !== null;
  const signed = question.reports
    .filter(({ counted }) => counted)
    .reduce((sum, { weight }) => sum + BigInt(weight), 0n);
  const behind = answered ? signed : BigInt(question.totalWeight ?? "0");
  const most = behind / SHARE;
  const used = secures === 0n ? 0 : most === 0n ? 10_001 : Number((secures * 10_000n + most - 1n) / most);
  return { secures, behind, answered, most, used };
}
