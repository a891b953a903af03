import { type Address, type Amount, ascending, type Hex } from "@sooth/kernel";
import { size, slice } from "viem";
import {
  agreeingWeight,
  confidenceOf,
  hasEarlyQuorum,
  hasMajority,
  hasQuorum,
  plurality,
  sumOfWeights,
  type Weighted,
  weightedLowerMedian,
} from "../aggregate.ts";
import {
  type AnswerWord,
  bitmapOf,
  decodeAnswerWord,
  encodeAnswerWord,
  INVALID,
  isSentinel,
  seatsOf,
  TOO_EARLY,
} from "../answer-word.ts";
import { depositUnits } from "../economy/deposit.ts";
import { fullSignature, type OracleDomain, reportDigest, unpackReport } from "../report.ts";
import { mayBeEarly } from "../status.ts";
import { questionId, schemaHash, type Terms, termsFromChain } from "../terms.ts";
import type { SignerSet } from "../weights.ts";
import type { Note } from "./note.ts";
import { type StakeBook, windowEnd } from "./stake-book.ts";
import {
  bitsOf,
  chainOf,
  clarifiedWord,
  DEPOSIT,
  DISPUTES,
  ROUND,
  type RootAnswer,
  TIME,
  withBits,
} from "./word-bits.ts";
import type { OracleLogOf, ProofDomain, Signed, SignedReport, SignerOf } from "./proof-log.ts";

/** A question as its logs have left it. */
export type ProvenQuestion = {
  id: Hex;
  terms: Terms;
  schema: string;
  /** The word as it is stored, and what it says. */
  raw: bigint;
  readonly word: AnswerWord;
  /** What the word is the hash of, where many answers stand under one root. */
  root: RootAnswer | null;
  /** What opened the commitments of the seats that its answer rests on; none where nobody had to commit. */
  salts?: ReadonlyMap<number, Hex>;
  /** Who may put its answer off, and has not done so. */
  watcher?: Address | null;
  /** Hash of the text that says why he did; zero when he gave none. */
  vetoReason?: Hex;
};
/** A report with the seat's signer, and what it weighs. */
export type ProvenReport = SignedReport & { signer: string; weight: bigint };

/** Bytes of an own-value entry (seat, value, r, vs), and of a signature alone. Source: IOracle.reportValues. */
export const ENTRY = 77;
const COMPACT = 64;

/* SIGNATURES */

/** The signed reports of an answer; null when the bytes are no report. */
export function answerReports(
  { args }: OracleLogOf<"Answered">,
  domain: OracleDomain,
): SignedReport[] | null {
  const word = decodeAnswerWord(args.word);
  if (word.state !== "answered") return null;
  const { epoch, round } = word;
  const reports = unpackReport(args.report, word.seats, word.value);
  const { question } = args;
  return (
    reports?.map((report) => ({
      ...report,
      digest: reportDigest(domain, { question, value: report.value, epoch, round }),
    })) ?? null
  );
}

/** The signed reports "too early" of a reopening, which were for the round before; null when the bytes are none. */
export function reopeningReports(
  { args }: OracleLogOf<"Reopened">,
  domain: OracleDomain,
): SignedReport[] | null {
  const seats = seatsOf(args.seats);
  if (size(args.signatures) !== seats.length * COMPACT) return null;
  const { question, epoch } = args;
  const digest = reportDigest(domain, { question, value: TOO_EARLY, epoch, round: args.round - 1 });
  return seats.map((seat, index) => ({
    seat,
    value: TOO_EARLY,
    digest,
    signature: fullSignature(slice(args.signatures, index * COMPACT, (index + 1) * COMPACT)),
  }));
}

/* CHECKS */

/** What a report is held against. `pausedUntil`: of its domain, unix seconds. */
export type Reported = {
  set: SignerSet | undefined;
  signerOf: SignerOf;
  stakes: StakeBook;
  pausedUntil: number;
};

export function readAsked({ args }: OracleLogOf<"Asked">, note: Note): ProvenQuestion {
  const terms = termsFromChain(args.terms);
  if (questionId(terms) !== args.question) note.differ("the terms do not hash to the question");
  else note.tell("the terms hash to the question");
  if (schemaHash(args.schema) !== terms.schema) note.differ("the schema does not hash to the terms' schema");
  else note.tell(`the schema (${args.schema.length} characters) hashes to the terms' schema`);
  const { deadline, opensAt } = terms;
  const word: AnswerWord = { state: "open", deadline, notBefore: opensAt, round: 0, rewardSettled: false };
  const raw = encodeAnswerWord(word);
  return questionWith({ id: args.question, terms, schema: args.schema, raw, root: null });
}

const questionWith = (question: Omit<ProvenQuestion, "word">): ProvenQuestion => ({
  ...question,
  get word() {
    return decodeAnswerWord(this.raw);
  },
});

/** The word that the contract must have stored for this report, worked out anew from the signatures. */
export function checkAnswer(
  log: OracleLogOf<"Answered">,
  question: ProvenQuestion,
  o: Reported & { domain: ProofDomain },
  note: Note,
): ProvenReport[] {
  const word = decodeAnswerWord(log.args.word);
  const reports = answerReports(log, o.domain);
  const { set } = o;
  if (word.state !== "answered" || reports === null || set === undefined) {
    note.differ("the log carries no report that could be checked");
    question.raw = log.args.word;
    return [];
  }
  const { terms } = question;
  const isEarly = checkMoment(log.at, question, o.pausedUntil, note);
  note.compare("epoch that signed", set.epoch, word.epoch);
  if (question.word.state === "open") note.compare("round", question.word.round, word.round);
  const signed = weighSigners(reports, { ...o, set, terms, isEarly }, note);
  note.compare("bitmap of the seats", bitmapOf(reports.map(({ seat }) => seat)), word.seats);
  const ownValues = size(log.args.report) === reports.length * ENTRY;
  const { value, confidence } = ownValues
    ? aggregateOf(signed, terms, set.totalWeight, note)
    : { value: word.value, confidence: confidenceOf(sumOfWeights(signed), set.totalWeight) };
  if (!(ownValues ? withinBounds(signed, terms) : word.value === INVALID || withinBounds(signed, terms)))
    note.differ("a signed value lies outside the question's bounds");
  const how = ownValues ? (terms.aggregation === "plurality" ? "plurality" : "weighted median") : "co-signed";
  note.compare(`value, ${how}`, value, word.value);
  note.compare("confidence, basis points", confidence, word.confidence);
  const { params } = o.domain;
  const backing = { confidence, seats: bitmapOf(reports.map(({ seat }) => seat)) };
  const finalizeAt = windowEnd({ stakes: o.stakes, params }, terms, log.at, backing);
  note.compare("final at", finalizeAt, word.finalizeAt);
  const { units, disputes } = checkDisputable(log.args.word, question, o.domain, note);
  const stored = encodeAnswerWord({ ...word, rewardSettled: false, ruled: false, held: 0 });
  const whole = withBits(withBits(stored, DEPOSIT, units), DISPUTES, disputes);
  if (whole !== log.args.word)
    note.differ(`the word has bits that nothing accounts for: ${whole ^ log.args.word}`);
  question.raw = log.args.word;
  return signed;
}

/** What a word says of disputes: what the first would cost, and how many there were. */
export function checkDisputable(
  word: bigint,
  { raw, terms }: ProvenQuestion,
  { params }: ProofDomain,
  note: Note,
): { units: number; disputes: bigint } {
  const { unit, leastDeposit: least, mostDeposit: most } = params.limits;
  const units = depositUnits(terms.secures as Amount, unit, 0, { least, most });
  note.compare("deposit of a dispute, whole units", units, Number(bitsOf(word, DEPOSIT)));
  const disputes = bitsOf(raw, DISPUTES);
  note.compare("disputes before", disputes, bitsOf(word, DISPUTES));
  return { units, disputes };
}

export function checkReopening(
  log: OracleLogOf<"Reopened">,
  question: ProvenQuestion,
  o: Reported & { domain: OracleDomain },
  note: Note,
): void {
  const { args, at } = log;
  const { terms } = question;
  const { deadline, liveness, opensAt } = terms;
  const reports = reopeningReports(log, o.domain);
  const isEarly = checkMoment(at, question, o.pausedUntil, note);
  if (isEarly) note.differ("reopened before it opened");
  if (reports === null || o.set === undefined) note.differ("the log carries no report that could be checked");
  else weighSigners(reports, { ...o, set: o.set, terms, isEarly }, note);
  if (o.set) note.compare("epoch that signed", o.set.epoch, args.epoch);
  if (question.word.state === "open") note.compare("round", question.word.round + 1, args.round);
  note.compare("opens again at", Math.min(Math.max(at + liveness, opensAt), deadline), args.notBefore);
  question.raw = withBits(withBits(question.raw, TIME, args.notBefore), ROUND, args.round);
}

/** What the asker said, in the next round, hashed to all that he said before. */
export function checkClarified(log: OracleLogOf<"Clarified">, question: ProvenQuestion, note: Note): void {
  const { round, chain, text } = log.args;
  if (question.word.state !== "open") note.differ("clarified while it was not open");
  if (log.at >= question.terms.opensAt) note.differ(`clarified at ${log.at}, after it opened`);
  question.raw = clarifiedWord(question.raw, text);
  note.compare("round after the clarification", Number(bitsOf(question.raw, ROUND)), round);
  note.compare<string>("chain of clarifications", chainOf(question.raw), chain);
}

/** Each report with the weight of its seat, if the seat's own signer signed it, and whether that is a quorum. */
export function weighSigners(
  reports: readonly SignedReport[],
  o: { set: SignerSet; signerOf: SignerOf; terms: Terms; isEarly: boolean },
  note: Note,
): ProvenReport[] {
  const { set, terms } = o;
  const signed = provenReports(reports, set, o.signerOf, note);
  const weight = sumOfWeights(signed);
  const quorum = hasQuorum(weight, set.totalWeight);
  const said = `${weight} of ${set.totalWeight} weight`;
  if (quorum) note.tell(`quorum: ${said}, more than two thirds`);
  else note.differ(`${said} is no quorum`);
  if (o.isEarly && !hasEarlyQuorum(weight, set.totalWeight))
    note.differ(`${said} is less than nine tenths, which an answer before its time needs`);
  if (weight < SECURED_TIMES * terms.secures)
    note.differ(`${weight} weight signed for a question that secures ${terms.secures}`);
  return signed;
}

/** Three times what the question secures must sign. Source: IOracle.Oracle_Undersecured. */
const SECURED_TIMES = 3n;

/** The reports that the seats' own signers signed. */
export function provenReports(
  reports: readonly SignedReport[],
  set: SignerSet,
  signerOf: (signed: Signed) => string | null,
  note: Note,
): ProvenReport[] {
  const signed = reports.flatMap((report) => {
    const seat = set.seats[report.seat];
    const signer = signerOf(report);
    if (seat !== undefined && signer === seat.signer.toLowerCase()) {
      note.tell(
        `seat ${report.seat} signed ${nameOf(report.value)}, recovered ${signer}, weight ${seat.weight}`,
      );
      return [{ ...report, signer, weight: seat.weight }];
    }
    note.differ(`the signature of seat ${report.seat} is not its signer's`);
    return [];
  });
  if (new Set(reports.map(({ seat }) => seat)).size !== reports.length) note.differ("a seat signed twice");
  return signed;
}

const nameOf = (value: bigint): string =>
  value === TOO_EARLY ? "TOO_EARLY" : value === INVALID ? "INVALID" : String(value);

/** Median or plurality, as the terms say, and its confidence. */
export function aggregateOf(signed: readonly Weighted[], terms: Terms, total: bigint, note: Note) {
  if (signed.length === 0) return { value: TOO_EARLY, confidence: 0 };
  const most = plurality(signed);
  if (terms.aggregation === "plurality" && !hasMajority(most.weight, total))
    note.differ(`no value holds more than half of ${total} weight`);
  const value = terms.aggregation === "plurality" ? most.value : weightedLowerMedian(signed);
  return { value, confidence: confidenceOf(agreeingWeight(signed, value, terms.tolerance), total) };
}

function withinBounds(signed: readonly Weighted[], { min, max }: Terms): boolean {
  const values = signed.map(({ value }) => value).toSorted(ascending);
  return values.every((value) => value >= min && value <= max && !isSentinel(value));
}

/** Whether this is before the question's time, which some questions allow. */
export function checkMoment(
  at: number,
  { word, terms }: ProvenQuestion,
  pausedUntil: number,
  note: Note,
): boolean {
  if (at < pausedUntil) note.differ(`reported at ${at}, during a pause until ${pausedUntil}`);
  if (word.state !== "open") {
    note.differ("the question was not open");
    return false;
  }
  const isEarly = at < word.notBefore;
  if (isEarly && !mayBeEarly(terms, word)) note.differ(`reported at ${at}, before ${word.notBefore}`);
  else if (at > word.deadline) note.differ(`reported at ${at}, after the deadline ${word.deadline}`);
  else note.tell(`reported at ${at}, between ${word.notBefore} and ${word.deadline}`);
  return isEarly;
}
