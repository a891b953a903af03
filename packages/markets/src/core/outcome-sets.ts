import { at, type Hex } from "@sooth/kernel";
import { redeemed, type Share } from "./outcomes.ts";

/**
 * What the logs of `OutcomeTokens` say of the money behind one question: the tokens that are there, what came in for them and what was
 * paid out. Smallest units of collateral, which a set of a yes and a no of one outcome is made of.
 */
export type SetBook = {
  /** Tokens there are of either side, an entry for each outcome up to the last that any log spoke of. */
  sets: readonly OutcomeSupply[];
  /** How many outcomes the question has, once a conversion told it; until then whatever has tokens has as many of either side. */
  count: number | null;
  putIn: bigint;
  paidOut: bigint;
  /** Null until it is written down. */
  result: SetShares | null;
  /** The last log that says what those right behind it are: of a match, or of tokens of a choice that became others. */
  told: (Place & { what: "match" | "conversion"; logs: number }) | null;
};
export type OutcomeSupply = { yes: bigint; no: bigint };
export type Place = { block: number; logIndex: number };
/** A unit of yes is worth `share` of these outcomes, a bitmap; of all others nothing. */
export type SetShares = { outcomes: bigint; share: Share };
/** A log of ERC-6909's `Transfer`. */
export type TokenMove = Place & { id: bigint; sender: Hex; receiver: Hex; amount: bigint };
/** A log of `Converted`: `paid` to the owner, below zero by him. */
export type Conversion = Place & { count: number; paid: bigint };

export const NO_SETS: SetBook = { sets: [], count: null, putIn: 0n, paidOut: 0n, result: null, told: null };

const LOW_BITS = 6n;
const hex32 = (value: bigint): Hex => `0x${value.toString(16).padStart(64, "0")}`;
/** A question with its lowest six bits cleared, which is the id of its first yes: no log of a token tells those bits. */
export const questionKeyOf = (id: bigint): Hex => hex32((id >> LOW_BITS) << LOW_BITS);
/** The questions that a key may be of, of which at most one was ever asked. */
export const questionsOf = (key: Hex): Hex[] =>
  Array.from({ length: 1 << Number(LOW_BITS) }, (_, low) => hex32(BigInt(key) | BigInt(low)));
export const outcomeOfToken = (id: bigint): number => Number((id >> 1n) & 31n);

const NOTHING: OutcomeSupply = { yes: 0n, no: 0n };

/** What a unit of yes of an outcome is worth. */
export const shareOfOutcome = ({ outcomes, share }: SetShares, outcome: number): Share =>
  ((outcomes >> BigInt(outcome)) & 1n) === 1n ? share : { ...share, numerator: 0n };

/**
 * The most that the tokens of a question may still be paid: each of them, gathered with one holder, who redeems once and so loses less
 * than a unit an outcome, down. Whoever redeems in parts gets no more than that. Until it is settled one of the outcomes will be the
 * answer, and as much is owed whichever it is: its yes, and no of all others.
 */
export function owedOn({ sets, count, result }: SetBook): bigint {
  if (result !== null)
    return sets.reduce((sum, supply, index) => sum + redeemed(supply, shareOfOutcome(result, index)), 0n);
  const no = sets.reduce((sum, supply) => sum + supply.no, 0n);
  const most = Array.from({ length: count ?? sets.length }, (_, index) => sets[index] ?? NOTHING)
    .map((supply) => supply.yes - supply.no)
    .reduce<bigint | null>((before, more) => (before === null || more > before ? more : before), null);
  return no + (most ?? 0n);
}

const NOBODY = /^0x0+$/;
const isYes = ({ id }: TokenMove): boolean => (id & 1n) === 0n;
const isMinted = ({ sender }: TokenMove): boolean => NOBODY.test(sender);
const isBurnt = ({ receiver }: TokenMove): boolean => NOBODY.test(receiver);
const follows = (next: TokenMove | undefined, { block, logIndex }: Place): next is TokenMove =>
  next !== undefined && next.block === block && next.logIndex === logIndex + 1;

/** The book after a conversion, which says what it paid; the tokens that it burns and makes are in the logs right behind. */
export function bookAfterConversion(before: SetBook, { block, logIndex, count, paid }: Conversion): SetBook {
  const money = paid < 0n ? { putIn: before.putIn - paid } : { paidOut: before.paidOut + paid };
  return { ...before, ...money, count, told: { block, logIndex, what: "conversion", logs: count } };
}

/**
 * The book after these logs of its tokens, in chain order. What a burn paid is in no log of the contract but a conversion's; it follows
 * from which call burns in which order (Sets.sol): a merge, or a match of two sellers, burns a yes and a no for a unit of collateral, a
 * redemption all that its owner has of yes and then of no for their worth, rounded down once for both, one outcome after another.
 * @throws where burns fit no call: those are not the contract's logs
 */
export function bookAfter(before: SetBook, moves: readonly TokenMove[]): SetBook {
  const book = { ...before };
  const add = ({ id, amount }: TokenMove, sign: 1n | -1n): void => {
    const side = (id & 1n) === 0n ? "yes" : "no";
    const sets = Array.from(
      { length: Math.max(book.sets.length, outcomeOfToken(id) + 1) },
      (_, index) => book.sets[index] ?? NOTHING,
    );
    const supply = at(sets, outcomeOfToken(id));
    sets[outcomeOfToken(id)] = { ...supply, [side]: supply[side] + sign * amount };
    book.sets = sets;
  };
  for (let index = 0; index < moves.length; index++) {
    const move = at(moves, index);
    if (isMinted(move)) {
      // Either side is made with the other: once for both.
      if (isYes(move) && !isConverted(book, move)) book.putIn += move.amount;
      add(move, 1n);
    } else if (isBurnt(move)) {
      if (isConverted(book, move)) {
        add(move, -1n);
        continue;
      }
      const next = moves[index + 1];
      const both = follows(next, move) && burnsWith(book, move, next) ? next : undefined;
      book.paidOut += paidFor(book, move, both);
      for (const burnt of both ? [move, both] : [move]) add(burnt, -1n);
      if (both) index++;
    }
  }
  return book;
}

const isConverted = ({ told }: SetBook, { block, logIndex }: TokenMove): boolean =>
  told?.what === "conversion" &&
  told.block === block &&
  logIndex > told.logIndex &&
  logIndex <= told.logIndex + told.logs;

const isMatch = ({ told }: SetBook, move: TokenMove): boolean =>
  told?.what === "match" && follows(move, told);

/** Whether two burns in a row are one call's. Who has redeemed has nothing left: the next burn is another's, or it is his no. */
const burnsWith = (book: SetBook, move: TokenMove, next: TokenMove): boolean =>
  isBurnt(next) &&
  next.id === (move.id ^ 1n) &&
  (isMatch(book, move) || (isYes(move) && next.sender.toLowerCase() === move.sender.toLowerCase()));

function paidFor(book: SetBook, move: TokenMove, both: TokenMove | undefined): bigint {
  const { result } = book;
  if (both && both.amount === move.amount) return move.amount;
  if (result === null)
    throw new Error(`tokens of an open question were burnt alone, log ${move.block}:${move.logIndex}`);
  const share = shareOfOutcome(result, outcomeOfToken(move.id));
  if (both) return redeemed({ yes: move.amount, no: both.amount }, share);
  return redeemed(isYes(move) ? { yes: move.amount, no: 0n } : { yes: 0n, no: move.amount }, share);
}
