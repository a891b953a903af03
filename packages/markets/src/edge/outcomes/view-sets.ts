import { questionsByIds } from "@sooth/oracle";
import type { Executor } from "@sooth/store";
import type { z } from "zod";
import { type outcomeSetPage, owedOn, questionsOf } from "../../core/index.ts";
import { decodeCursor, encodeCursor, volumePlace } from "../cursor.ts";
import { setBooksByMoney } from "./set-books.ts";

/**
 * What is behind the tokens of each question, from the one that most came in for.
 * @throws markets.bad_cursor
 */
export async function viewOutcomeSets(
  db: Executor,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<z.infer<typeof outcomeSetPage>> {
  const [putIn, pair] = cursor === undefined ? [] : decodeCursor(volumePlace, cursor);
  const after = putIn !== undefined && pair !== undefined ? { putIn, pair } : undefined;
  const found = await setBooksByMoney(db, { after, limit: limit + 1 });
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const asked = await questionsByIds(
    db,
    page.flatMap((one) => questionsOf(one.pair)),
  );
  const byId = new Map(asked.map((question) => [question.id, question]));
  return {
    items: page.map(({ pair: ofPair, book }) => {
      const question = questionsOf(ofPair).flatMap((id) => byId.get(id) ?? [])[0];
      const owed = owedOn(book);
      return {
        pair: ofPair,
        question: question?.id ?? null,
        text: question && question.fault === null ? question.schema.text : null,
        yes: String(book.yes),
        no: String(book.no),
        yesBps: book.yesBps === null ? null : Number(book.yesBps),
        putIn: String(book.putIn),
        paidOut: String(book.paidOut),
        owed: String(owed),
        dust: String(book.putIn - book.paidOut - owed),
      };
    }),
    next: found.length > limit && last ? encodeCursor([String(last.book.putIn), last.pair]) : null,
  };
}
