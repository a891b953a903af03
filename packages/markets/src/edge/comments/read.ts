import { type Executor, one, rows, sql } from "@sooth/store";
import { z } from "zod";
import type { replyPage, threadPage } from "../../core/index.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { type Row, SELECT, viewComments } from "./comment-rows.ts";

/** The place of a comment among others is its number. */
const place = z.tuple([z.number().int().nonnegative().safe()]);
/** Replies that come with their thread. */
const FIRST_REPLIES = 3;

type PageOf = { cursor?: string | undefined; limit: number };

/** Threads below a market, the newest first, each with its first replies. @throws markets.bad_cursor */
export async function threadsOf(
  db: Executor,
  market: string,
  { cursor, limit }: PageOf,
  reader: string | null,
): Promise<z.infer<typeof threadPage>> {
  const before = cursor === undefined ? undefined : decodeCursor(place, cursor)[0];
  const [found, counted] = await Promise.all([
    rows<Row>(
      db,
      sql<Row>`${SELECT} where c.market = ${market} and c.parent is null
        and ${before === undefined ? sql`true` : sql`c.id < ${before}`} order by c.id desc limit ${limit + 1}`,
    ),
    one<{ total: number }>(
      db,
      sql`select count(*)::int as total from markets.comments
        where market = ${market} and text is not null and hidden_why is null`,
    ),
  ]);
  const threads = found.slice(0, limit);
  const replies = await rows<Row>(
    db,
    sql<Row>`select r.* from unnest(${threads.map(({ id }) => id)}::bigint[]) as t (id)
      cross join lateral (${SELECT} where c.parent = t.id order by c.id limit ${FIRST_REPLIES}) r order by r.id`,
  );
  const views = await viewComments(db, [...threads, ...replies], reader);
  const last = threads.at(-1);
  return {
    items: views
      .filter(({ parent }) => parent === null)
      .map((thread) => ({ ...thread, first: views.filter(({ parent }) => parent === thread.id) })),
    next: found.length > limit && last ? encodeCursor([last.id]) : null,
    total: counted?.total ?? 0,
  };
}

/** Replies to a thread, the oldest first. @throws markets.bad_cursor */
export async function repliesTo(
  db: Executor,
  thread: string,
  { cursor, limit }: PageOf,
  reader: string | null,
): Promise<z.infer<typeof replyPage>> {
  const after = cursor === undefined ? 0 : decodeCursor(place, cursor)[0];
  const found = await rows<Row>(
    db,
    sql<Row>`${SELECT} where c.parent = ${thread}::bigint and c.id > ${after} order by c.id limit ${limit + 1}`,
  );
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    items: await viewComments(db, page, reader),
    next: found.length > limit && last ? encodeCursor([last.id]) : null,
  };
}
