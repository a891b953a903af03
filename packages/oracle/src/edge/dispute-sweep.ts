import { courtAbi, ladderAbi, oracleAbi } from "@sooth/abi";
import type { BlockRef } from "@sooth/chain";
import { type Hex, never } from "@sooth/kernel";
import { alert, gauge } from "@sooth/runtime";
import { type Executor, one, rows, sql } from "@sooth/store";
import { encodeFunctionData, keccak256, stringToBytes } from "viem";
import {
  type CaseStep,
  type CollectorStep,
  collectorSteps,
  courtClock,
  disputedAnswer,
  type JuryVerdict,
  juryPhase,
  juryVerdict,
  nextCaseStep,
  type Pause,
  pauseAt,
  pauseMark,
  type RereportFacts,
  roundOf,
  seatsOf,
  seatVotes,
  statusOf,
  termsToChain,
} from "../core/index.ts";
import type { WorkerDeps } from "./deps.ts";
import { type DisputeWindows, disputeWindows } from "./dispute-windows.ts";
import { sendWithheld } from "./fault-sweep.ts";
import { type DisputePlace, openDisputes, pausesOf, type StoredDispute } from "./disputes.ts";
import {
  batchesOf,
  commitmentsOf,
  juriesByIds,
  keepBatch,
  openingsOf,
  openJuries,
  roundsWaitedFor,
  type StoredJury,
} from "./juries.ts";
import { questionsByIds, type StoredQuestion } from "./questions.ts";
import { reportsOf, type StoredReport } from "./reports.ts";
import { takeJurors } from "./take-jurors.ts";
import { send } from "./send.ts";
import { ownersOf, signerSet } from "./signer-sets.ts";

/** Disputes held in memory at once. */
const PAGE = 500;
/** Answers held in one transaction, some 10,000 gas each; the next ones follow when these are logged. */
const HOLD_AT_ONCE = 200;

const pausedNow = gauge("oracle_paused", "1 while the guardian holds up reports");
const unheld = gauge("oracle_unheld_answers", "Answers that a pause has yet to be added to");
alert({
  id: "security.paused",
  severity: "page",
  forSeconds: 0,
  when: `${pausedNow.metric} > 0`,
  runbook: "docs/runbooks/emergency.md#the-oracle-is-paused",
});
alert({
  id: "security.unheld",
  severity: "page",
  forSeconds: 60,
  when: `${unheld.metric} > 0`,
  runbook: "docs/runbooks/emergency.md#answers-are-not-held",
});

type Moment = { now: number; clock: number; pauses: readonly Pause[]; windows: DisputeWindows };

/**
 * What disputes, their juries and a pause are due after a block. Level-triggered: each step's key names it, so doing it
 * twice, or on two machines, or after a crash between any two of them, changes nothing.
 */
export async function sweepDisputes(deps: WorkerDeps, head: BlockRef): Promise<void> {
  const { db } = deps.store;
  const now = head.timestamp;
  const pauses = await pausesOf(db);
  await holdAnswers(deps, pauses, now);
  await takeJurors(deps, now);
  const momentNow = async (): Promise<Moment> => ({
    now,
    clock: courtClock(pauses, now),
    pauses,
    windows: await disputeWindows(deps.hub, deps.addresses),
  });
  // To the end every time: those that only wait must not hide the ones behind them.
  let after: DisputePlace | undefined;
  do {
    const disputes = await openDisputes(db, { after, limit: PAGE });
    if (disputes.length > 0) await stepDisputes(deps, disputes, await momentNow());
    const last = disputes.length < PAGE ? undefined : disputes.at(-1);
    after = last && { at: last.dispute.at, id: last.id };
  } while (after);
  for await (const jury of openJuries(db)) await stepJury(deps, jury, await momentNow());
}

/** For the worker, which has them proved: rounds of the beacon that open juries are drawn by. */
export const rounds = (deps: Pick<WorkerDeps, "store">): Promise<bigint[]> => roundsWaitedFor(deps.store.db);

/* THE LADDER */

async function stepDisputes(
  deps: WorkerDeps,
  disputes: readonly StoredDispute[],
  moment: Moment,
): Promise<void> {
  const { db } = deps.store;
  const ids = disputes.map(({ dispute }) => dispute.question);
  const [questions, reports, juries] = await Promise.all([
    questionsByIds(db, ids),
    reportsOf(db, ids),
    juriesByIds(
      db,
      disputes.flatMap(({ jury }) => (jury === null ? [] : [jury])),
    ),
  ]);
  for (const stored of disputes) {
    const question = questions.find(({ id }) => id === stored.dispute.question);
    if (!question) continue;
    const jury = juries.find(({ id }) => id === stored.jury);
    const step = nextCaseStep(
      {
        terms: question.terms,
        dispute: stored.dispute,
        stage: stored.stage,
        until: appealableUntil(stored, moment),
        openedAt: courtClock(moment.pauses, stored.dispute.at),
        windows: moment.windows.ladder,
        paused: pauseAt(moment.pauses, moment.now) !== undefined,
        isRuled:
          question.word.state === "answered" &&
          question.word.ruled === true &&
          ["final", "invalid"].includes(statusOf(question.word, moment.now)),
        rereport:
          stored.stage === "disputed"
            ? await rereportFacts(db, question, stored, reports.get(question.id) ?? [])
            : null,
        verdict: jury ? verdictNow(jury, moment) : null,
      },
      moment.clock,
    );
    await takeCaseStep(deps, question, stored, jury, step);
  }
}

/** Court clock, first second too late for an appeal. A re-report that confirms does not log it: it follows from its block. */
export function appealableUntil(
  { stage, until, steps }: StoredDispute,
  { pauses, windows }: Pick<Moment, "pauses" | "windows">,
): number | null {
  if (stage !== "confirmed") return until;
  const confirmed = steps.findLast(({ kind }) => kind === "rereported");
  return confirmed ? courtClock(pauses, confirmed.at) + windows.ladder.appeal : null;
}

export const verdictNow = (
  { jury, votesWord }: StoredJury,
  { windows, clock }: Pick<Moment, "windows" | "clock">,
): JuryVerdict => juryVerdict(seatVotes(votesWord, jury.size), juryPhase(jury, windows.court, clock));

/** Who may report anew, and what they have said so far. */
async function rereportFacts(
  db: Executor,
  { terms }: StoredQuestion,
  { dispute }: StoredDispute,
  reports: readonly StoredReport[],
): Promise<Omit<RereportFacts, "terms" | "answer"> | null> {
  const answer = disputedAnswer(dispute);
  if (!answer) return null;
  const [signers, first] = await Promise.all([
    signerSet(db, terms.domain),
    signerSet(db, terms.domain, answer.epoch),
  ]);
  const firstSigners = seatsOf(answer.seats).flatMap((seat) => first.seats[seat]?.signer ?? []);
  const owners = await ownersOf(db, [...signers.seats.map(({ signer }) => signer), ...firstSigners]);
  const ownerOf = (signer: string) => owners.get(signer.toLowerCase()) ?? signer;
  return {
    signers,
    owners: signers.seats.map(({ signer }) => ownerOf(signer)),
    firstOwners: new Set(firstSigners.map(ownerOf)),
    reports: reports.filter(
      ({ epoch, round, seat, signer }) =>
        epoch === signers.epoch && round === roundOf(dispute) + 1 && signers.seats[seat]?.signer === signer,
    ),
  };
}

async function takeCaseStep(
  deps: WorkerDeps,
  { terms }: StoredQuestion,
  { id, dispute, stage, tier }: StoredDispute,
  jury: StoredJury | undefined,
  step: CaseStep,
): Promise<void> {
  const to = deps.addresses.ladder;
  const asked = termsToChain(terms);
  const ladder = { abi: ladderAbi } as const;
  const key = `oracle:dispute:${id}`;
  switch (step.do) {
    case "wait":
    case "nothing":
      return;
    case "rereport": {
      const { rereport } = step;
      const { epoch } = await signerSet(deps.store.db, terms.domain);
      const data =
        rereport.mode === "values"
          ? encodeFunctionData({
              ...ladder,
              functionName: "rereportValues",
              args: [asked, dispute, epoch, rereport.entries],
            })
          : encodeFunctionData({
              ...ladder,
              functionName: "rereportAgreed",
              args: [asked, dispute, epoch, rereport.value, rereport.seats, rereport.signatures],
            });
      await send(deps, { key: `${key}:rereport:${epoch}`, to, data, purpose: "rereport" });
      return;
    }
    case "take_verdict": {
      if (!jury) return;
      const args = [asked, dispute, jury.jury] as const;
      const data = encodeFunctionData({ ...ladder, functionName: "takeVerdict", args });
      await send(deps, { key: `${key}:verdict:${jury.id}`, to, data, purpose: "verdict" });
      return;
    }
    case "convene":
    case "conclude":
    case "punish": {
      const data = encodeFunctionData({ ...ladder, functionName: step.do, args: [asked, dispute] });
      // An appeal brings the same stage again, with a larger jury.
      const early = step.do === "convene" && step.early ? ":early" : "";
      await send(deps, { key: `${key}:${step.do}:${stage}:${tier}${early}`, to, data, purpose: step.do });
      return;
    }
    default:
      never(step);
  }
}

/* JURIES */

async function stepJury(deps: WorkerDeps, stored: StoredJury, moment: Moment): Promise<void> {
  const { db } = deps.store;
  const { id, jury } = stored;
  const [commitments, batches, openings] = await Promise.all([
    commitmentsOf(db, id),
    batchesOf(db, id),
    openingsOf(db, id),
  ]);
  const known = {
    jury,
    windows: moment.windows.court,
    seats: stored.seats,
    votes: seatVotes(stored.votesWord, jury.size),
    isClosed: stored.closed,
    commitments,
    openings,
  };
  const steps = collectorSteps({ ...known, batches }, moment.clock);
  const formed = steps.filter((step) => step.do === "form");
  for (const { batch, commitments: order } of formed)
    await keepBatch(db, { jury: id, batch, commitments: order, formedAt: moment.now });
  const next =
    formed.length === 0
      ? steps
      : collectorSteps({ ...known, batches: await batchesOf(db, id) }, moment.clock);
  if (juryPhase(jury, known.windows, moment.clock) === "over")
    await sendWithheld(deps, stored, { ...known, batches }, moment.clock);
  for (const step of next) await takeCollectorStep(deps, stored, step);
}

async function takeCollectorStep(
  deps: WorkerDeps,
  { id, jury }: StoredJury,
  step: CollectorStep,
): Promise<void> {
  const to = deps.addresses.court;
  const key = `oracle:jury:${id}`;
  const court = { abi: courtAbi } as const;
  switch (step.do) {
    case "form":
      return;
    case "post": {
      const data = encodeFunctionData({ ...court, functionName: "postCommits", args: [jury, step.batch] });
      await send(deps, { key: `${key}:post:${step.batch}`, to, data, purpose: "commits" });
      return;
    }
    case "reveal": {
      const data = encodeFunctionData({ ...court, functionName: "reveal", args: [jury, step.openings] });
      // Who comes late is revealed by another transaction.
      await send(deps, { key: `${key}:reveal:${keccak256(step.openings)}`, to, data, purpose: "reveal" });
      return;
    }
    case "close": {
      const data = encodeFunctionData({ ...court, functionName: "close", args: [jury] });
      await send(deps, { key: `${key}:close`, to, data, purpose: "close" });
      return;
    }
    default:
      never(step);
  }
}

/* PAUSES */

/**
 * Answers that would become final in a pause, or lose time of their windows to it, are held, once for each pause; the next to
 * become final first.
 */
async function holdAnswers(deps: WorkerDeps, pauses: readonly Pause[], now: number): Promise<void> {
  const pause = pauseAt(pauses, now);
  pausedNow.set(pause ? 1 : 0);
  if (!pause) {
    unheld.set(0);
    return;
  }
  const number = pauses.indexOf(pause) + 1;
  const { db } = deps.store;
  unheld.set(await countUnheld(db, number, now));
  const ids = await unheldAnswers(db, number, now, HOLD_AT_ONCE);
  if (ids.length === 0) return;
  const data = encodeFunctionData({ abi: oracleAbi, functionName: "hold", args: [ids] });
  const name = keccak256(stringToBytes(ids.join())).slice(2, 18);
  await send(deps, {
    key: `oracle:hold:${number}:${name}`,
    to: deps.addresses.oracle,
    data,
    purpose: "hold",
  });
}

const isUnheld = (pause: number, now: number) =>
  sql`state = 'answered' and finalize_at > ${now} and held <> ${pauseMark(pause)}`;

/** Ids of answers that the pause of this number was not added to, the next to become final first; all without a limit. */
export async function unheldAnswers(
  db: Executor,
  pause: number,
  now: number,
  limit?: number,
): Promise<Hex[]> {
  const found = await rows<{ id: Hex }>(
    db,
    sql`select id from oracle.questions where ${isUnheld(pause, now)} order by finalize_at, id
      ${limit === undefined ? sql`` : sql`limit ${limit}`}`,
  );
  return found.map(({ id }) => id);
}

/** How many there are of them. */
export async function countUnheld(db: Executor, pause: number, now: number): Promise<number> {
  const found = await one<{ count: number }>(
    db,
    sql`select count(*) as count from oracle.questions where ${isUnheld(pause, now)}`,
  );
  return found?.count ?? 0;
}
