import { questionsByIds, type StoredQuestion } from "@sooth/oracle";
import type { Executor } from "@sooth/store";
import type { z } from "zod";
import {
  type outcomeSetPage,
  outcomesOf,
  owedOn,
  questionsOf,
  type SetBook,
  shareBps,
  shareOfOutcome,
} from "../../core/index.ts";
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
  const [putIn, key] = cursor === undefined ? [] : decodeCursor(volumePlace, cursor);
  const after = putIn !== undefined && key !== undefined ? { putIn, key } : undefined;
  const found = await setBooksByMoney(db, { after, limit: limit + 1 });
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const asked = await questionsByIds(
    db,
    page.flatMap((one) => questionsOf(one.key)),
  );
  const byId = new Map(asked.map((question) => [question.id, question]));
  return {
    items: page.map(({ key: ofKey, book }) => {
      const question = questionsOf(ofKey).flatMap((id) => byId.get(id) ?? [])[0];
      const owed = owedOn(book);
      return {
        key: ofKey,
        question: question?.id ?? null,
        text: question && question.fault === null ? question.schema.text : null,
        outcomes: outcomesShown(book, question),
        putIn: String(book.putIn),
        paidOut: String(book.paidOut),
        owed: String(owed),
        dust: String(book.putIn - book.paidOut - owed),
      };
    }),
    next: found.length > limit && last ? encodeCursor([String(last.book.putIn), last.key]) : null,
  };
}

/** Up to the last that any log spoke of. */
const outcomesShown = ({ sets, result }: SetBook, question: StoredQuestion | undefined) =>
  sets.map(({ yes, no }, outcome) => ({
    outcome,
    label:
      question && question.fault === null && outcomesOf(question.terms) > 1
        ? (question.schema.outcomes[outcome] ?? null)
        : null,
    yes: String(yes),
    no: String(no),
    yesBps: result && shareBps(shareOfOutcome(result, outcome)),
  }));
