import { type Amount, type Hex, sameAddress } from "@sooth/kernel";
import { encodeAbiParameters, keccak256, size, zeroAddress, zeroHash } from "viem";
import { confidenceOf, hasQuorum, sumOfWeights } from "../aggregate.ts";
import { bitmapOf, decodeAnswerWord, encodeAnswerWord, INVALID, seatsOf, TOO_EARLY } from "../answer-word.ts";
import { type DepositLimits, isSilent, silentWord } from "../disputes/silence.ts";
import { overturnedPpm, seriesOf, slashOf } from "../economy/slash.ts";
import { type OracleDomain, reportDigest, unpackReport } from "../report.ts";
import type { Terms } from "../terms.ts";
import { aggregateOf, ENTRY, type ProvenQuestion, provenReports } from "./answers.ts";
import type { Note } from "./note.ts";
import type { OracleLogOf, ProofDomain, SignedReport, SignerOf } from "./proof-log.ts";
import { type CreditBook, expectCredits, spend } from "./rewards.ts";
import { currentSet, setOf, type StakeBook, windowEnd } from "./stake-book.ts";
import {
  bitsOf,
  DEPOSIT,
  depositOf,
  DISPUTES,
  disputedWord,
  ROUND,
  RULED,
  TIME,
  withBits,
} from "./word-bits.ts";

/** An objection to a value, as its logs tell it. */
export type ProvenDispute = {
  id: Hex;
  question: Hex;
  /** The stored word that was objected to. */
  answer: bigint;
  disputer: string;
  claim: bigint;
  deposit: bigint;
  /** What providers who looked again made of it, and in which transaction; null until they did. */
  correction: { value: bigint; seats: bigint; epoch: number; confidence: number; transaction: Hex } | null;
  /** Owners who were slashed for the answer, and when. */
  punished: { owners: Set<string>; at: string } | null;
};
/** How often, and when last, an owner's answers were overturned. */
export type SeriesBook = Map<string, { earlier: number; at: number }>;

const MOST_DISPUTES = 7;
const CORRECTED = 4;
/** In the order of `Verdict` of Dispute.sol. */
const VERDICTS = ["uphold", "restore", "replace", "reopen", "invalid"];

/* OBJECTING */

export function openDispute(
  log: OracleLogOf<"Disputed">,
  question: ProvenQuestion,
  o: { credits: CreditBook; params: ProofDomain["params"] },
  note: Note,
): ProvenDispute {
  const { disputer, answer, claim, deposit } = log.args;
  const silent = silenceOf(log, question, o.params.limits, note);
  const raw = silent ?? question.raw;
  const word = decodeAnswerWord(raw);
  if (silent !== null) note.tell(`${disputer} says ${claim} where nobody had answered`);
  else if (word.state !== "answered" || log.at >= word.finalizeAt)
    note.differ("there is no answer to object to");
  else if (claim === word.value) note.differ("the claim is the answer");
  else note.tell(`${disputer} says ${claim} where ${word.value} stood, before ${word.finalizeAt}`);
  note.compare("answer that is disputed", raw, answer);
  const due = depositOf(raw, o.params.limits.unit);
  note.compare("deposit", due, deposit);
  spend(o.credits, disputer, deposit, note);
  const dispute = disputeOf(log);
  note.tell(`the dispute hashes to ${dispute.id}`);
  question.raw = disputedWord(dispute.id);
  return dispute;
}

/** What silence is disputed as; null when there was something else to object to. */
function silenceOf(
  { args: { claim }, at }: OracleLogOf<"Disputed">,
  { word, terms }: ProvenQuestion,
  limits: DepositLimits,
  note: Note,
): bigint | null {
  if (word.state !== "open") return null;
  if (!isSilent(terms, word, at)) note.differ(`nobody could object to silence at ${at}`);
  if (claim < terms.min || claim > terms.max)
    note.differ("what is claimed lies outside the question's bounds");
  return silentWord(terms, word, limits);
}

/** The dispute that a log opens. Its id is the hash of what was objected to, by whom, with what, and when. */
export function disputeOf({ args, at }: OracleLogOf<"Disputed">): ProvenDispute {
  const { question, disputer, answer, claim, deposit } = args;
  const id = keccak256(
    encodeAbiParameters(DISPUTE, [question, answer, zeroHash, disputer, claim, zeroHash, deposit, at]),
  );
  const who = disputer.toLowerCase();
  return { id, question, answer, disputer: who, claim, deposit, correction: null, punished: null };
}

const DISPUTE = [
  { type: "bytes32" },
  { type: "uint256" },
  { type: "bytes32" },
  { type: "address" },
  { type: "int96" },
  { type: "bytes32" },
  { type: "uint96" },
  { type: "uint40" },
] as const;

/* LOOKING AGAIN */

/** The signed reports of a re-report, which are of the round after the answer's; null when the bytes are none. */
export function rereports(
  { args }: OracleLogOf<"Rereported">,
  dispute: Pick<ProvenDispute, "question" | "answer">,
  domain: OracleDomain,
): SignedReport[] | null {
  const reports = unpackReport(args.signatures, args.seats, args.value);
  const round = Number(bitsOf(dispute.answer, ROUND)) + 1;
  const { question } = dispute;
  return (
    reports?.map((report) => ({
      ...report,
      digest: reportDigest(domain, { question, value: report.value, epoch: args.epoch, round }),
    })) ?? null
  );
}

/** More than two thirds of ALL weight with another value; whatever else a re-report may be, is for juries. */
export function checkRereport(
  log: OracleLogOf<"Rereported">,
  dispute: ProvenDispute,
  o: { question: ProvenQuestion; stakes: StakeBook; domain: ProofDomain; signerOf: SignerOf },
  note: Note,
): void {
  const { args } = log;
  const { terms, raw } = o.question;
  if (raw !== disputedWord(dispute.id)) return note.differ("this dispute was not open");
  if (args.stage !== CORRECTED) return note.differ("a re-report that corrects nothing is not recomputed");
  const set = currentSet(o.stakes, terms.domain);
  const reports = rereports(log, dispute, o.domain);
  if (set === undefined || reports === null)
    return note.differ("the log carries no report that could be checked");
  note.compare("epoch that signed again", set.epoch, args.epoch);
  const signed = provenReports(reports, set, o.signerOf, note);
  const weight = sumOfWeights(signed);
  if (hasQuorum(weight, set.totalWeight))
    note.tell(`quorum: ${weight} of ${set.totalWeight} weight looked again`);
  else note.differ(`${weight} of ${set.totalWeight} weight corrects nothing`);
  if (weight < 3n * terms.secures) note.differ(`${weight} weight corrects what secures ${terms.secures}`);
  note.compare("bitmap of the seats", bitmapOf(reports.map(({ seat }) => seat)), args.seats);
  const ownValues = size(args.signatures) === reports.length * ENTRY;
  const { value, confidence } = ownValues
    ? aggregateOf(signed, terms, set.totalWeight, note)
    : { value: args.value, confidence: confidenceOf(weight, set.totalWeight) };
  note.compare("value of those who looked again", value, args.value);
  const isValue = value >= terms.min && value <= terms.max;
  if (!isValue && (ownValues || (value !== TOO_EARLY && value !== INVALID)))
    note.differ("a value signed again lies outside the question's bounds");
  if (!differs(value, BigInt.asIntN(96, dispute.answer), terms.tolerance))
    note.differ(`${value} is no other answer than the disputed one`);
  const { seats, epoch } = args;
  dispute.correction = { value, seats, epoch, confidence, transaction: log.transaction };
  return undefined;
}

function differs(value: bigint, other: bigint, tolerance: bigint): boolean {
  if (value <= INVALID || other <= INVALID) return value !== other;
  return (value > other ? value - other : other - value) > tolerance;
}

/* RULING */

/** The word that a correction leaves, once more open to objection; and the deposit, which goes back whole. */
export function checkRuled(
  log: OracleLogOf<"Ruled">,
  dispute: ProvenDispute,
  { question, stakes }: { question: ProvenQuestion; stakes: StakeBook },
  note: Note,
): void {
  const { args, at } = log;
  if (question.raw !== disputedWord(dispute.id)) note.differ("this dispute was not open");
  const { correction } = dispute;
  if (correction?.transaction !== log.transaction) return note.differ("what juries rule is not recomputed");
  const { value, seats, epoch, confidence } = correction;
  const verdict = value === TOO_EARLY ? "reopen" : value === INVALID ? "invalid" : "replace";
  note.compare<string>("verdict", verdict, VERDICTS[args.verdict] ?? String(args.verdict));
  const { terms } = question;
  const round = Number(bitsOf(dispute.answer, ROUND));
  const disputes = Number(bitsOf(dispute.answer, DISPUTES)) + 1;
  const isLast = disputes === MOST_DISPUTES;
  let word: bigint;
  if (verdict === "reopen" && !isLast && round < 254) {
    const notBefore = Math.min(Math.max(at + terms.liveness, terms.opensAt), terms.deadline);
    const { deadline } = terms;
    word = encodeAnswerWord({ state: "open", deadline, notBefore, round: round + 2, rewardSettled: false });
    word = withBits(word, DISPUTES, disputes);
  } else {
    word = encodeAnswerWord({
      state: "answered",
      value: verdict === "replace" ? value : INVALID,
      finalizeAt: isLast ? at : windowEnd(stakes, terms, at),
      confidence,
      seats,
      epoch,
      round: isLast ? round : round + 1,
      rewardSettled: false,
    });
    word = withBits(withBits(word, DISPUTES, disputes), DEPOSIT, bitsOf(dispute.answer, DEPOSIT));
    word = withBits(word, RULED, isLast ? 1n : 0n);
  }
  note.tell(`value ${value} by correction, confidence ${confidence}, final at ${bitsOf(word, TIME)}`);
  note.compare("word that is stored", word, args.word);
  question.raw = args.word;
  return undefined;
}

export function checkAward(
  { args }: OracleLogOf<"Awarded">,
  dispute: ProvenDispute,
  credits: CreditBook,
  note: Note,
): void {
  if (!dispute.correction) return note.differ("what juries' verdicts award is not recomputed");
  note.compare<string>("deposit goes back to", dispute.disputer, args.who.toLowerCase());
  note.compare("deposit that goes back", dispute.deposit, args.amount);
  return expectCredits(credits, [{ account: dispute.disputer, amount: dispute.deposit }], note);
}

/* PUNISHING */

/** What a signer of an overturned answer loses: 2 % x (1 + 9 x share of weight that erred), doubled in a series. */
export function checkOverturned(
  log: OracleLogOf<"Slashed">,
  dispute: ProvenDispute,
  o: { question: ProvenQuestion; stakes: StakeBook; series: SeriesBook },
  note: Note,
): void {
  const { question, stakes, series } = o;
  const { args, at } = log;
  const owner = args.owner.toLowerCase();
  const answer = decodeAnswerWord(dispute.answer);
  const set = answer.state === "answered" ? setOf(stakes, question.terms.domain, answer.epoch) : undefined;
  const final = decodeAnswerWord(question.raw);
  if (!set || answer.state !== "answered" || final.state !== "answered")
    return note.differ("nobody can be blamed for this dispute yet");
  const { tolerance, min, max } = question.terms;
  if (at < final.finalizeAt) note.differ(`${owner} was slashed before the correction was final`);
  if (!differs(final.value, answer.value, tolerance)) note.differ(`${owner} was slashed and had been right`);
  const wrong = seatsOf(answer.seats).flatMap((seat) => set.seats[seat] ?? []);
  if (!wrong.some(({ signer }) => stakes.owners.get(signer.toLowerCase()) === owner))
    return note.differ(`${owner} was slashed and had not signed`);
  const weight = wrong.reduce((sum, seat) => sum + seat.weight, 0n);
  const last = series.get(owner) ?? { earlier: 0, at: 0 };
  const earlier = seriesOf(last.earlier, last.at, at);
  series.set(owner, { earlier, at });
  const ppm = overturnedPpm(weight, set.totalWeight, earlier);
  const stake = stakes.stakers.get(owner)?.stake ?? 0n;
  const claim =
    dispute.claim === TOO_EARLY || (dispute.claim >= min && dispute.claim <= max) ? dispute.claim : INVALID;
  const challenger = final.value === claim ? dispute.disputer : zeroAddress;
  note.compare(
    `slash of ${owner}, ${ppm} ppm of ${stake}`,
    slashOf(stake as Amount, ppm) as bigint,
    args.amount,
  );
  if (!sameAddress(challenger, args.challenger))
    note.differ(`the challenger is ${challenger}, the log says ${args.challenger}`);
  dispute.punished ??= { owners: new Set(), at: `${log.block}:${log.logIndex}` };
  dispute.punished.owners.add(owner);
  return undefined;
}

/** Owners who signed what was overturned and, in a punishment that came, were left out of it. */
export function leftUnpunished(dispute: ProvenDispute, stakes: StakeBook, terms: Terms): string[] {
  const answer = decodeAnswerWord(dispute.answer);
  if (answer.state !== "answered" || !dispute.punished) return [];
  const set = setOf(stakes, terms.domain, answer.epoch);
  const { owners } = dispute.punished;
  return seatsOf(answer.seats).flatMap((seat) => {
    const owner = stakes.owners.get(set?.seats[seat]?.signer.toLowerCase() ?? "");
    return owner === undefined || owners.has(owner) || !stakes.stakers.get(owner)?.stake ? [] : [owner];
  });
}
