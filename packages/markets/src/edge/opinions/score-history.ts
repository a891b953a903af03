import type { Amount, Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import type { z } from "zod";
import { crowdOf, type scoredPage } from "../../core/index.ts";
import { decodeCursor, encodeCursor, timePlace } from "../cursor.ts";
import { inStatement } from "./market-search.ts";

export type ScoreFilter = {
  /** Words of the statement in any form and order, or a part of it. */
  q?: string | undefined;
  /** When the score was written, unix seconds; both ends count. */
  from?: number | undefined;
  until?: number | undefined;
  cursor?: string | undefined;
  limit: number;
};
type Row = {
  market: Hex;
  statement: string;
  closedAt: number;
  at: number;
  transaction: Hex;
  score: number;
  confidence: number;
  staked: Amount[];
  volume: Amount;
  opinions: number;
};

/** What crowds came to: markets whose score is written, latest first, of all topics or of one. @throws markets.bad_cursor */
export async function scoreHistory(
  db: Executor,
  { q, from, until, cursor, limit }: ScoreFilter,
): Promise<z.infer<typeof scoredPage>> {
  const conditions = [
    sql`m.ending in ('scored', 'undrawn') and m.ended_at is not null`,
    ...(q?.trim() ? [inStatement(q)] : []),
    ...(from === undefined ? [] : [sql`m.ended_at >= ${from}`]),
    ...(until === undefined ? [] : [sql`m.ended_at <= ${until}`]),
    ...(cursor === undefined ? [] : [behind(cursor)]),
  ];
  const found = await rows<Row>(
    db,
    sql`select m.id as market, m.statement, m.closes_at as "closedAt", m.ended_at as at, m.ended_tx as transaction,
        m.score, m.confidence, b.staked, b.volume, b.count as opinions
      from markets.opinion_markets m join markets.opinion_books b on b.market = m.id
      where ${sql.join(conditions, sql` and `)} order by m.ended_at desc, m.id desc limit ${limit + 1}`,
  );
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ staked, volume, ...row }) => ({
      ...row,
      crowd: crowdOf(staked),
      volume: String(volume),
    })),
    next: found.length > limit && last ? encodeCursor([last.at, last.market]) : null,
  };
}

function behind(cursor: string) {
  const [at, id] = decodeCursor(timePlace, cursor);
  return sql`(m.ended_at, m.id) < (${at}, ${id})`;
}
