import { outcomeTokensAbi } from "@sooth/abi";
import { type Addresses, type ArgsOf, type FollowedLog, logHandlers, type LogHandlers } from "@sooth/chain";
import { type Hex, need } from "@sooth/kernel";
import type { Executor } from "@sooth/store";
import { bookAfter, bookAfterConversion, questionKeyOf, type SetBook } from "../../core/index.ts";
import { setBooks, writeSetBooks } from "./set-books.ts";

type Logs<E extends "Transfer" | "Settled" | "Matched" | "Converted"> = readonly FollowedLog<
  ArgsOf<typeof outcomeTokensAbi, E>
>[];

/** What becomes of the logs of OutcomeTokens. Who holds what is the chain's to tell; here is only the money behind each question. */
export const outcomeLogHandlers = ({ outcomeTokens }: Addresses): LogHandlers =>
  logHandlers({
    address: outcomeTokens,
    abi: outcomeTokensAbi,
    on: { Transfer: onTransfer, Matched: onMatched, Converted: onConverted, Settled: onSettled },
    // It was followed later than the others.
    ownTables: true,
  });

const keyOf = ({ question }: { question: Hex }): Hex => questionKeyOf(BigInt(question));

/** Each question's book after its logs of one kind. */
async function change<L>(
  tx: Executor,
  logs: readonly L[],
  keyOfLog: (log: L) => Hex,
  after: (book: SetBook, logs: readonly L[]) => SetBook,
): Promise<void> {
  const byKey = Map.groupBy(logs, keyOfLog);
  const books = await setBooks(tx, [...byKey.keys()]);
  await writeSetBooks(
    tx,
    new Map([...byKey].map(([key, told]) => [key, after(need(books.get(key), `the book of ${key}`), told)])),
  );
}

const onTransfer = (tx: Executor, logs: Logs<"Transfer">): Promise<void> =>
  change(
    tx,
    // Anybody may send nothing of any token: no book is begun for that.
    logs.filter(({ args }) => args.amount > 0n),
    ({ args }) => questionKeyOf(args.id),
    (book, ofQuestion) =>
      bookAfter(
        book,
        ofQuestion.map(({ args: { id, sender, receiver, amount }, block, logIndex }) => ({
          block: block.number,
          logIndex,
          id,
          sender,
          receiver,
          amount,
        })),
      ),
  );

/** Written down, for what the next run of logs burns: those of a match stand right behind it. */
const onMatched = (tx: Executor, logs: Logs<"Matched">): Promise<void> =>
  change(
    tx,
    logs,
    ({ args }) => keyOf(args),
    (book, matches) => {
      const { block, logIndex } = need(matches.at(-1), "a match");
      return { ...book, told: { block: block.number, logIndex, what: "match", logs: 2 } };
    },
  );

/** Tokens of a conversion stand right behind it, one log for each outcome: no two of one question are without any between them. */
const onConverted = (tx: Executor, logs: Logs<"Converted">): Promise<void> =>
  change(
    tx,
    logs,
    ({ args }) => keyOf(args),
    (book, conversions) =>
      conversions.reduce(
        (before, { args, block, logIndex }) =>
          bookAfterConversion(before, {
            block: block.number,
            logIndex,
            count: Number(args.count),
            paid: args.paid,
          }),
        book,
      ),
  );

const onSettled = (tx: Executor, logs: Logs<"Settled">): Promise<void> =>
  change(
    tx,
    logs,
    ({ args }) => keyOf(args),
    (book, [settled]) => {
      const { outcomes, numerator, denominator } = need(settled, "a settlement").args;
      return { ...book, result: { outcomes, share: { numerator, denominator } } };
    },
  );
