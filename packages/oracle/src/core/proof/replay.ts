import { type Hex, never } from "@sooth/kernel";
import { slasherAbi } from "@sooth/abi";
import { zeroHash } from "viem";
import { reportDigest } from "../report.ts";
import { closeAccusation, openAccusation } from "./accusations.ts";
import {
  answerReports,
  checkAnswer,
  checkClarified,
  checkReopening,
  readAsked,
  reopeningReports,
} from "./answers.ts";
import { callsIn } from "./calls.ts";
import { checkOpened, cosignatures, keepCommitted } from "./commitments.ts";
import { checkAppealed, checkConvened, checkVerdictTaken } from "./cases.ts";
import type { LogPlace } from "./decode-logs.ts";
import { disputeOf, openDispute, type ProvenDispute } from "./disputes.ts";
import { endFaults, leftUnpunished, replaySlash } from "./faults.ts";
import { jurorStatements, keepSeed, openJury, replayCourt } from "./juries.ts";
import { snapshotName } from "./jurors.ts";
import { type Note, noteOn } from "./note.ts";
import { bear, type OracleReplay, roundName } from "./oracle-replay.ts";
import { checkHeld, keepPause } from "./pauses.ts";
import { keepLate, keepPeriod, keepSigned, lateReports } from "./periods.ts";
import type { OracleLog, OracleLogOf, ProofDomain, Signed } from "./proof-log.ts";
import { checkPosition, keepRecused, positionStatements } from "./positions.ts";
import { checkRereport, rereports } from "./rereports.ts";
import { checkReward, endCredits, keepCredit } from "./rewards.ts";
import { checkAnsweredRoot, checkPacked, rootReports } from "./roots.ts";
import { checkAward, checkConcluded, checkRuled } from "./ruling.ts";
import { checkEquivocated, checkOutside, equivocations, outsideFault } from "./shown-faults.ts";
import { currentSet, keepEpoch, keepStake, setName } from "./stake-book.ts";
import { checkVetoed, keepWatcher } from "./vetoes.ts";
import { bitsOf, EPOCH, ROUND } from "./word-bits.ts";

export { bear, openReplay, type OracleReplay, roundName } from "./oracle-replay.ts";

/** Every signature that the logs carry. Recovering their signers is not pure; hand the answers to the replay. */
export function signedStatements(logs: readonly LogPlace[], domain: ProofDomain): Signed[] {
  const disputes = new Map<Hex, ProvenDispute>();
  const answered = new Map<Hex, { epoch: number; round: number }[]>();
  const keepAnswer = (question: Hex, epoch: number, round: number) =>
    void answered.set(question, [...(answered.get(question) ?? []), { epoch, round }]);
  return (logs as readonly OracleLog[]).flatMap((log): Signed[] => {
    switch (log.event) {
      case "Disputed":
      case "DisputedRoot":
        disputes.set(disputeOf(log).id, disputeOf(log));
        return [];
      case "Answered": {
        const { question, word } = log.args;
        keepAnswer(question, Number(bitsOf(word, EPOCH)), Number(bitsOf(word, ROUND)));
        return answerReports(log, domain) ?? [];
      }
      case "AnsweredRoot":
        return rootReports(log, domain) ?? [];
      case "Reopened":
        return reopeningReports(log, domain) ?? [];
      case "ReportsCommitted":
        return cosignatures(log, domain) ?? [];
      case "Ruled": {
        const { question, word } = log.args;
        keepAnswer(question, Number(bitsOf(word, EPOCH)), Number(bitsOf(word, ROUND)));
        return [];
      }
      case "Rereported": {
        const dispute = disputes.get(log.args.dispute);
        return dispute ? (rereports(log, dispute, domain) ?? []) : [];
      }
      case "LateReported":
        return lateReports(log, domain);
      case "CommittedOwn":
      case "Revealed":
      case "FaultShown":
        return jurorStatements(log, domain);
      case "Outside": {
        const { question, value } = log.args;
        return callsIn(log.input, slasherAbi, "outside").flatMap(([, , signature]) =>
          (answered.get(question) ?? []).map(({ epoch, round }) => ({
            digest: reportDigest(domain, { question, value, epoch, round }),
            signature,
          })),
        );
      }
      case "PositionShown":
        return positionStatements(log, domain);
      case "Equivocated":
        return equivocations(log.input).flatMap(({ signatures: [first, second] }) => [
          { digest: log.args.first, signature: first },
          { digest: log.args.second, signature: second },
        ]);
      default:
        return [];
    }
  });
}

/** Takes the next log, in the order of the chain. */
export function replayLog(replay: OracleReplay, log: OracleLog): void {
  if (replay.transaction !== log.transaction) endTransaction(replay);
  replay.transaction = log.transaction;
  switch (log.event) {
    case "EpochAdvanced": {
      const note = noteOn(replay, log, setName(log.args.domain, log.args.epoch));
      keepEpoch(replay.stakes, log, replay.domain.params, note);
      break;
    }
    case "Asked": {
      const { question } = log.args;
      const note = noteOn(replay, log, question);
      if (replay.questions.has(question)) note.differ("the question was asked before");
      replay.questions.set(question, readAsked(log, note));
      replay.faults.outside.set(outsideFault(question), question);
      break;
    }
    case "Answered":
    case "AnsweredRoot":
    case "Packed":
    case "Reopened":
    case "RewardSettled":
    case "Clarified":
    case "Disputed":
    case "DisputedRoot":
    case "Ruled":
    case "Held":
    case "WatcherSet":
    case "Vetoed":
    case "Outside":
    case "ReportsCommitted":
      replayQuestion(replay, log, noteOn(replay, log, log.args.question));
      break;
    case "Rereported":
    case "Awarded":
    case "Concluded":
    case "Convened":
    case "VerdictTaken":
    case "Appealed":
      replayDispute(replay, log);
      break;
    case "JuryOpened":
      openJury(log, replay, noteOn(replay, log, log.args.jury));
      break;
    case "CommitsPosted":
    case "CommittedOwn":
    case "Revealed":
    case "FaultShown":
    case "JuryClosed":
    case "Rewarded":
      replayCourt(log, replay, noteOn(replay, log, log.args.jury));
      break;
    case "Proved":
      keepSeed(log, replay, noteOn(replay, log, roundName(log.args.round)));
      break;
    case "Slashed":
      replaySlash(replay, log);
      break;
    case "Equivocated":
      checkEquivocated(log, replay, noteOn(replay, log, null));
      break;
    case "PositionShown":
      checkPosition(log, replay, noteOn(replay, log, log.args.question));
      break;
    case "Recused":
      keepRecused(log, replay, noteOn(replay, log, log.args.jury));
      break;
    case "Accused":
      openAccusation(log, replay, noteOn(replay, log, log.args.id));
      break;
    case "CaseClosed":
      closeAccusation(log, replay, noteOn(replay, log, log.args.id));
      break;
    case "EpochAsked":
      keepPeriod(replay, log, noteOn(replay, log, log.args.question));
      break;
    case "LateReported":
      keepLate(replay, log);
      break;
    case "Paused":
    case "DomainPaused":
      keepPause(log, replay, noteOn(replay, log, null));
      break;
    default: {
      const subject = log.event === "JurorsTaken" ? snapshotName(log.args.jurorEpoch) : null;
      const note = noteOn(replay, log, subject);
      if (!keepStake(replay.stakes, log, replay.domain.params, note)) keepCredit(replay.credits, log, note);
    }
  }
}

type OnQuestion =
  | "Answered"
  | "AnsweredRoot"
  | "Packed"
  | "Reopened"
  | "RewardSettled"
  | "Clarified"
  | "Disputed"
  | "DisputedRoot"
  | "Ruled"
  | "Held"
  | "WatcherSet"
  | "Vetoed"
  | "Outside"
  | "ReportsCommitted";

function replayQuestion(replay: OracleReplay, log: OracleLogOf<OnQuestion>, note: Note): void {
  const question = replay.questions.get(log.args.question);
  if (!question) return note.differ("nobody asked this question");
  const { stakes, credits, domain, signerOf } = replay;
  const { params } = domain;
  const set = currentSet(stakes, question.terms.domain);
  if (set) bear(replay, setName(question.terms.domain, set.epoch), question.id);
  const pausedUntil = replay.domainPauses.get(question.terms.domain) ?? 0;
  const reported = { set, domain, signerOf, stakes, pausedUntil };
  switch (log.event) {
    case "RewardSettled":
      return checkReward(log, question, { stakes, credits, params }, note);
    case "Clarified":
      return checkClarified(log, question, note);
    case "Reopened":
      return checkReopening(log, question, reported, note);
    case "ReportsCommitted":
      return keepCommitted(log, question, { ...reported, committed: replay.committed }, note);
    case "Answered": {
      checkOpened(log, question, { committed: replay.committed, domain }, note);
      keepSigned(replay.periods, log);
      replay.reports.set(question.id, checkAnswer(log, question, reported, note));
      return undefined;
    }
    case "AnsweredRoot":
      replay.reports.set(question.id, checkAnsweredRoot(log, question, reported, note));
      return undefined;
    case "Packed":
      return checkPacked(log, question, note);
    case "Held":
      return checkHeld(log, question, replay, note);
    case "WatcherSet":
      return keepWatcher(log, question, note);
    case "Vetoed":
      return checkVetoed(log, question, params, note);
    case "Outside":
      return checkOutside(log, question, replay, note);
    case "Disputed":
    case "DisputedRoot": {
      const dispute = openDispute(log, question, replay, note);
      replay.disputes.set(dispute.id, dispute);
      bear(replay, dispute.id, question.id);
      return undefined;
    }
    case "Ruled": {
      const dispute = replay.disputes.get(log.args.dispute);
      if (dispute) return checkRuled(log, dispute, question, replay, note);
      return note.differ(`nobody opened dispute ${log.args.dispute}`);
    }
    default:
      return never(log);
  }
}

type OnDispute = "Rereported" | "Awarded" | "Concluded" | "Convened" | "VerdictTaken" | "Appealed";

function replayDispute(replay: OracleReplay, log: OracleLogOf<OnDispute>): void {
  const note = noteOn(replay, log, log.args.dispute);
  const dispute = replay.disputes.get(log.args.dispute);
  const question = dispute && replay.questions.get(dispute.question);
  if (!dispute || !question) return note.differ(`nobody opened dispute ${log.args.dispute}`);
  switch (log.event) {
    case "Rereported":
      return checkRereport(log, dispute, question, replay, note);
    case "Convened":
      return checkConvened(log, dispute, question, replay, note);
    case "VerdictTaken":
      return checkVerdictTaken(log, dispute, replay, note);
    case "Appealed":
      return checkAppealed(log, dispute, replay, note);
    case "Awarded":
      return checkAward(log, dispute, replay, note);
    case "Concluded":
      return checkConcluded(log, dispute, replay, note);
    default:
      return never(log);
  }
}

function endTransaction(replay: OracleReplay): void {
  endCredits(replay.credits);
  endFaults(replay);
}

/** What only the end can tell: that somebody was left out. */
export function endReplay(replay: OracleReplay): void {
  endTransaction(replay);
  const { last, untold } = replay.stakes.credited;
  if (last && untold.length > 0)
    noteOn(replay, last, null).differ("credited as of a slash that is in no log");
  for (const dispute of replay.disputes.values()) {
    const question = replay.questions.get(dispute.question);
    if (!question || !dispute.punished) continue;
    const [block, logIndex] = dispute.punished.at.split(":").map(Number);
    const place = { block: block ?? 0, logIndex: logIndex ?? 0, at: 0, transaction: zeroHash };
    for (const owner of leftUnpunished(dispute, replay.stakes, question.terms))
      noteOn(replay, place, dispute.id).differ(`${owner} signed what was overturned and was not slashed`);
  }
}
