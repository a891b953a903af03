import { type Amount, type Hex, never } from "@sooth/kernel";
import { bear, type Note, type ProvenQuestion, roundName, statusOf } from "@sooth/oracle/core";
import { roundAfter } from "@sooth/randomness/core";
import { expiresAt } from "../opinions/status.ts";
import { OPINION_LIMITS, type OpinionTerms } from "../opinions/terms.ts";
import { scoreOf, tally, weightOfAll } from "../rules/bands.ts";
import { bookOf, type OpinionLedger, type ProvenOpinions, toldOf } from "./opinion-ledger.ts";
import type { OpinionLogOf } from "./opinion-log.ts";

/** How a market gets its score and its seed, or ends without one: what `Scoring.sol` does. */

type Announced = ProvenOpinions & { terms: OpinionTerms };
const HIGHEST = 100;
const isAnnounced = (book: ProvenOpinions): book is Announced => book.terms !== null;

const scheduleOf = ({ domain: { params } }: OpinionLedger) => ({
  genesis: params.beaconGenesis,
  period: params.beaconPeriodSeconds,
});

/** Unix seconds at which a round is published, of a number that no beacon could have too: a log may say anything. */
function publishedAt(ledger: OpinionLedger, round: bigint): number {
  const { genesis, period } = scheduleOf(ledger);
  return genesis + (Number(round) - 1) * period;
}

/** The round that a log of this second may name: one that nobody knows. */
const roundNamedAt = (ledger: OpinionLedger, now: number): bigint =>
  roundAfter(scheduleOf(ledger), now + ledger.domain.params.drawDelaySeconds);

/** Replays run in the order of the chain, so the word is what it was when the market was scored. */
const answerAt = (question: ProvenQuestion, now: number) => ({
  status: statusOf(question.word, now),
  word: question.word.state === "answered" ? question.word : null,
});

export function checkScored(ledger: OpinionLedger, log: OpinionLogOf<"Scored">, note: Note): void {
  const { args, at } = log;
  const book = bookOf(ledger, args.market);
  if (book.ending !== "none") note.differ("the market had ended before");
  const { total, count } = toldOf(book);
  const question = book.terms && ledger.oracle.questions.get(book.terms.question);
  if (!isAnnounced(book) || !question) {
    note.differ("a market was scored that nobody announced");
    return;
  }
  const { terms } = book;
  const { status, word } = answerAt(question, at);
  if (status !== "final" || !word) note.differ(`scored while the answer was ${status}`);
  else {
    note.compare(`score, of the final answer ${word.value} in hundredths`, scoreOf(word.value), args.score);
    note.compare("confidence of the answer, basis points", word.confidence, args.confidence);
  }
  if (args.confidence < terms.minConfidence)
    note.differ(`scored with confidence ${args.confidence}, the terms want ${terms.minConfidence}`);
  note.compare<bigint>("staked with a stance", total, args.total);
  note.compare("stances that count", BigInt(count), args.count);
  const ended = tally(book.totals, Math.min(args.score, HIGHEST), terms.rule);
  const weight = weightOfAll(terms.rule, ended);
  if (weight === 0n) note.differ("scored though nobody is to be paid");
  else note.tell(`all weights by the rule "${terms.rule}": ${weight}`);
  if (terms.prizeBps === 0) note.compare("round, where nothing is drawn", 0n, args.round);
  else note.compare("round that draws, named after the score", roundNamedAt(ledger, at), args.round);
  bear(ledger.oracle, roundName(args.round), terms.question);
  if (ledger.domain.params.committeeMembers)
    note.tell("a committee had to approve this: its signatures stand in no log, and are not checked");
  book.ending = "scored";
  // Without a weight nothing can be shared, and what follows is told of as if the market were void.
  book.result = weight === 0n ? null : { tally: ended, confidence: args.confidence, at };
  book.round = args.round;
  if (terms.revealSeconds !== 0) {
    // Never below zero but in logs that are wrong, which is told where they are.
    book.untold = (book.hidden > total ? book.hidden - total : 0n) as Amount;
    if (book.untold !== 0n)
      note.tell(`staked with stances that nobody told, shared by the others: ${book.untold}`);
  }
}

export function checkVoided(ledger: OpinionLedger, { args, at }: OpinionLogOf<"Voided">, note: Note): void {
  const book = bookOf(ledger, args.market);
  if (book.ending !== "none") note.differ("the market had ended before");
  book.ending = "void";
  book.why = args.why;
  const question = book.terms && ledger.oracle.questions.get(book.terms.question);
  if (!isAnnounced(book) || !question) {
    // Its door, and so its closing, stands in no log.
    if (args.why === "expired") note.tell("void: nobody announced it, so its stakes go back");
    else note.differ(`nobody announced it, and it is void for "${args.why}"`);
    return;
  }
  const wrong = voidComplaint(book, question, args.why, at);
  if (wrong === null) note.tell(`void, every stake goes back: ${args.why}`);
  else note.differ(`void for "${args.why}", but ${wrong}`);
}

function voidComplaint(book: Announced, question: ProvenQuestion, why: string, now: number): string | null {
  const { status, word } = answerAt(question, now);
  const { terms } = book;
  switch (why) {
    case "invalid":
      return status === "invalid" ? null : `the question was ${status}`;
    case "confidence":
      if (status !== "final" || !word) return `the answer was ${status}`;
      return word.confidence < terms.minConfidence ? null : `its confidence was ${word.confidence}`;
    case "weights": {
      if (status !== "final" || !word) return `the answer was ${status}`;
      if (word.confidence < terms.minConfidence) return `its confidence was ${word.confidence}`;
      const ended = tally(book.totals, scoreOf(word.value), terms.rule);
      return weightOfAll(terms.rule, ended) === 0n ? null : "somebody was to be paid";
    }
    case "expired": {
      if (status === "answered" || status === "disputed") return `the answer was ${status}`;
      const from = expiresAt(terms.closesAt, status === "final" && word ? word.finalizeAt : null);
      return now >= from ? null : `it could not be before ${from}, and was at ${now}`;
    }
    default:
      return "markets are never void for that";
  }
}

export function checkRedrawn(
  ledger: OpinionLedger,
  log: OpinionLogOf<"Rearmed" | "Forgone">,
  note: Note,
): void {
  const book = bookOf(ledger, log.args.market);
  if (book.ending !== "scored" || book.round === 0n || !isAnnounced(book))
    return note.differ("there was nothing to draw");
  const { round } = book;
  if (ledger.oracle.seeds.has(round)) note.differ(`round ${round} was proved, and was given up all the same`);
  const dayAfter = publishedAt(ledger, round) + OPINION_LIMITS.roundSeconds;
  if (log.at < dayAfter) note.differ(`round ${round} was given up at ${log.at}, allowed from ${dayAfter} on`);
  switch (log.event) {
    case "Rearmed":
      note.compare("round that draws instead", roundNamedAt(ledger, log.at), log.args.round);
      book.round = log.args.round;
      bear(ledger.oracle, roundName(book.round), book.terms.question);
      return undefined;
    case "Forgone": {
      const from = book.terms.closesAt + OPINION_LIMITS.seedSeconds;
      if (log.at < from) note.differ(`prizes were forgone at ${log.at}, allowed from ${from} on`);
      else note.tell("no seed came: what was for prizes is shared like the rest");
      book.ending = "undrawn";
      return undefined;
    }
    default:
      return never(log);
  }
}

/** From when on a prize may be swept; unix seconds. */
export const sweptFrom = (ledger: OpinionLedger, round: bigint): number =>
  publishedAt(ledger, round) + OPINION_LIMITS.prizeSeconds;

/** The seed of a market's round, as the beacon's own log proved it. */
export const seedOf = ({ oracle }: OpinionLedger, { round }: ProvenOpinions): Hex | undefined =>
  oracle.seeds.get(round);
