import type { Address, Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import type { z } from "zod";
import { cidOf, ContentError, OpinionsError, UNDER_WAY_SECONDS, type wireErasure } from "../../core/index.ts";

/**
 * The markets, as `m`, that a request `e` waits for: announced, with a stake of its text, and not ended; both from before it, or on
 * their way by then. What came later, past this server, holds nothing up: else a copy staked in ever new markets would keep a text
 * for ever. Market and stake alike: who staked on terms that he keeps back could else announce them one after the other.
 */
export const heldBy = sql`from markets.opinions o join markets.opinion_markets m on m.id = o.market
  where o.opinion = e.sha256 and m.ending = 'none'
    and greatest(o.at, m.announced_at) <= e.asked_at + ${sql.lit(UNDER_WAY_SECONDS)}`;

const SHOWN = 20;

/** How it stands with the erasure of a text. */
export async function erasureOf(db: Executor, sha256: Hex): Promise<z.infer<typeof wireErasure>> {
  const [erased, author, young, request, waitsFor] = await Promise.all([
    isErased(db, sha256),
    authorOf(db, sha256),
    secondsYoung(db, sha256),
    one<{ owner: Address; askedAt: number; markets: number }>(
      db,
      sql`select e.owner, e.asked_at as "askedAt", (select count(distinct m.id)::int ${heldBy}) as markets
        from markets.erasures e where e.sha256 = ${sha256}`,
    ),
    rows<{ market: Hex; statement: string; closesAt: number }>(
      db,
      sql`select distinct w.market, w.statement, w."closesAt" from markets.erasures e
        cross join lateral (select m.id as market, m.statement, m.closes_at as "closesAt" ${heldBy}) w
        where e.sha256 = ${sha256} order by w."closesAt" desc, w.market limit ${SHOWN}`,
    ),
  ]);
  return {
    cid: cidOf(sha256),
    erased,
    author,
    young,
    request: request ? { ...request, notBefore: request.askedAt + UNDER_WAY_SECONDS, waitsFor } : null,
  };
}

/**
 * Who may have a text erased: who staked with it first in an announced market, or, where it stands in none of those, who alone did. In
 * a market that nobody announced anybody can stake a single unit, which nobody judges: it makes nobody the first. A provider's sheet
 * is nobody's opinion, whoever stakes with its hash.
 */
export async function authorOf(db: Executor, sha256: Hex): Promise<Address | null> {
  const row = await one<{ author: Address | null }>(
    db,
    sql`select coalesce(
        (select o.owner from markets.opinions o join markets.opinion_markets m on m.id = o.market
          where o.opinion = ${sha256} order by o.block, o.log limit 1),
        (select min(o.owner) from markets.opinions o where o.opinion = ${sha256} having count(distinct o.owner) = 1)
      ) as author
      where not exists (select 1 from markets.contents where sha256 = ${sha256} and kind = 'sheet')`,
  );
  return row?.author ?? null;
}

/** For how long it is young still, by the clock of the database; 0 of what is not kept here. */
export async function secondsYoung(db: Executor, sha256: Hex): Promise<number> {
  const young = await one<{ seconds: number }>(
    db,
    sql`select ceil(extract(epoch from at - now()))::int + ${UNDER_WAY_SECONDS} as seconds from markets.contents
      where sha256 = ${sha256} and bytes is not null`,
  );
  return Math.max(0, young?.seconds ?? 0);
}

/** What of it becomes of these texts: those that are to be erased, and those that are. At most a page's at once. */
export async function erasuresAmong(
  db: Executor,
  hashes: readonly string[],
): Promise<Map<string, "asked" | "erased">> {
  if (hashes.length === 0) return new Map();
  const found = await rows<{ sha256: string; state: "asked" | "erased" }>(
    db,
    sql`with asked (sha256) as (select unnest(${hashes}::text[]))
      select e.sha256, 'asked' as state from markets.erasures e join asked using (sha256)
      union all select c.sha256, 'erased' from markets.contents c join asked using (sha256) where c.bytes is null`,
  );
  return new Map(found.map(({ sha256, state }) => [sha256, state]));
}

export async function isErased(db: Executor, sha256: Hex): Promise<boolean> {
  const erased = await one(
    db,
    sql`select 1 from markets.contents where sha256 = ${sha256} and bytes is null`,
  );
  return erased !== undefined;
}

/**
 * That a text is not erased, nor going to be: analysts would find nothing to read. A stake that was taken just before is good for an
 * hour at most, and so counts as from before the request. @throws opinions.text_erased_soon, content.erased
 */
export async function checkTextStays(db: Executor, opinion: Hex): Promise<void> {
  const asked = await one(db, sql`select 1 from markets.erasures where sha256 = ${opinion}`);
  if (asked) throw OpinionsError.text_erased_soon({ opinion });
  if (await isErased(db, opinion)) throw ContentError.erased({ cid: cidOf(opinion) });
}
