import { outcomeTokensAbi } from "@sooth/abi";
import { type Addresses, type ArgsOf, type FollowedLog, logHandlers, type LogHandlers } from "@sooth/chain";
import { type Hex, need } from "@sooth/kernel";
import type { Executor } from "@sooth/store";
import { bookAfter, pairOf, type SetBook } from "../../core/index.ts";
import { setBooks, writeSetBooks } from "./set-books.ts";

type Logs<E extends "Transfer" | "Settled" | "Matched"> = readonly FollowedLog<
  ArgsOf<typeof outcomeTokensAbi, E>
>[];

/** What becomes of the logs of OutcomeTokens. Who holds what is the chain's to tell; here is only the money behind each question. */
export const outcomeLogHandlers = ({ outcomeTokens }: Addresses): LogHandlers =>
  logHandlers({
    address: outcomeTokens,
    abi: outcomeTokensAbi,
    on: { Transfer: onTransfer, Matched: onMatched, Settled: onSettled },
    // It was followed later than the others.
    ownTables: true,
  });

const bookOf = (books: ReadonlyMap<Hex, SetBook>, pair: Hex): SetBook =>
  need(books.get(pair), `the book of ${pair}`);

async function onTransfer(tx: Executor, logs: Logs<"Transfer">): Promise<void> {
  // Anybody may send nothing of any token: no book is begun for that.
  const moved = logs.filter(({ args }) => args.amount > 0n);
  const moves = Map.groupBy(moved, ({ args }) => pairOf(args.id));
  const books = await setBooks(tx, [...moves.keys()]);
  const changed = [...moves].map(([pair, ofPair]) => {
    const told = ofPair.map(({ args: { id, sender, receiver, amount }, block, logIndex }) => ({
      block: block.number,
      logIndex,
      id,
      sender,
      receiver,
      amount,
    }));
    return [pair, bookAfter(bookOf(books, pair), told)] as const;
  });
  await writeSetBooks(tx, new Map(changed));
}

/** Written down, for what the next run of logs burns: those of a match stand right behind it. */
async function onMatched(tx: Executor, logs: Logs<"Matched">): Promise<void> {
  const last = new Map(logs.map((log) => [pairOf(BigInt(log.args.question)), log]));
  const books = await setBooks(tx, [...last.keys()]);
  for (const [pair, { block, logIndex }] of last)
    books.set(pair, { ...bookOf(books, pair), matched: { block: block.number, logIndex } });
  await writeSetBooks(tx, books);
}

async function onSettled(tx: Executor, logs: Logs<"Settled">): Promise<void> {
  const shares = new Map(logs.map(({ args }) => [pairOf(BigInt(args.question)), args.yesBps]));
  const books = await setBooks(tx, [...shares.keys()]);
  for (const [pair, yesBps] of shares) books.set(pair, { ...bookOf(books, pair), yesBps });
  await writeSetBooks(tx, books);
}
