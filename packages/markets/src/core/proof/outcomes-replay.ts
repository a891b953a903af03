import type { outcomeTokensAbi } from "@sooth/abi";
import { type Hex, never } from "@sooth/kernel";
import { type DecodedLog, noteOn, type ProofRecord, type Terms } from "@sooth/oracle/core";
import {
  bookAfter,
  bookAfterConversion,
  NO_SETS,
  outcomeOfToken,
  owedOn,
  questionKeyOf,
  type SetBook,
} from "../outcome-sets.ts";
import { exchangeOf, nettingOf, outcomesOf, settledAs, type SetResult } from "../outcomes.ts";
import { type SignedOrder, sideOf } from "../orders/order.ts";

export type OutcomeLog = DecodedLog<typeof outcomeTokensAbi>;
type LogOf<E extends OutcomeLog["event"]> = Extract<OutcomeLog, { event: E }>;
/** What the two signed whom a transaction matched; null where another contract brought it, so that its input does not tell. */
export type MatchedOrders = { taker: SignedOrder["order"]; maker: SignedOrder["order"] } | null;
/** A question as its asker logged it, and what the oracle says of it; null: it has no final answer, or nobody asked. */
export type AskedOutcomes = { terms: Terms; result: SetResult | null };

export type ReplayedOutcomes = {
  /** By question, but for the bits that no token tells. */
  books: ReadonlyMap<Hex, SetBook>;
  /** By token and holder, in small letters. */
  balances: ReadonlyMap<string, { owner: Hex; id: bigint; amount: bigint }>;
  matches: { checked: number; unread: number };
};

const NOBODY = /^0x0+$/;

/**
 * Every log of OutcomeTokens in the order of the chain. Writes down what differs: balances below nothing, burns that fit no call, a
 * settlement that does not follow from the oracle's answer, a match that either order did not allow.
 */
export function replayOutcomes(
  logs: readonly OutcomeLog[],
  asked: ReadonlyMap<Hex, AskedOutcomes>,
  ordersOf: (log: LogOf<"Matched">) => MatchedOrders,
  record: ProofRecord,
): ReplayedOutcomes {
  const books = new Map<Hex, SetBook>();
  const balances = new Map<string, { owner: Hex; id: bigint; amount: bigint }>();
  const matches = { checked: 0, unread: 0 };
  // Moves of one question in a row are read together: what a burn is, the one behind it tells.
  let moves: LogOf<"Transfer">[] = [];
  const bookOf = (key: Hex): SetBook => books.get(key) ?? NO_SETS;
  const told = (): void => {
    const byKey = Map.groupBy(moves, ({ args }) => questionKeyOf(args.id));
    for (const [key, ofQuestion] of byKey) {
      const read = ofQuestion.map(({ block, logIndex, args }) => ({ block, logIndex, ...args }));
      try {
        books.set(key, bookAfter(bookOf(key), read));
      } catch (error) {
        const first = ofQuestion[0];
        if (first) noteOn(record, first, key).differ((error as Error).message);
      }
    }
    moves = [];
  };
  const add = (log: LogOf<"Transfer">, owner: Hex, amount: bigint): void => {
    if (NOBODY.test(owner)) return;
    const at = `${log.args.id}:${owner.toLowerCase()}`;
    const before = balances.get(at)?.amount ?? 0n;
    balances.set(at, { owner, id: log.args.id, amount: before + amount });
    if (before + amount < 0n)
      noteOn(record, log, questionKeyOf(log.args.id)).differ(`${owner} gives ${-amount}, and has ${before}`);
  };
  for (const log of logs) {
    if (log.event === "Transfer") {
      add(log, log.args.sender, -log.args.amount);
      add(log, log.args.receiver, log.args.amount);
      if (log.args.amount > 0n) moves.push(log);
      continue;
    }
    if (log.event !== "Matched" && log.event !== "Converted" && log.event !== "Settled") continue;
    told();
    const key = questionKeyOf(BigInt(log.args.question));
    const place = { block: log.block, logIndex: log.logIndex };
    if (log.event === "Matched") {
      books.set(key, { ...bookOf(key), told: { ...place, what: "match", logs: 2 } });
      checkMatch(log, ordersOf(log), matches, record);
    } else if (log.event === "Converted") {
      const { count, paid } = log.args;
      books.set(key, bookAfterConversion(bookOf(key), { ...place, count: Number(count), paid }));
      checkConversion(log, asked, record);
    } else {
      const { outcomes, numerator, denominator } = log.args;
      books.set(key, { ...bookOf(key), result: { outcomes, share: { numerator, denominator } } });
      checkSettlement(log, asked, record);
    }
  }
  told();
  return { books, balances, matches };
}

function checkMatch(
  log: LogOf<"Matched">,
  orders: MatchedOrders,
  matches: { checked: number; unread: number },
  record: ProofRecord,
): void {
  const { question, outcome, side, amount, price } = log.args;
  if (orders === null) {
    matches.unread += 1;
    return;
  }
  matches.checked += 1;
  const note = noteOn(record, log, question);
  const { taker, maker } = orders;
  const own = (order: typeof taker): boolean => order.question === question && order.outcome === outcome;
  if (!own(taker) || !own(maker) || taker.side !== sideOf(side))
    note.differ("the orders of this match are about something else");
  const exchange = exchangeOf(taker, maker, amount);
  switch (exchange.does) {
    case "refuse":
      note.differ(`orders at ${taker.price} and ${maker.price} were matched: ${exchange.why}`);
      return;
    case "trade":
    case "mint":
    case "merge":
      note.compare("price of a match within both orders", exchange.price, price);
      return;
    default:
      never(exchange);
  }
}

function checkConversion(
  log: LogOf<"Converted">,
  asked: ReadonlyMap<Hex, AskedOutcomes>,
  record: ProofRecord,
): void {
  const { question, count, outcomes, amount, paid } = log.args;
  const note = noteOn(record, log, question);
  const known = asked.get(question);
  if (known) note.compare("outcomes", BigInt(outcomesOf(known.terms)), count);
  const convert = Array.from({ length: Number(count) }, (_, outcome) => outcome).filter(
    (outcome) => ((outcomes >> BigInt(outcome)) & 1n) === 1n,
  );
  const call = convert.length > 0 ? { convert } : paid < 0n ? "splitAll" : "mergeAll";
  note.compare("paid for tokens that became others", nettingOf(call, Number(count), amount).paid, paid);
}

function checkSettlement(
  log: LogOf<"Settled">,
  asked: ReadonlyMap<Hex, AskedOutcomes>,
  record: ProofRecord,
): void {
  const { question, outcomes, numerator, denominator } = log.args;
  const note = noteOn(record, log, question);
  const known = asked.get(question);
  if (!known?.result || outcomesOf(known.terms) === 0) {
    note.differ("settled, and the oracle has no final answer to it");
    return;
  }
  const { outcomes: winners, share } = settledAs(known.result, known.terms);
  note.compare("outcomes whose yes is worth something, a bitmap", winners, outcomes);
  note.compare("what it is worth", `${share.numerator}/${share.denominator}`, `${numerator}/${denominator}`);
}

/**
 * What the tokens of each question are worth against what came in for them: until it is settled exactly that, whatever the answer; then
 * at most that. Writes down what differs; the sums are over all questions.
 */
export function checkSets(
  books: ReadonlyMap<Hex, SetBook>,
  place: { block: number; logIndex: number; at: number; transaction: Hex },
  record: ProofRecord,
): { held: bigint; owed: bigint } {
  let [held, owed] = [0n, 0n];
  for (const [key, book] of books) {
    const note = noteOn(record, place, key);
    const there = book.putIn - book.paidOut;
    held += there;
    owed += owedOn(book);
    if (book.sets.some(({ yes, no }) => yes < 0n || no < 0n)) note.differ("more tokens were burnt than made");
    if (book.result !== null) {
      if (owedOn(book) > there)
        note.differ(`${owedOn(book)} may be redeemed, and ${there} is left of what came in`);
      continue;
    }
    for (const [answer, due] of owedByAnswer(book))
      if (due !== there)
        note.differ(`${there} is left of what came in, and ${due} is owed where the answer is ${answer}`);
  }
  return { held, owed };
}

/** Of a question that is not settled: each answer that it may have, as far as logs tell, and what all tokens were worth then. */
function owedByAnswer({ sets, count }: SetBook): [string, bigint][] {
  const allNo = sets.reduce((sum, { no }) => sum + no, 0n);
  const answers = Array.from({ length: count ?? sets.length }, (_, outcome) => {
    const { yes = 0n, no = 0n } = sets[outcome] ?? {};
    return [`outcome ${outcome}`, allNo + yes - no] as [string, bigint];
  });
  // A question of which no conversion told how many outcomes it has may have others still, or two sides.
  return count === null ? [...answers, ["none of these", allNo]] : answers;
}

export const outcomeName = (id: bigint): string =>
  `${(id & 1n) === 0n ? "yes" : "no"} of outcome ${outcomeOfToken(id)}`;
