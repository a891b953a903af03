import type { Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import {
  type Attempt,
  attemptsOf,
  commitsFirst,
  type CommitsSeen,
  type DisputeSeen,
  disputedAnswer,
  type EngineRecord,
  type EpochSeen,
  INVALID,
  isJuryOnly,
  isSilence,
  labelOf,
  pieceAt,
  readEvidence,
  roundOf,
  type RoundSeen,
  type Seat,
  statusOf,
  type Transmission,
} from "../../core/index.ts";
import { commitmentsOf, openingsOf, postedBatches } from "../commit/store.ts";
import type { CommitLimits } from "../contract.ts";
import { listDisputes, type StoredDispute } from "../disputes.ts";
import type { StoredQuestion } from "../questions.ts";
import { evidenceBodies, reportsOf, type StoredReport } from "../reports.ts";
import { sentStatus } from "../send.ts";
import { answerKey } from "../take-step.ts";
import { abstentionsOf } from "./abstentions.ts";

/** Epochs and disputes that one question can have lived through and still be told of. */
const EPOCHS = 40;
const DISPUTES = 8;

/** Everything that was tried for a question, oldest first, at `now` by the chain's clock. */
export async function questionAttempts(
  db: Executor,
  question: StoredQuestion,
  now: number,
  limits: CommitLimits,
): Promise<Attempt[]> {
  const phase = commitsFirst(question.terms, limits.tier) ? pieceAt(now, limits.seconds).phase : undefined;
  const { id, terms, schema, word } = question;
  const status = statusOf(word, now);
  const [rounds, epochs, held, abstentions, disputes, records] = await Promise.all([
    roundsOf(db, question),
    epochsOf(db, question),
    reportsOf(db, [id]),
    abstentionsOf(db, id),
    listDisputes(db, { question: id, limit: DISPUTES }),
    recordsOf(db, id),
  ]);
  const reports = (held.get(id) ?? []).filter(({ round }) => round <= question.round);
  const oldest = disputes.toReversed();
  const canRest = (schema.secondary ?? []).length > 0;
  const seen = await withSources(db, reports, { isSealed: status === "open", canRest });
  return attemptsOf({
    schema,
    terms,
    status: status === "unknown" ? "open" : status,
    now,
    rounds,
    epochs,
    reports: seen,
    abstentions,
    answer: firstAnswer(question, oldest),
    transmission: await transmissionOf(db, question, epochs.at(-1)?.epoch ?? 0, phase),
    commits: commitsFirst(terms, limits.tier) ? await commitsOf(db, question, limits.seconds, now) : null,
    disputes: oldest.map((dispute) => seenDispute(question, dispute)),
    records,
  });
}

/** The round that the question opened with, and one for each time that it opened again. */
async function roundsOf(db: Executor, question: StoredQuestion): Promise<RoundSeen[]> {
  const { id, terms, round, word } = question;
  const [reopened, clarified] = await Promise.all([
    rows<{ round: number; at: number; notBefore: number; transaction: Hex }>(
      db,
      sql`select round, at, not_before as "notBefore", tx as transaction from oracle.reopenings
        where question = ${id} order by round`,
    ),
    rows<{ round: number }>(
      db,
      sql`select round from oracle.clarifications where question = ${id} order by round`,
    ),
  ]);
  const first = reopened[0]?.round ?? round + 1;
  const start = clarified.findLast((each) => each.round < first)?.round ?? 0;
  const begun = [
    { round: start, from: terms.opensAt },
    ...reopened.map((each) => ({ round: each.round, from: each.notBefore })),
  ];
  // A ruling opens it again without a log of its own.
  if (word.state === "open" && begun.every((each) => each.round !== round))
    begun.push({ round, from: word.notBefore });
  return begun.map(({ round: number, from }, index) => {
    const next = begun[index + 1];
    const log = reopened.find((each) => each.round === next?.round);
    return {
      round: number,
      from,
      until: next === undefined ? null : (log?.at ?? next.from),
      reopenedIn: log?.transaction ?? null,
    };
  });
}

/** The epoch in force when the question opened, and those that began while it could be answered. */
async function epochsOf(db: Executor, { terms, answer }: StoredQuestion): Promise<EpochSeen[]> {
  const { domain, opensAt, deadline } = terms;
  // What ended early may have been signed in an epoch that was over when it would have opened.
  const signed = terms.endsEarly && answer && answer.epoch > 0 ? answer.epoch : Number.MAX_SAFE_INTEGER;
  const found = await rows<{ epoch: number; totalWeight: bigint; at: number; transaction: Hex }>(
    db,
    sql`select epoch, total_weight as "totalWeight", at, tx as transaction from oracle.epochs
      where domain = ${domain} and at <= ${deadline} and epoch >= least(${signed}::bigint, coalesce(
        (select max(epoch) from oracle.epochs where domain = ${domain} and at <= ${opensAt}), 0))
      order by epoch desc limit ${EPOCHS}`,
  );
  const seats = await rows<Seat & { epoch: number }>(
    db,
    sql`select epoch, signer, weight from oracle.seats where domain = ${domain}
      and epoch = any(${found.map(({ epoch }) => epoch)}::bigint[]) order by epoch, seat`,
  );
  return found.toReversed().map((epoch) => ({
    ...epoch,
    seats: seats.filter((seat) => seat.epoch === epoch.epoch),
  }));
}

/** Which reports rest on secondary sources: their evidence says so, and is sealed while the question is open. */
async function withSources(
  db: Executor,
  reports: readonly StoredReport[],
  { isSealed, canRest }: { isSealed: boolean; canRest: boolean },
) {
  // Evidence is large, and most questions name no second source.
  if (isSealed || !canRest)
    return reports.map((report) => ({ ...report, secondary: isSealed ? null : false }));
  const bodies = await evidenceBodies(
    db,
    reports.map(({ evidence }) => evidence),
  );
  const resting = new Set(
    bodies
      .filter(({ body }) => {
        const read = readEvidence(body);
        return "bundle" in read && read.bundle.sources.some(({ secondary }) => secondary === true);
      })
      .map(({ hash }) => hash),
  );
  return reports.map((report) => ({ ...report, secondary: resting.has(report.evidence) }));
}

/** The first answer that a quorum gave. A ruling that put another in its place took its transaction's. */
function firstAnswer({ answer, answeredAt, answeredIn }: StoredQuestion, disputes: readonly StoredDispute[]) {
  const [disputed] = disputes;
  // What came of silence came by the ladder alone.
  if (disputed && isSilence(disputed.dispute)) return null;
  const first = disputed && disputedAnswer(disputed.dispute);
  const isSame = disputes.every(({ outcome }) => outcome !== "replace" && outcome !== "invalid");
  if (first && disputed && !isSame)
    return {
      round: first.round,
      epoch: first.epoch,
      at: disputed.dispute.at,
      transaction: null,
      isInvalid: first.value === INVALID,
    };
  if (answer === null) return null;
  const { round, epoch, value } = answer;
  return {
    round,
    epoch,
    at: answeredAt ?? 0,
    transaction: answeredIn,
    isInvalid: value === INVALID,
  };
}

async function transmissionOf(
  db: Executor,
  { id, round, word }: StoredQuestion,
  epoch: number,
  phase: number | undefined,
): Promise<Transmission | null> {
  if (word.state !== "open") return null;
  const found =
    (phase === undefined ? undefined : await sentStatus(db, answerKey(id, round, epoch, phase))) ??
    (await sentStatus(db, answerKey(id, round, epoch)));
  return found ? { round, epoch, status: found.status, error: found.error?.name ?? null } : null;
}

/** What was gathered of a question whose values are committed first: the phases that are kept of it. */
async function commitsOf(
  db: Executor,
  { id, word }: StoredQuestion,
  seconds: number,
  now: number,
): Promise<CommitsSeen> {
  const since = word.state === "open" ? pieceAt(now, seconds).phase - 1 : 0;
  const [commitments, batches, opened] = await Promise.all([
    commitmentsOf(db, [id], since),
    postedBatches(db, id),
    openingsOf(db, [id]),
  ]);
  return { seconds, commitments, batches, opened };
}

function seenDispute({ schema }: StoredQuestion, stored: StoredDispute): DisputeSeen {
  const { dispute, stage, outcome, steps, openedIn, endedAt, endedIn } = stored;
  return {
    at: dispute.at,
    transaction: openedIn,
    stage,
    isJuryOnly: isJuryOnly(dispute),
    isSilence: isSilence(dispute),
    claim: labelOf(dispute.claim, schema),
    round: roundOf(dispute),
    outcome,
    ended: endedAt === null || endedIn === null ? null : { at: endedAt, transaction: endedIn },
    steps: steps.map(({ kind, at, transaction, tier, choice, value }) => ({
      kind,
      at,
      transaction,
      tier,
      choice,
      value: value === null ? null : labelOf(value, schema),
    })),
  };
}

/* WHAT THIS SERVER WROTE DOWN */

const recordsOf = (db: Executor, question: string): Promise<EngineRecord[]> =>
  rows<EngineRecord>(
    db,
    sql`select round, kind, state, reason, at, block from oracle.attempts where question = ${question}
      order by block, kind`,
  );
