import { ascending, type Hex } from "@sooth/kernel";
import {
  agreeingWeight,
  type AnswerWord,
  bitmapOf,
  confidenceOf,
  decodeAnswerWord,
  hasMajority,
  hasQuorum,
  INVALID,
  isSentinel,
  type OracleDomain,
  plurality,
  questionId,
  schemaHash,
  sumOfWeights,
  type Terms,
  termsFromChain,
  TOO_EARLY,
  type Weighted,
  weightedLowerMedian,
} from "@sooth/oracle/core";
import { size } from "viem";
import {
  answerReports,
  type LogOf,
  reopeningReports,
  type SignedReport,
  type SignerOf,
} from "./proof-log.ts";

export type Seat = { signer: string; weight: bigint };
export type SignerSet = { epoch: number; total: bigint; seats: readonly Seat[] };
/** A question as its logs have left it. */
export type ProvenQuestion = { id: Hex; terms: Terms; schema: string; word: AnswerWord };
/** Says what does not fit. */
export type Complain = (what: string) => void;

/** An own-value entry: seat, value, r, vs. Source: IOracle.reportValues. */
const ENTRY = 77;

export function readEpoch({ args }: LogOf<"EpochAdvanced">, complain: Complain): SignerSet {
  const seats = args.seats.map((word) => ({
    signer: `0x${(word >> 96n).toString(16).padStart(40, "0")}`,
    weight: BigInt.asUintN(96, word),
  }));
  const total = seats.reduce((sum, seat) => sum + seat.weight, 0n);
  if (total !== args.totalWeight)
    complain(`the seats of epoch ${args.epoch} weigh ${total}, the log says ${args.totalWeight}`);
  return { epoch: args.epoch, total: args.totalWeight, seats };
}

export function readAsked({ args }: LogOf<"Asked">, complain: Complain): ProvenQuestion {
  const terms = termsFromChain(args.terms);
  if (questionId(terms) !== args.question) complain("the terms do not hash to the question");
  if (schemaHash(args.schema) !== terms.schema) complain("the schema does not hash to the terms' schema");
  const { deadline, opensAt } = terms;
  const word: AnswerWord = { state: "open", deadline, notBefore: opensAt, round: 0, rewardSettled: false };
  return { id: args.question, terms, schema: args.schema, word };
}

/** The word that the contract must have stored for this report, worked out anew from the signatures. */
export function checkAnswer(
  log: LogOf<"Answered">,
  question: ProvenQuestion,
  set: SignerSet | undefined,
  domain: OracleDomain,
  signerOf: SignerOf,
  complain: Complain,
): AnswerWord {
  const word = decodeAnswerWord(log.args.word);
  const reports = answerReports(log, domain);
  if (word.state !== "answered" || reports === null || set === undefined) {
    complain("the log carries no report that could be checked");
    return word;
  }
  const { terms } = question;
  checkMoment(log.at, question.word, complain);
  if (word.epoch !== set.epoch) complain(`signed for epoch ${word.epoch} while ${set.epoch} was current`);
  if (question.word.state === "open" && word.round !== question.word.round)
    complain(`answered in round ${word.round} instead of ${question.word.round}`);
  if (word.finalizeAt !== log.at + terms.liveness)
    complain(`final at ${word.finalizeAt} instead of ${log.at + terms.liveness}`);
  const signed = weighSigners(reports, set, signerOf, complain);
  if (bitmapOf(reports.map(({ seat }) => seat)) !== word.seats)
    complain("the seats stored are not the seats that signed");
  const ownValues = size(log.args.report) === reports.length * ENTRY;
  const { value, confidence } = ownValues
    ? aggregate(signed, terms, set.total, complain)
    : { value: word.value, confidence: confidenceOf(sumOfWeights(signed), set.total) };
  if (!(ownValues ? withinBounds(signed, terms) : word.value === INVALID || withinBounds(signed, terms)))
    complain("a signed value lies outside the question's bounds");
  if (value !== word.value) complain(`the reports give ${value}, the contract stored ${word.value}`);
  if (confidence !== word.confidence)
    complain(`the reports give a confidence of ${confidence}, the contract stored ${word.confidence}`);
  return word;
}

export function checkReopening(
  log: LogOf<"Reopened">,
  question: ProvenQuestion,
  set: SignerSet | undefined,
  domain: OracleDomain,
  signerOf: SignerOf,
  complain: Complain,
): AnswerWord {
  const { args, at } = log;
  const { deadline, liveness } = question.terms;
  const reports = reopeningReports(log, domain);
  if (reports === null || set === undefined) complain("the log carries no report that could be checked");
  else weighSigners(reports, set, signerOf, complain);
  checkMoment(at, question.word, complain);
  if (set && args.epoch !== set.epoch)
    complain(`signed for epoch ${args.epoch} while ${set.epoch} was current`);
  if (question.word.state === "open" && args.round !== question.word.round + 1)
    complain(`reopened as round ${args.round} after round ${question.word.round}`);
  const notBefore = Math.min(at + liveness, deadline);
  if (args.notBefore !== notBefore) complain(`opens at ${args.notBefore} instead of ${notBefore}`);
  return { state: "open", deadline, notBefore: args.notBefore, round: args.round, rewardSettled: false };
}

/** Each report with the weight of its seat, if the seat's own signer signed it. More than two thirds must have. */
function weighSigners(
  reports: readonly SignedReport[],
  set: SignerSet,
  signerOf: SignerOf,
  complain: Complain,
): Weighted[] {
  const signed = reports.flatMap((report) => {
    const seat = set.seats[report.seat];
    if (seat !== undefined && signerOf(report) === seat.signer)
      return [{ value: report.value, weight: seat.weight }];
    complain(`the signature of seat ${report.seat} is not its signer's`);
    return [];
  });
  if (new Set(reports.map(({ seat }) => seat)).size !== reports.length) complain("a seat signed twice");
  const weight = sumOfWeights(signed);
  if (!hasQuorum(weight, set.total)) complain(`${weight} of ${set.total} weight is no quorum`);
  return signed;
}

function aggregate(signed: readonly Weighted[], terms: Terms, total: bigint, complain: Complain) {
  if (signed.length === 0) return { value: TOO_EARLY, confidence: 0 };
  if (terms.aggregation === "plurality") {
    const most = plurality(signed);
    if (!hasMajority(most.weight, total)) complain(`no value holds more than half of ${total} weight`);
    return {
      value: most.value,
      confidence: confidenceOf(agreeingWeight(signed, most.value, terms.tolerance), total),
    };
  }
  const value = weightedLowerMedian(signed);
  return { value, confidence: confidenceOf(agreeingWeight(signed, value, terms.tolerance), total) };
}

function withinBounds(signed: readonly Weighted[], { min, max }: Terms): boolean {
  const values = signed.map(({ value }) => value).toSorted(ascending);
  return values.every((value) => value >= min && value <= max && !isSentinel(value));
}

function checkMoment(at: number, word: AnswerWord, complain: Complain): void {
  if (word.state !== "open") complain("the question was not open");
  else if (at < word.notBefore) complain(`reported at ${at}, before ${word.notBefore}`);
  else if (at > word.deadline) complain(`reported at ${at}, after the deadline ${word.deadline}`);
}
