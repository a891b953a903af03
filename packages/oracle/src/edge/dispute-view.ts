import type { Executor } from "@sooth/store";
import type { z } from "zod";
import {
  awardsOf,
  courtClock,
  differs,
  disputedAnswer,
  feesOf,
  drawnJurors,
  formatFixedPoint,
  isJuryOnly,
  isRootDispute,
  isSilence,
  JURY_SIZES,
  juryPhase,
  juryWindows,
  labelOf,
  ladderOf,
  type Pause,
  seatsNeeded,
  type SeatStakes,
  seatStakes,
  seatVotes,
  splitDeposits,
  unixAt,
  type wireDispute,
  type wireJury,
} from "../core/index.ts";
import { appealableUntil, verdictNow } from "./dispute-sweep.ts";
import type { DisputeWindows } from "./dispute-windows.ts";
import type { StoredDispute } from "./disputes.ts";
import { commitmentsOf, faultsOf, ownCommitsOf, type StoredJury } from "./juries.ts";
import type { StoredQuestion } from "./questions.ts";
import { ownersWithStakes } from "./signer-sets.ts";

export type Moment = { now: number; clock: number; pauses: readonly Pause[]; windows: DisputeWindows };

export const momentOf = (now: number, pauses: readonly Pause[], windows: DisputeWindows): Moment => ({
  now,
  clock: courtClock(pauses, now),
  pauses,
  windows,
});

/** For people: whoever computes with a root reads it from the dispute's log. */
const rootLabel = (root: string): string => `root ${root.slice(0, 6)}…${root.slice(-4)}`;

/** Decimals of the collateral, from its whole unit. */
const decimalsOf = (unit: bigint): number => String(unit).length - 1;

export function toWireDispute(
  stored: StoredDispute,
  question: StoredQuestion,
  jury: StoredJury | undefined,
  moment: Moment,
): z.infer<typeof wireDispute> {
  const { dispute, stage } = stored;
  const { pauses, windows } = moment;
  const answer = disputedAnswer(dispute);
  const isRoot = isRootDispute(dispute);
  const labelFor = (value: bigint) => labelOf(value, question.schema);
  const valueLabel = answer ? labelFor(answer.value) : rootLabel(dispute.root);
  const claimLabel = isRoot && dispute.claim === 0n ? rootLabel(dispute.claimRoot) : labelFor(dispute.claim);
  const appealUntil = appealableUntil(stored, moment);
  const again = stored.steps.find(({ kind }) => kind === "rereported")?.value ?? null;
  const rereportUntil = courtClock(pauses, dispute.at) + windows.ladder.rereport;
  const awards = awardsOf(stored.stakes, stored.awards, stored.choice);
  const until =
    stage === "disputed"
      ? isJuryOnly(dispute)
        ? null
        : rereportUntil
      : stage === "sitting" && jury
        ? juryWindows(jury.jury, windows.court).endsAt
        : appealUntil;
  return {
    id: stored.id,
    question: question.id,
    disputer: dispute.disputer,
    value: answer && String(answer.value),
    valueLabel,
    claim: isRoot && dispute.claim === 0n ? null : String(dispute.claim),
    claimLabel,
    reason: stored.reason,
    deposit: String(dispute.deposit),
    stage,
    tier: stored.tier,
    verdict: stored.verdict,
    openedAt: dispute.at,
    openedIn: stored.openedIn,
    until: until === null || stage === "done" ? null : unixAt(pauses, until),
    juries: stored.juries.map(({ id }) => id),
    appeals: appealsOf(stored),
    deposits: stored.stakes.map(({ who, amount, side }, index) => {
      const awarded = awards[index] ?? null;
      return { who, amount: String(amount), side, awarded: awarded === null ? null : String(awarded) };
    }),
    spent: stored.outcome === null ? null : spentOf(stored),
    outcome: stored.outcome,
    ladder: ladderOf({
      // The answer that stood then: its transaction is the question's only while nothing replaced it.
      answeredAt: question.answer?.value === answer?.value ? question.answeredAt : null,
      answeredIn: question.answer?.value === answer?.value ? question.answeredIn : null,
      isSilence: isSilence(dispute),
      valueLabel,
      claimLabel,
      disputer: dispute.disputer,
      at: dispute.at,
      openedIn: stored.openedIn,
      deposit: formatFixedPoint(dispute.deposit, decimalsOf(windows.unit)),
      isJuryOnly: isJuryOnly(dispute),
      stage,
      steps: stored.steps,
      isStoodBy: answer !== null && again !== null && !differs(again, answer.value, question.terms.tolerance),
      rereportUntil,
      appealUntil,
      jury: jury ? sittingOf(jury, moment) : null,
      outcome: stored.outcome,
      endedAt: stored.endedAt,
      endedIn: stored.endedIn,
      pauses,
    }),
  };
}

const appealsOf = ({ steps, appealReasons }: StoredDispute): z.infer<typeof wireDispute>["appeals"] =>
  steps.flatMap(({ kind, who, choice, at, transaction }) => {
    if (kind !== "appealed" || who === null || choice === null) return [];
    const said = appealReasons.find((each) => each.transaction === transaction);
    const reason = said ? { hash: said.hash, text: said.text, signature: said.signature } : null;
    return [{ who, choice, at, transaction, reason }];
  });

function spentOf({ stakes, juries, choice }: StoredDispute) {
  const fees = feesOf(juries);
  const { signers, insurance } = splitDeposits(stakes, choice ?? 0, fees);
  return { jurors: String(fees), signers: String(signers), insurance: String(insurance) };
}

function sittingOf({ jury, seats }: StoredJury, { windows, clock }: Moment) {
  const { commitAt, revealAt, endsAt } = juryWindows(jury, windows.court);
  const phase = juryPhase(jury, windows.court, clock);
  const until = { evidence: commitAt, commit: revealAt, reveal: endsAt, over: endsAt }[phase];
  return { phase, until, isDrawn: seats !== null };
}

const inWords = (stakes: SeatStakes) => ({
  coherent: String(stakes.coherent),
  incoherent: String(stakes.incoherent),
  missing: String(stakes.missing),
  withheld: String(stakes.withheld),
  leaked: String(stakes.leaked),
  position: String(stakes.position),
  equivocal: String(stakes.equivocal),
});

/** Votes are told as the chain has them: a sealed vote is nobody's to know before it is opened there. */
export async function toWireJury(
  db: Executor,
  stored: StoredJury,
  moment: Moment,
): Promise<z.infer<typeof wireJury>> {
  const { id, jury, jurors, seats } = stored;
  const { clock, windows, pauses } = moment;
  const { commitAt, revealAt, endsAt } = juryWindows(jury, windows.court);
  const phase = juryPhase(jury, windows.court, clock);
  const [commitments, own, faults, owners] = await Promise.all([
    commitmentsOf(db, id),
    ownCommitsOf(db, id),
    faultsOf(db, id),
    ownersWithStakes(
      db,
      jurors.map(({ signer }) => signer),
    ),
  ]);
  const committed = new Set([...commitments, ...own].map(({ juror }) => juror));
  const votes = seatVotes(stored.votesWord, jury.size);
  const count = (choice: number) => votes.filter((vote) => vote === choice).length;
  const verdict = verdictNow(stored, moment);
  const drawn = drawnJurors(seats ?? []);
  const seatsOf = (index: number) => (seats ?? []).filter((holder) => holder === index).length;
  return {
    id,
    terms: {
      ...jury,
      excluded: `0x${jury.excluded.toString(16).padStart(64, "0")}`,
      fee: String(jury.fee),
      beaconRound: String(jury.beaconRound),
    },
    dispute: stored.dispute,
    question: stored.question,
    // Once every vote is open, nobody waits for the rest of the window. A majority alone leaves the others theirs to open.
    phase: phase === "over" || votes.every((vote) => vote !== 0) ? "ended" : phase,
    evidenceEndsAt: unixAt(pauses, commitAt),
    commitEndsAt: unixAt(pauses, revealAt),
    revealEndsAt: unixAt(pauses, endsAt),
    seed: stored.seed,
    jurors: drawn.flatMap((index) => {
      const juror = jurors[index];
      if (!juror) return [];
      const known = owners.get(juror.signer);
      const stake = known?.stake ?? 0n;
      const vote = votes[(seats ?? []).indexOf(index)] ?? 0;
      return [
        {
          index,
          signer: juror.signer,
          owner: known?.owner ?? juror.signer,
          seats: seatsOf(index),
          committed: committed.has(index),
          choice: vote === 0 ? null : vote,
          fault: faults.find(({ juror: blamed }) => blamed === index)?.kind ?? null,
          stakes: { stake: String(stake), ...inWords(seatStakes(jury, seatsOf(index), stake)) },
        },
      ];
    }),
    votes: { answer: count(1), claim: count(2), neither: count(3), drawn: jury.size },
    needed: seatsNeeded(jury.size),
    sealed: drawn.filter((index) => committed.has(index)).reduce((sum, index) => sum + seatsOf(index), 0),
    nextJury: stored.dispute === null ? null : (JURY_SIZES.find((size) => size > jury.size) ?? null),
    choice: verdict.choice,
    closed: stored.closed,
  };
}
