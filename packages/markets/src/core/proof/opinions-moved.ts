import { type Address, ascending, type Hex, sameAddress } from "@sooth/kernel";
import { type LogPlace, type Note, noteOn } from "@sooth/oracle/core";
import { moneyOf, type OpinionLedger } from "./opinion-ledger.ts";
import type { MoneyLog, OpinionLog } from "./opinion-log.ts";

/** What the contract of opinion markets says that it took and paid, held against what the collateral's own contract logged. */

type Movement = { market: Hex; from: Address; to: Address; amount: bigint };

/** What must have moved with this log; null where nothing does. */
function movementOf(log: OpinionLog, opinions: Address): Movement | null {
  const { market } = log.args;
  switch (log.event) {
    case "Staked":
      return { market, from: log.args.owner, to: opinions, amount: BigInt(log.args.amount) };
    case "Claimed":
    case "PrizePaid":
      return { market, from: opinions, to: log.args.owner, amount: log.args.paid };
    case "FeeCollected":
      return { market, from: opinions, to: log.args.creator, amount: log.args.fee };
    default:
      return null;
  }
}

const isSame = (money: MoneyLog, { from, to, amount }: Movement): boolean =>
  sameAddress(money.args.from, from) && sameAddress(money.args.to, to) && money.args.amount === amount;

/** The contract's own holding, as its collateral moved. */
export type Moved = { moved: number; held: bigint };

/**
 * Pairs every stake and payment with the movement that follows it in its transaction. What left the contract beside them is
 * found; what came to it beside them is a gift, and nobody's.
 */
export function checkMoved(
  ledger: OpinionLedger,
  logs: readonly OpinionLog[],
  money: readonly MoneyLog[],
  opinions: Address,
): Moved {
  const open = new Map<Hex, MoneyLog[]>();
  for (const log of money.toSorted(
    (a, b) => ascending(a.block, b.block) || ascending(a.logIndex, b.logIndex),
  ))
    open.set(log.transaction, [...(open.get(log.transaction) ?? []), log]);
  let moved = 0;
  for (const log of logs) {
    const movement = movementOf(log, opinions);
    if (!movement || movement.amount === 0n) continue;
    const here = open.get(log.transaction) ?? [];
    const its = here.findIndex((one) => one.logIndex > log.logIndex && isSame(one, movement));
    const { from, to, amount } = movement;
    if (its === -1)
      noteOn(ledger.oracle, log, movement.market).differ(
        `no ${amount} of collateral moved from ${from} to ${to}`,
      );
    else {
      here.splice(its, 1);
      moved += 1;
    }
  }
  for (const left of [...open.values()].flat())
    if (sameAddress(left.args.from, opinions) && left.args.amount !== 0n)
      noteOn(ledger.oracle, left, null).differ(
        `${left.args.amount} of collateral left the contract for ${left.args.to}, and no log of it says why`,
      );
  const held = money.reduce(
    (sum, { args }) =>
      sum +
      (sameAddress(args.to, opinions) ? args.amount : 0n) -
      (sameAddress(args.from, opinions) ? args.amount : 0n),
    0n,
  );
  return { moved, held };
}

/** Whether the contract holds what all of its markets owe together. `end`: where the logs end. */
export function checkHeld(ledger: OpinionLedger, { moved, held }: Moved, note: Note): bigint {
  const owed = [...ledger.markets.values()].reduce((sum, book) => sum + moneyOf(book).owed, 0n);
  const said = `the contract holds ${held} and owes ${owed} in ${ledger.markets.size} markets`;
  if (held < owed) note.differ(said);
  else note.tell(`${said}, by ${moved} movements of its collateral`);
  return owed;
}

/* BOOKS */

/** What the contract itself answers of a market, at the last block that was read. */
export type ContractBooks = {
  bands: readonly { staked: bigint; count: bigint }[];
  untold: bigint;
  /** By its number: none, void, scored, undrawn. */
  ending: number;
  total: bigint;
  facts: bigint;
  round: bigint;
  /** Of collateral, of the whole contract. */
  balance: bigint;
};

const ENDINGS = ["none", "void", "scored", "undrawn"] as const;

/** The contract's own books against those that the logs give. `held`: as its collateral moved. */
export function checkBooks(
  ledger: OpinionLedger,
  market: Hex,
  o: { books: ContractBooks; held: bigint },
  note: Note,
): void {
  const book = ledger.markets.get(market);
  if (!book) return note.differ("no log of this market");
  const { books } = o;
  const wrong = book.totals.flatMap((staked, band) => {
    const its = books.bands[band];
    const count = BigInt(book.counts[band] ?? 0);
    return its?.staked === staked && its.count === count
      ? []
      : [`band ${band}: the logs give ${staked} of ${count}, the contract ${its?.staked} of ${its?.count}`];
  });
  for (const what of wrong) note.differ(what);
  if (wrong.length === 0) note.tell(`${books.bands.length} bands are what the contract's bandOf says`);
  const told = book.totals.reduce((sum, one) => sum + one, 0n);
  note.compare<bigint>(
    "stakes with stances that nobody told, untoldOf",
    book.hidden === 0n ? 0n : book.hidden - told,
    books.untold,
  );
  note.compare<string>("how it ended, resultOf", book.ending, ENDINGS[books.ending] ?? "unknown");
  note.compare<bigint>("staked with a stance, resultOf", book.result?.tally.total ?? 0n, books.total);
  note.compare<bigint>("facts of the rule, resultOf", book.result?.tally.facts ?? 0n, books.facts);
  note.compare<bigint>("round, resultOf", book.round, books.round);
  note.compare<bigint>("balance of the contract, balanceOf", o.held, books.balance);
  return undefined;
}

/** The end of what was read, as a place. */
export const endOf = ({ block, at }: { block: number; at: number }): LogPlace => ({
  block,
  logIndex: 0,
  at,
  transaction: "0x",
});
