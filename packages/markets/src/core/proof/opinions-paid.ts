import { type Amount, sameAddress } from "@sooth/kernel";
import type { Note } from "@sooth/oracle/core";
import { stanceOf } from "../rules/bands.ts";
import {
  bookOf,
  dueNow,
  feeOfOpinions,
  moneyOf,
  type OpinionLedger,
  prizesOf,
  type ProvenOpinions,
} from "./opinion-ledger.ts";
import type { OpinionLogOf } from "./opinion-log.ts";
import { seedOf, sweptFrom } from "./opinions-ended.ts";

/** What leaves a market: what `Paying.sol` pays. */

export function checkClaimed(ledger: OpinionLedger, { args }: OpinionLogOf<"Claimed">, note: Note): void {
  const { market, owner, paid } = args;
  const book = bookOf(ledger, market);
  const opinion = book.opinions.get(owner.toLowerCase());
  if (book.ending === "none") note.differ("paid before the market had ended");
  if (!opinion) return note.differ(`${owner} had no opinion here to be paid for`);
  const isShareDue = book.ending === "undrawn" && !opinion.isShared;
  if (opinion.isPaid && !isShareDue) note.differ(`${owner} was paid before`);
  const { band, amount: staked } = opinion;
  const on = band === null ? "with a stance that nobody told" : `on stance ${stanceOf(band)}`;
  note.compare<bigint>(`paid to ${owner} for ${staked} ${on}`, dueNow(book, opinion), paid);
  opinion.isPaid = true;
  if (isShareDue) opinion.isShared = true;
  opinion.paid = (opinion.paid + paid) as Amount;
  return undefined;
}

export function checkPrize(ledger: OpinionLedger, log: OpinionLogOf<"PrizePaid">, note: Note): void {
  const { args, at } = log;
  const book = bookOf(ledger, args.market);
  const number = Number(args.prize);
  const drawn = prizesOf(book, ledger.oracle.seeds)[number];
  if (!drawn) note.differ(`the logs draw no prize ${number}`);
  else {
    if (drawn.paidTo !== null) note.differ(`prize ${number} was paid before`);
    checkWinner(ledger, book, { ...drawn, to: args.owner, at }, note);
    note.compare<bigint>(`prize ${number}`, drawn.amount, args.paid);
  }
  book.prizesPaid.set(number, { to: args.owner, paid: args.paid as Amount });
}

function checkWinner(
  ledger: OpinionLedger,
  book: ProvenOpinions,
  o: { prize: number; band: number; offset: bigint; winner: string | null; to: string; at: number },
  note: Note,
): void {
  const fell = `prize ${o.prize} fell on unit ${o.offset} of stance ${stanceOf(o.band)}`;
  if (o.winner !== null && sameAddress(o.winner, o.to))
    return note.tell(`${fell}, drawn by ${seedOf(ledger, book) ?? "no seed"}: ${o.winner}`);
  if (!sameAddress(ledger.domain.params.treasury, o.to))
    return note.differ(`${fell}, which is ${o.winner ?? "nobody"}'s, and was paid to ${o.to}`);
  const from = sweptFrom(ledger, book.round);
  if (o.at < from) return note.differ(`prize ${o.prize} was swept at ${o.at}, allowed from ${from} on`);
  return note.tell(`${fell}; ${o.winner} had half a year to claim it, and the treasury has it`);
}

export function checkFee(ledger: OpinionLedger, { args }: OpinionLogOf<"FeeCollected">, note: Note): void {
  const book = bookOf(ledger, args.market);
  if (book.ending !== "scored" && book.ending !== "undrawn") note.differ("a fee was taken of no score");
  if (book.feePaid !== null) note.differ("the fee was collected before");
  note.compare<bigint>("fee of the creator", feeOfOpinions(book), args.fee);
  if (!book.terms || !sameAddress(book.terms.creator, args.creator))
    note.differ(`the fee went to ${args.creator}`);
  book.feePaid = args.fee as Amount;
}

/** What only the end can tell: where prizes fell that nobody has claimed, and that what is left is enough. */
export function concludeOpinions(ledger: OpinionLedger, book: ProvenOpinions, note: Note): void {
  for (const { prize, band, offset, winner, paidTo } of prizesOf(book, ledger.oracle.seeds)) {
    if (paidTo !== null) continue;
    const fell = `prize ${prize} fell on unit ${offset} of stance ${stanceOf(band)}`;
    if (winner === null) note.differ(`${fell}, which is nobody's`);
    else note.tell(`${fell}: it waits for ${winner}`);
  }
  const { staked, paid, prizesPaid, feePaid, owed, rest } = moneyOf(book);
  const left = staked - paid - prizesPaid - feePaid;
  if (rest < 0n) note.differ(`${left} is left of ${staked}, and ${owed} is owed`);
  else note.tell(`of ${staked} staked ${left} is left, owed ${owed}, left by rounding ${rest}`);
  const secures = book.terms && ledger.oracle.questions.get(book.terms.question)?.terms.secures;
  if (secures === undefined || secures === null) return;
  // The contract of markets takes any sum: a server keeps its own stakes below, and whoever stakes past it is told of here.
  if (staked > secures) note.differ(`${staked} was staked on an answer that secures ${secures}`);
  else note.tell(`what was staked is within what its answer secures, ${secures}`);
}

/** What opinions were paid and are still due, by owner. */
export type OpinionRow = { owner: string; band: number | null; staked: Amount; paid: Amount; due: Amount };

export const opinionRows = (book: ProvenOpinions): OpinionRow[] =>
  [...book.opinions.values()].map((one) => ({
    owner: one.owner,
    band: one.band,
    staked: one.amount,
    paid: one.paid,
    due: book.ending === "none" ? (0n as Amount) : dueNow(book, one),
  }));
