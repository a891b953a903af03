import { oracleAbi } from "@sooth/abi";
import type { Hex } from "@sooth/kernel";
import { size, slice } from "viem";
import { confidenceOf, sumOfWeights } from "../aggregate.ts";
import { bitmapOf, encodeAnswerWord, INVALID, seatsOf } from "../answer-word.ts";
import { isItemProved, isPacked, itemProof, packedRoot, rootOf, unpackItem } from "../items.ts";
import { fullSignature, type OracleDomain, reportDigest } from "../report.ts";
import type { QuestionSchema } from "../wire.ts";
import {
  checkDisputable,
  checkMoment,
  type ProvenQuestion,
  type ProvenReport,
  type Reported,
  weighSigners,
} from "./answers.ts";
import { callsIn } from "./calls.ts";
import type { Note } from "./note.ts";
import type { OracleLogOf, ProofDomain, SignedReport } from "./proof-log.ts";
import { windowEnd } from "./stake-book.ts";
import {
  bitsOf,
  DEPOSIT,
  DISPUTES,
  EPOCH,
  ROUND,
  rootFacts,
  rootWord,
  SEATS,
  TIME,
  withBits,
} from "./word-bits.ts";

const COMPACT = 64;

/** The signed roots of an answer; null when the bytes are no report. */
export function rootReports(
  { args }: OracleLogOf<"AnsweredRoot">,
  domain: OracleDomain,
): SignedReport[] | null {
  const { question, signatures } = args;
  const { root, facts } = args.answer;
  const seats = seatsOf(bitsOf(facts, SEATS));
  if (seats.length === 0 || size(signatures) !== seats.length * COMPACT) return null;
  const [epoch, round] = [Number(bitsOf(facts, EPOCH)), Number(bitsOf(facts, ROUND))];
  const digest = reportDigest(domain, { question, value: 0n, root, epoch, round });
  return seats.map((seat, index) => ({
    seat,
    value: 0n,
    root,
    digest,
    signature: fullSignature(slice(signatures, index * COMPACT, (index + 1) * COMPACT)),
  }));
}

/** The facts and the word that the contract must have stored for these signatures under one root. */
export function checkAnsweredRoot(
  log: OracleLogOf<"AnsweredRoot">,
  question: ProvenQuestion,
  o: Reported & { domain: ProofDomain },
  note: Note,
): ProvenReport[] {
  const { args, at } = log;
  const { answer } = args;
  const { terms } = question;
  const reports = rootReports(log, o.domain);
  const { set } = o;
  if (terms.aggregation !== "root") note.differ("a root answers a question for a value");
  if (reports === null || set === undefined) {
    note.differ("the log carries no report that could be checked");
    [question.raw, question.root] = [args.word, answer];
    return [];
  }
  const isEarly = checkMoment(at, question, o.pausedUntil, note);
  const open = question.word;
  const round = open.state === "open" ? open.round : Number(bitsOf(answer.facts, ROUND));
  note.compare("epoch that signed", set.epoch, Number(bitsOf(answer.facts, EPOCH)));
  note.compare("round", round, Number(bitsOf(answer.facts, ROUND)));
  note.tell(`root: ${answer.root}`);
  const signed = weighSigners(reports, { ...o, set, terms, isEarly }, note);
  const confidence = confidenceOf(sumOfWeights(signed), set.totalWeight);
  const { units, disputes } = checkDisputable(answer.facts, question, o.domain, note);
  const seats = bitmapOf(reports.map(({ seat }) => seat));
  const plain = encodeAnswerWord({
    state: "answered",
    value: 0n,
    finalizeAt: 0,
    confidence,
    seats,
    epoch: set.epoch,
    round,
    rewardSettled: false,
  });
  const facts = rootFacts(withBits(withBits(plain, DEPOSIT, units), DISPUTES, disputes));
  note.compare("facts under the root's hash", facts, answer.facts);
  const { params } = o.domain;
  const finalizeAt = windowEnd({ stakes: o.stakes, params }, terms, at, { confidence, seats });
  note.compare("final at", finalizeAt, Number(bitsOf(args.word, TIME)));
  note.compare(
    "word that is stored",
    rootWord(question.id, { root: answer.root, facts }, finalizeAt),
    args.word,
  );
  [question.raw, question.root] = [args.word, answer];
  return signed;
}

/** The words of an answer, stored for contracts to read without a proof. */
export function checkPacked(
  { args, input }: OracleLogOf<"Packed">,
  question: ProvenQuestion,
  note: Note,
): void {
  if (question.root?.root !== args.root) note.differ(`words of ${args.root}, which is not the answer`);
  const given = [
    ...callsIn(input, oracleAbi, "reportPacked").map(([, , words]) => words),
    ...callsIn(input, oracleAbi, "publishPacked").map(([, , words]) => words),
  ];
  const words = given.find((each) => packedRoot(each) === args.root);
  if (!words) return note.differ("nothing with the logs gives the words under this root");
  const codes = Array.from({ length: words.length * 128 }, (_, index) => unpackItem(words, index));
  const count = (value: bigint) => codes.filter((code) => code === value).length;
  return note.tell(
    `${words.length} words under the root: ${count(1n)} yes, ${count(0n)} no, ${count(INVALID)} invalid`,
  );
}

/** Items that somebody says stand under the root: the root that they give, and what a proof of each proves on read. */
export function checkItems(question: ProvenQuestion, items: readonly bigint[], note: Note): void {
  const root = question.root?.root;
  if (root === undefined) return note.differ("items are given, and no root is the answer");
  const schema = JSON.parse(question.schema) as QuestionSchema;
  note.compare<string>(`root of ${items.length} items`, rootOf(schema, items), root);
  if (isPacked(schema)) return undefined;
  for (const [index, value] of items.entries())
    if (isItemProved(root as Hex, index, value, itemProof(items, index)))
      note.tell(`item ${index}: ${value}`);
    else note.differ(`item ${index}: ${value} is not proved against the root`);
  return undefined;
}
