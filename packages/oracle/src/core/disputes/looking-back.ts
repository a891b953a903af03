import type { JuryChoice } from "../jury/index.ts";
import { areFixed } from "../sources/index.ts";
import type { Terms } from "../terms.ts";
import type { QuestionSchema } from "../wire.ts";
import { differs } from "./dispute.ts";
import { choiceFor } from "./judge.ts";

/**
 * What a node may make of what it read of a question that somebody answered. Whoever judges an answer looks later than its
 * signers did, and what he looks at may have moved: docs/decisions/looking-back.md.
 */

/** A value, and whether it was read when the signers read: then it counts whatever the sources say by now. */
export type Seen = { value: bigint; inTime: boolean };

/** Exchanges publish seconds late, each at its own pace, and nodes see a block a moment apart. */
const PATIENCE_SECONDS = 30;

/** Seconds for which nodes that look at one moment may be apart: at most half of the time to object. */
export const patienceOf = ({ liveness }: Pick<Terms, "liveness">): number =>
  Math.max(1, Math.min(PATIENCE_SECONDS, liveness >> 1));

/** From when on signers look at a question, unix seconds; who answers before that answers early. */
export const firstLook = (
  { opensAt }: Pick<Terms, "opensAt">,
  { observeAt, discloseBy }: Pick<QuestionSchema, "observeAt" | "discloseBy">,
): number => Math.max(opensAt, observeAt, discloseBy ?? 0);

/**
 * Whether a look at `now` is one of the time of an answer that came at `answeredAt`; null: there is none. A moment after it
 * still is, or else a quorum that answers in the first second would have no witnesses.
 */
export const isInTime = (terms: Pick<Terms, "liveness">, now: number, answeredAt: number | null): boolean =>
  answeredAt === null || now <= answeredAt + patienceOf(terms);

type Asked = { terms: Pick<Terms, "opensAt" | "tolerance">; schema: QuestionSchema };

/** Whether it may be held against an answer that it says something else. */
export const mayFindFault = ({ inTime }: Pick<Seen, "inTime">, { terms, schema }: Asked): boolean =>
  inTime || areFixed(schema, firstLook(terms, schema));

/**
 * What a juror who saw this votes: a {@link choiceFor}; null when he cannot tell. What is read late of a source that may have
 * moved can bear an answer out, and find no fault with it.
 */
export function voteOn(
  seen: Seen,
  asked: Asked,
  { answer, claim }: { answer: bigint; claim: bigint },
): JuryChoice | null {
  const choice = choiceFor(seen.value, { answer, claim, tolerance: asked.terms.tolerance });
  return choice === 1 || mayFindFault(seen, asked) ? choice : null;
}

/** The same of signing anew while somebody objects to `answer`. */
export const mayReportAnew = (seen: Seen, asked: Asked, answer: bigint): boolean =>
  !differs(seen.value, answer, asked.terms.tolerance) || mayFindFault(seen, asked);
