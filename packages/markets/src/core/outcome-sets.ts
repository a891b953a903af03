import { at, BPS, type Hex } from "@sooth/kernel";
import { redeemed } from "./outcomes.ts";

/**
 * What the logs of `OutcomeTokens` say of the money behind one question: the tokens that are there, what came in for them and what was
 * paid out. Smallest units of collateral, which a set of a yes and a no is made of.
 */
export type SetBook = {
  /** Tokens there are of either side. Equal until the question is settled. */
  yes: bigint;
  no: bigint;
  putIn: bigint;
  paidOut: bigint;
  /** What a unit of yes is worth, basis points; null until that is written down. */
  yesBps: bigint | null;
  /** Where its last log of matched orders stands. The logs right behind it are that match's. */
  matched: Place | null;
};
export type Place = { block: number; logIndex: number };
/** A log of ERC-6909's `Transfer`. */
export type TokenMove = Place & { id: bigint; sender: Hex; receiver: Hex; amount: bigint };

export const NO_SETS: SetBook = { yes: 0n, no: 0n, putIn: 0n, paidOut: 0n, yesBps: null, matched: null };

/** A question with its lowest bit cleared, which is the id of its yes: no log of a token tells that bit. */
export const pairOf = (id: bigint): Hex => `0x${((id >> 1n) << 1n).toString(16).padStart(64, "0")}`;
/** The questions that a pair may be of, of which at most one was ever asked. */
export const questionsOf = (pair: Hex): [Hex, Hex] => [
  pair,
  `0x${(BigInt(pair) | 1n).toString(16).padStart(64, "0")}`,
];

/**
 * The most that the tokens of a question may still be paid: each of them, gathered with one holder, who redeems once and so loses less
 * than a unit, down. Whoever redeems in parts gets no more than that. Until it is settled a set is its collateral, whatever
 * the answer; with a yes for each no that is either side's number.
 */
export function owedOn({ yes, no, yesBps }: SetBook): bigint {
  if (yesBps !== null) return redeemed({ yes, no }, yesBps);
  return yes > no ? yes : no;
}

const NOBODY = /^0x0+$/;
const isYes = ({ id }: TokenMove): boolean => (id & 1n) === 0n;
const isMinted = ({ sender }: TokenMove): boolean => NOBODY.test(sender);
const isBurnt = ({ receiver }: TokenMove): boolean => NOBODY.test(receiver);
const follows = (next: TokenMove | undefined, { block, logIndex }: Place): next is TokenMove =>
  next !== undefined && next.block === block && next.logIndex === logIndex + 1;

/**
 * The book after these logs of its pair, in chain order. What a burn paid is in no log of the contract; it follows from which call
 * burns in which order (Sets.sol): a merge, or a match of two sellers, burns a yes and a no for a unit of collateral, a
 * redemption all that its owner has of yes and then of no for their worth, rounded down once for both.
 * @throws where burns fit no call: those are not the contract's logs
 */
export function bookAfter(before: SetBook, moves: readonly TokenMove[]): SetBook {
  const book = { ...before };
  for (let index = 0; index < moves.length; index++) {
    const move = at(moves, index);
    if (isMinted(move)) {
      // Either side is made with the other: once for both.
      if (isYes(move)) book.putIn += move.amount;
      book[isYes(move) ? "yes" : "no"] += move.amount;
    } else if (isBurnt(move)) {
      const next = moves[index + 1];
      const both = follows(next, move) && burnsWith(book, move, next) ? next : undefined;
      book.paidOut += paidFor(book, move, both);
      for (const burnt of both ? [move, both] : [move]) book[isYes(burnt) ? "yes" : "no"] -= burnt.amount;
      if (both) index++;
    }
  }
  return book;
}

const isMatch = ({ matched }: SetBook, move: TokenMove): boolean =>
  matched !== null && follows(move, matched);

/** Whether two burns in a row are one call's. Who has redeemed has nothing left: the next burn is another's, or it is his no. */
const burnsWith = (book: SetBook, move: TokenMove, next: TokenMove): boolean =>
  isBurnt(next) &&
  isYes(next) !== isYes(move) &&
  (isMatch(book, move) || (isYes(move) && next.sender.toLowerCase() === move.sender.toLowerCase()));

function paidFor(book: SetBook, move: TokenMove, both: TokenMove | undefined): bigint {
  const { yesBps } = book;
  if (both && both.amount === move.amount) return move.amount;
  if (yesBps === null)
    throw new Error(`tokens of an open question were burnt alone, log ${move.block}:${move.logIndex}`);
  if (both) return redeemed({ yes: move.amount, no: both.amount }, yesBps);
  return (move.amount * (isYes(move) ? yesBps : BPS - yesBps)) / BPS;
}
