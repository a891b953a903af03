import { type Hex, never } from "@sooth/kernel";
import { zeroHash } from "viem";
import {
  answerReports,
  checkAnswer,
  checkClarified,
  checkReopening,
  type ProvenQuestion,
  type ProvenReport,
  readAsked,
  reopeningReports,
} from "./answers.ts";
import type { LogPlace, ProofFinding } from "./decode-logs.ts";
import {
  checkAward,
  checkOverturned,
  checkRereport,
  checkRuled,
  disputeOf,
  leftUnpunished,
  openDispute,
  type ProvenDispute,
  rereports,
  type SeriesBook,
} from "./disputes.ts";
import { type Note, noteOn, type ProofLine, type ProofRecord } from "./note.ts";
import type { OracleLog, OracleLogOf, ProofDomain, Signed, SignerOf } from "./proof-log.ts";
import { checkReward, type CreditBook, keepCredit, openCreditBook } from "./rewards.ts";
import { currentSet, keepEpoch, keepStake, openStakeBook, setName, type StakeBook } from "./stake-book.ts";

/** The oracle's contracts, as their logs alone have left them. */
export type OracleReplay = ProofRecord & {
  domain: ProofDomain;
  signerOf: SignerOf;
  stakes: StakeBook;
  credits: CreditBook;
  questions: Map<Hex, ProvenQuestion>;
  disputes: Map<Hex, ProvenDispute>;
  series: SeriesBook;
  /** What each question's last answer was made of. */
  reports: Map<Hex, ProvenReport[]>;
  /** Which questions rest on a subject of lines and findings that is no question itself. */
  bears: Map<string, Set<Hex>>;
};

export const openReplay = (domain: ProofDomain, signerOf: SignerOf): OracleReplay => ({
  lines: [] as ProofLine[],
  findings: [] as ProofFinding[],
  domain,
  signerOf,
  stakes: openStakeBook(),
  credits: openCreditBook(),
  questions: new Map(),
  disputes: new Map(),
  series: new Map(),
  reports: new Map(),
  bears: new Map(),
});

/** Every signature that the logs carry. Recovering their signers is not pure; hand the answers to the replay. */
export function signedStatements(logs: readonly LogPlace[], domain: ProofDomain): Signed[] {
  const disputes = new Map<Hex, Pick<ProvenDispute, "question" | "answer">>();
  return (logs as readonly OracleLog[]).flatMap((log) => {
    if (log.event === "Disputed") disputes.set(disputeOf(log).id, disputeOf(log));
    if (log.event === "Answered") return answerReports(log, domain) ?? [];
    if (log.event === "Reopened") return reopeningReports(log, domain) ?? [];
    const dispute = log.event === "Rereported" ? disputes.get(log.args.dispute) : undefined;
    return dispute && log.event === "Rereported" ? (rereports(log, dispute, domain) ?? []) : [];
  });
}

/** Says that a question rests on `subject`. */
export function bear(replay: OracleReplay, subject: string, question: Hex): void {
  const resting = replay.bears.get(subject) ?? new Set();
  replay.bears.set(subject, resting.add(question));
}

/** Takes the next log, in the order of the chain. */
export function replayLog(replay: OracleReplay, log: OracleLog): void {
  switch (log.event) {
    case "EpochAdvanced": {
      const note = noteOn(replay, log, setName(log.args.domain, log.args.epoch));
      keepEpoch(replay.stakes, log, replay.domain.params, note);
      break;
    }
    case "Asked": {
      const note = noteOn(replay, log, log.args.question);
      if (replay.questions.has(log.args.question)) note.differ("the question was asked before");
      replay.questions.set(log.args.question, readAsked(log, note));
      break;
    }
    case "Answered":
    case "Reopened":
    case "RewardSettled":
      replayQuestion(replay, log, noteOn(replay, log, log.args.question));
      break;
    case "Clarified":
    case "Disputed":
    case "Ruled":
      replayQuestion(replay, log, noteOn(replay, log, log.args.question));
      break;
    case "DisputedRoot":
    case "AnsweredRoot":
    case "Held":
      noteOn(replay, log, log.args.question).differ(`${log.event} is not recomputed`);
      break;
    case "Rereported":
    case "Awarded":
    case "Concluded":
    case "Convened":
    case "VerdictTaken":
    case "Appealed":
      replayDispute(replay, log);
      break;
    case "Slashed":
      replaySlash(replay, log);
      break;
    default: {
      const note = noteOn(replay, log, null);
      if (!keepStake(replay.stakes, log, replay.domain.params.treasury, note))
        keepCredit(replay.credits, log, note);
    }
  }
}

type OnQuestion = "Answered" | "Reopened" | "RewardSettled" | "Clarified" | "Disputed" | "Ruled";

function replayQuestion(replay: OracleReplay, log: OracleLogOf<OnQuestion>, note: Note): void {
  const question = replay.questions.get(log.args.question);
  if (!question) return note.differ("nobody asked this question");
  const { stakes, credits, domain, signerOf } = replay;
  const { params } = domain;
  const set = currentSet(stakes, question.terms.domain);
  if (set) bear(replay, setName(question.terms.domain, set.epoch), question.id);
  switch (log.event) {
    case "RewardSettled":
      return checkReward(log, question, { stakes, credits, params }, note);
    case "Clarified":
      return checkClarified(log, question, note);
    case "Reopened":
      return checkReopening(log, question, { set, domain, signerOf }, note);
    case "Answered":
      replay.reports.set(question.id, checkAnswer(log, question, { set, domain, signerOf, stakes }, note));
      return undefined;
    case "Disputed": {
      const dispute = openDispute(log, question, { credits, params }, note);
      replay.disputes.set(dispute.id, dispute);
      bear(replay, dispute.id, question.id);
      return undefined;
    }
    case "Ruled": {
      const dispute = replay.disputes.get(log.args.dispute);
      if (dispute) return checkRuled(log, dispute, { question, stakes }, note);
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
  if (log.event === "Rereported") return checkRereport(log, dispute, { ...replay, question }, note);
  if (log.event === "Awarded") return checkAward(log, dispute, replay.credits, note);
  if (log.event !== "Concluded" || !dispute.correction)
    return note.differ(`${log.event}: what juries decide is not recomputed`);
  note.compare("outcome of the deposits, 0 for a correction", 0, log.args.outcome);
  note.compare("left for the insurance", 0n, log.args.toInsurance);
  return undefined;
}

/** A slash whose fault is a dispute is held against what the fault costs; all against what there is. */
function replaySlash(replay: OracleReplay, log: OracleLogOf<"Slashed">): void {
  const { stakes, series, domain, disputes } = replay;
  const dispute = disputes.get(log.args.fault);
  const question = dispute && replay.questions.get(dispute.question);
  const note = noteOn(replay, log, dispute?.id ?? null);
  if (dispute && question) checkOverturned(log, dispute, { question, stakes, series }, note);
  keepStake(stakes, log, domain.params.treasury, note);
}

/** What only the end can tell: that somebody was left out. */
export function endReplay(replay: OracleReplay): void {
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
