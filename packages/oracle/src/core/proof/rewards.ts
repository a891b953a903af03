import { type Amount, sameAddress } from "@sooth/kernel";
import { bitmapOf, seatsOf } from "../answer-word.ts";
import { splitReward } from "../economy/reward.ts";
import { type QuestionStatus, statusOf } from "../status.ts";
import type { ProvenQuestion } from "./answers.ts";
import type { Note } from "./note.ts";
import type { OracleLog, OracleLogOf, ProofDomain } from "./proof-log.ts";
import { bitsOf, EPOCH, SEATS, SETTLED, withBits } from "./word-bits.ts";
import { setOf, type StakeBook } from "./stake-book.ts";

export type Credit = { account: string; amount: bigint };
/**
 * Credit of every account by the logs alone; of one transaction, what it has credited that no other log has told of yet,
 * and what a log before has said that it is about to credit.
 */
export type CreditBook = {
  credits: Map<string, bigint>;
  transaction: string;
  untold: Credit[];
  coming: (Credit & { note: Note })[];
  /** And whom it debits next. */
  spending: (Credit & { note: Note })[];
};
export const openCreditBook = (): CreditBook => ({
  credits: new Map(),
  transaction: "",
  untold: [],
  coming: [],
  spending: [],
});

/** In the order of `Status` of IOracle.sol. */
const STATUSES: readonly QuestionStatus[] = ["unknown", "open", "answered", "disputed", "final", "invalid"];

/** What a log does to credit; nobody's may fall below zero. */
export function keepCredit(book: CreditBook, log: OracleLog, note: Note): void {
  if (book.transaction !== log.transaction) {
    book.transaction = log.transaction;
    book.untold = [];
  }
  if (log.event === "Credited") {
    const { account, amount } = log.args;
    move(book, account, amount, note);
    const next = book.coming.shift();
    if (next) checkCredit(next, { account, amount }, next.note);
    else book.untold.push({ account: account.toLowerCase(), amount });
  }
  if (log.event === "Debited") {
    const { account, amount } = log.args;
    move(book, account, -amount, note);
    const due = book.spending.shift();
    if (due && !(sameAddress(due.account, account) && due.amount === amount))
      due.note.differ(`${due.account} was to pay ${due.amount}, ${account} paid ${amount}`);
  }
}

/** A debit of which another log tells. */
export const spend = (book: CreditBook, account: string, amount: bigint, note: Note): void =>
  move(book, account, -amount, note);

function move({ credits }: CreditBook, account: string, amount: bigint, note: Note): void {
  const after = (credits.get(account.toLowerCase()) ?? 0n) + amount;
  if (after < 0n) note.differ(`${account} spends ${-amount} of credit and has ${after - amount} by the logs`);
  credits.set(account.toLowerCase(), after);
}

/** Whether the credits that this transaction made last are these, in this order; they are told then. */
export function expectCredits(book: CreditBook, wanted: readonly Credit[], note: Note): void {
  const found = book.untold.splice(Math.max(0, book.untold.length - wanted.length));
  if (found.length < wanted.length)
    note.differ(`${wanted.length} credits are due, the logs have ${found.length}`);
  for (const [index, { account, amount }] of wanted.entries()) {
    const one = found[index];
    if (one) checkCredit({ account, amount }, one, note);
  }
}

function checkCredit(due: Credit, got: Credit, note: Note): void {
  if (!sameAddress(got.account, due.account))
    note.differ(`${due.amount} is due to ${due.account}, ${got.account} got it`);
  else note.compare(`credited to ${due.account}`, due.amount, got.amount);
}

/** Says what the transaction of this log credits next, in this order. */
export const awaitCredits = (book: CreditBook, credits: readonly Credit[], note: Note): void =>
  void book.coming.push(...credits.map((credit) => ({ ...credit, note })));

/** Says whom the transaction of this log debits next. */
export const awaitDebit = (book: CreditBook, due: Credit, note: Note): void =>
  void book.spending.push({ ...due, note });

/** At the end of a transaction: what it was to credit and did not. */
export function endCredits(book: CreditBook): void {
  for (const { account, amount, note } of book.coming.splice(0))
    note.differ(`${amount} is due to ${account}, and no log credits it`);
  for (const { account, amount, note } of book.spending.splice(0))
    note.differ(`${account} was to pay ${amount}, and no log debits it`);
}

/**
 * How a reward was split: in shares of the signers, twice as large for whom the last record calls premium, rounded down, the
 * rest the treasury's; all back when invalid.
 */
export function checkReward(
  log: OracleLogOf<"RewardSettled">,
  question: ProvenQuestion,
  o: { stakes: StakeBook; credits: CreditBook; params: ProofDomain["params"] },
  note: Note,
): void {
  const { word, terms } = question;
  const { args } = log;
  const status = statusOf(word, log.at);
  if (status !== "final" && status !== "invalid")
    return note.differ(`a reward was settled while the question is ${status}`);
  if (word.state !== "none" && "rewardSettled" in word && word.rewardSettled)
    note.differ("the reward was settled before");
  note.compare<string>("outcome", status, STATUSES[args.outcome] ?? String(args.outcome));
  // A root's word holds a hash; its signers stand in what was hashed.
  const facts = question.root?.facts ?? question.raw;
  const seats = status === "final" && word.state !== "open" ? seatsOf(bitsOf(facts, SEATS)) : [];
  const set = setOf(o.stakes, terms.domain, Number(bitsOf(facts, EPOCH)));
  const earners = seats.map((seat) => earnerOf(o, set?.seats[seat]?.signer));
  const premium = seats.filter((_, index) => isPremiumNow(o.stakes, terms.domain, earners[index]));
  note.compare("seats whose work counts twice", bitmapOf(premium), BigInt(args.premium));
  const work = seats.map((seat) => ({ reports: 1, premium: premium.includes(seat) }));
  const split = splitReward(terms.reward as Amount, o.params.providerShareBps, work);
  const rest = seats.length === 0 ? 0n : split.toTreasury;
  note.tell(`${terms.reward} among ${seats.length} signers: ${split.shares.join(", ") || "none"}`);
  note.compare<bigint>("reward of the treasury", rest, args.toTreasury);
  expectCredits(
    o.credits,
    seats.length === 0
      ? [{ account: terms.asker, amount: terms.reward }]
      : [
          ...earners.map((account, index) => ({ account, amount: split.shares[index] ?? 0n })),
          { account: o.params.treasury, amount: rest },
        ],
    note,
  );
  question.raw = withBits(question.raw, SETTLED, 1n);
  return undefined;
}

/** By the last record that was applied before; nobody's premium is the treasury's. */
const isPremiumNow = ({ standings }: StakeBook, domain: number, earner: string | undefined): boolean =>
  standings.get(`${domain} ${earner}`)?.standing.premium ?? false;

/** Who earns what a key signs: its owner, and the treasury once he is banned. */
export function earnerOf(
  { stakes, params }: { stakes: StakeBook; params: ProofDomain["params"] },
  signer: string | undefined,
): string {
  const owner = stakes.owners.get(signer?.toLowerCase() ?? "");
  return owner === undefined || stakes.banned.has(owner) ? params.treasury : owner;
}
