import type { Hex } from "@sooth/kernel";
import { checkAnswer, checkReopening, type ProvenQuestion, type ProvenReport, readAsked } from "./answers.ts";
import { answerReports, reopeningReports } from "./answers.ts";
import type { LogPlace, ProofFinding } from "./decode-logs.ts";
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
  reports: new Map(),
  bears: new Map(),
});

/** Every signature that the logs carry. Recovering their signers is not pure; hand the answers to the replay. */
export const signedStatements = (logs: readonly LogPlace[], domain: ProofDomain): Signed[] =>
  (logs as readonly OracleLog[]).flatMap((log) => {
    if (log.event === "Answered") return answerReports(log, domain) ?? [];
    return log.event === "Reopened" ? (reopeningReports(log, domain) ?? []) : [];
  });

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
    case "DisputedRoot":
    case "AnsweredRoot":
    case "Held":
    case "Ruled":
      noteOn(replay, log, log.args.question).differ(`${log.event} is not recomputed`);
      break;
    default: {
      const note = noteOn(replay, log, null);
      if (!keepStake(replay.stakes, log, replay.domain.params.treasury, note))
        keepCredit(replay.credits, log, note);
    }
  }
}

function replayQuestion(
  replay: OracleReplay,
  log: OracleLogOf<"Answered"> | OracleLogOf<"Reopened"> | OracleLogOf<"RewardSettled">,
  note: Note,
): void {
  const question = replay.questions.get(log.args.question);
  if (!question) return note.differ("nobody asked this question");
  const { stakes, credits, domain, signerOf } = replay;
  if (log.event === "RewardSettled")
    return checkReward(log, question, { stakes, credits, params: domain.params }, note);
  const set = currentSet(stakes, question.terms.domain);
  if (set) bear(replay, setName(question.terms.domain, set.epoch), question.id);
  if (log.event === "Reopened") {
    question.word = checkReopening(log, question, { set, domain, signerOf }, note);
    return undefined;
  }
  const { word, reports } = checkAnswer(log, question, { set, domain, signerOf }, note);
  question.word = word;
  replay.reports.set(question.id, reports);
  return undefined;
}
