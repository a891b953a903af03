import { type Address, need } from "@sooth/kernel";
import { type Executor, notifyLive, one, sql, type Store } from "@sooth/store";
import type { z } from "zod";
import { commentComplaint, CommentsError, type Reaction, type wireReacted } from "../../core/index.ts";
import type { MarketsConfig } from "../config.ts";
import { commentById, type Row, viewComments, type WireComment } from "./comment-rows.ts";

export type WriteDeps = { store: Store; config: MarketsConfig };
export type NewComment = { market: string; parent: string | null; author: Address; text: string };

const MINUTE = 60;
const DAY = 86_400;
/** Reactions of one person in a minute. */
const MOST_REACTIONS = 60;

/**
 * Says something below a market, or in reply to a thread there; `now` by the chain. @throws comments.bad_text, comments.unknown_market,
 * comments.unknown, comments.other_market, comments.too_deep, comments.gone, comments.repeated, comments.too_many, comments.market_busy
 */
export async function addComment(
  { store, config }: WriteDeps,
  { market, parent, author, text: given }: NewComment,
  now: number,
): Promise<WireComment> {
  const text = given.trim();
  const complaint = commentComplaint(text);
  if (complaint !== null) throw CommentsError.bad_text({ what: complaint });
  return store.transaction(async (tx) => {
    if (!(await isMarket(tx, market))) throw CommentsError.unknown_market({ market });
    if (parent !== null) checkThread(await commentOr404(tx, parent), market);
    await needRoom(tx, { author, market, text }, config, now);
    const added = await one<{ id: number }>(
      tx,
      sql`insert into markets.comments (market, parent, author, text, at)
        values (${market}, ${parent}::bigint, ${author}, ${text}, ${now}) returning id`,
    );
    await tell(tx, market);
    return view(tx, String(need(added, "a comment's number").id), author);
  });
}

/** Takes back what `who` said; its place stays, so that replies to it hang on something. @throws comments.unknown, comments.not_yours */
export async function deleteComment(store: Store, id: string, who: Address): Promise<WireComment> {
  return store.transaction(async (tx) => {
    const comment = await commentOr404(tx, id);
    if (comment.author !== who) throw CommentsError.not_yours({ comment: id, who });
    await sql`update markets.comments set text = null, hidden_why = null where id = ${id}::bigint`.execute(
      tx,
    );
    await sql`delete from markets.reactions where comment = ${id}::bigint`.execute(tx);
    await tell(tx, comment.market);
    return view(tx, id, who);
  });
}

/** Hides a comment for a reason that all read, or shows it again (`why` null). @throws comments.unknown, comments.gone */
export async function hideComment(store: Store, id: string, why: string | null): Promise<void> {
  await store.transaction(async (tx) => {
    const comment = await commentOr404(tx, id);
    if (comment.text === null) throw CommentsError.gone({ comment: id });
    await sql`update markets.comments set hidden_why = ${why} where id = ${id}::bigint`.execute(tx);
    await tell(tx, comment.market);
  });
}

/** Once of each kind, however often; `wanted` false takes it back. @throws comments.unknown, comments.gone, comments.own, comments.too_many */
export async function react(
  store: Store,
  { id, who, kind, wanted }: { id: string; who: Address; kind: Reaction; wanted: boolean },
  now: number,
): Promise<z.infer<typeof wireReacted>> {
  return store.transaction(async (tx) => {
    const comment = await commentOr404(tx, id);
    if (wanted) {
      needPresent(comment);
      if (comment.author === who) throw CommentsError.own({ comment: id });
      await needPause(tx, who, now);
      await sql`insert into markets.reactions (comment, who, kind, at)
        values (${id}::bigint, ${who}, ${kind}, ${now}) on conflict do nothing`.execute(tx);
    } else
      await sql`delete from markets.reactions
        where comment = ${id}::bigint and who = ${who} and kind = ${kind}`.execute(tx);
    await tell(tx, comment.market);
    const { reactions, own } = await view(tx, id, who);
    return { id, reactions, own };
  });
}

async function commentOr404(db: Executor, id: string): Promise<Row> {
  const found = await commentById(db, id);
  if (!found) throw CommentsError.unknown({ comment: id });
  return found;
}

const isMarket = async (db: Executor, id: string): Promise<boolean> =>
  (await one(
    db,
    sql`select 1 from markets.markets where id = ${id} union all select 1 from markets.opinion_markets where id = ${id}`,
  )) !== undefined;

export async function needMarket(db: Executor, market: string): Promise<void> {
  if (!(await isMarket(db, market))) throw CommentsError.unknown_market({ market });
}

function needPresent({ id, text, hidden_why: why }: Row): void {
  if (text === null || why !== null) throw CommentsError.gone({ comment: String(id) });
}

function checkThread(thread: Row, market: string): void {
  if (thread.market !== market) throw CommentsError.other_market({ comment: String(thread.id) });
  if (thread.parent !== null) throw CommentsError.too_deep({ comment: String(thread.id) });
  needPresent(thread);
}

/** One after the other for one person, and below one market, or many at once would each find room. */
async function needRoom(
  tx: Executor,
  { author, market, text }: { author: Address; market: string; text: string },
  config: MarketsConfig,
  now: number,
): Promise<void> {
  for (const held of [`comments of ${author}`, `comments below ${market}`])
    await sql`select pg_advisory_xact_lock(hashtext(${held}))`.execute(tx);
  const said = await one<{ minute: number; day: number; same: boolean; below: number }>(
    tx,
    sql`select count(*) filter (where at > ${now - MINUTE})::int as minute, count(*)::int as day,
        coalesce(bool_or(text = ${text} and market = ${market}), false) as same,
        (select count(*)::int from markets.comments where market = ${market} and at > ${now - DAY}) as below
      from markets.comments where author = ${author} and at > ${now - DAY}`,
  );
  const { minute, day, same, below } = need(said, "counts of comments");
  if (same) throw CommentsError.repeated({});
  if (minute >= config.COMMENTS_PER_MINUTE)
    throw CommentsError.too_many({ who: author, retryAfterSeconds: MINUTE });
  if (day >= config.COMMENTS_PER_DAY)
    throw CommentsError.too_many({ who: author, retryAfterSeconds: DAY / 24 });
  if (below >= config.COMMENTS_BELOW_A_MARKET_PER_DAY)
    throw CommentsError.market_busy({ market, retryAfterSeconds: DAY / 24 });
}

async function needPause(tx: Executor, who: Address, now: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${`reactions of ${who}`}))`.execute(tx);
  const given = await one<{ count: number }>(
    tx,
    sql`select count(*)::int as count from markets.reactions where who = ${who} and at > ${now - MINUTE}`,
  );
  if ((given?.count ?? 0) >= MOST_REACTIONS) throw CommentsError.too_many({ who, retryAfterSeconds: MINUTE });
}

const tell = (tx: Executor, market: string): Promise<void> =>
  notifyLive(tx, { topic: "comment", id: market });

async function view(db: Executor, id: string, reader: string): Promise<WireComment> {
  const [made] = await viewComments(db, [await commentOr404(db, id)], reader);
  return need(made, `comment ${id}`);
}
