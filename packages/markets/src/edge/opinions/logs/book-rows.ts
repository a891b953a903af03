import type { Amount } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import { BANDS } from "../../../core/index.ts";

/** What is staked in a market, as the contract's book has it. */
export type BookRow = {
  market: string;
  staked: Amount[];
  opinions: number[];
  hidden: Amount;
  hiddenCount: number;
  volume: Amount;
  count: number;
};

const emptyBook = (market: string): BookRow => ({
  market,
  staked: Array.from({ length: BANDS }, () => 0n as Amount),
  opinions: Array.from({ length: BANDS }, () => 0),
  hidden: 0n as Amount,
  hiddenCount: 0,
  volume: 0n as Amount,
  count: 0,
});

/** Empty ones for markets in which nobody staked. */
export async function booksOf(tx: Executor, markets: readonly string[]): Promise<Map<string, BookRow>> {
  const ids = [...new Set(markets)];
  const found = await rows<BookRow>(
    tx,
    sql`select market, staked, opinions, hidden, hidden_count as "hiddenCount", volume, count
      from markets.opinion_books where market = any(${ids}::text[])`,
  );
  const known = new Map(found.map((row) => [row.market, row]));
  return new Map(ids.map((id) => [id, known.get(id) ?? emptyBook(id)]));
}

/** Their dues stay what they are. */
export async function writeBooks(tx: Executor, books: readonly BookRow[]): Promise<void> {
  const news = books.map((book) => ({
    ...book,
    staked: book.staked.map(String),
    hidden: String(book.hidden),
    hidden_count: book.hiddenCount,
    volume: String(book.volume),
    due: "0",
    due_count: 0,
  }));
  await sql`insert into markets.opinion_books
    select * from jsonb_populate_recordset(null::markets.opinion_books, ${JSON.stringify(news)}::jsonb)
    on conflict (market) do update set staked = excluded.staked, opinions = excluded.opinions,
      hidden = excluded.hidden, hidden_count = excluded.hidden_count, volume = excluded.volume, count = excluded.count`.execute(
    tx,
  );
}
