import type { Address, Amount, Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import type { z } from "zod";
import { type Reaction, stanceOf, type wireAuthorStake, type wireComment } from "../../core/index.ts";

export type WireComment = z.infer<typeof wireComment>;
type WireStake = z.infer<typeof wireAuthorStake>;
export type Row = {
  id: number;
  market: Hex;
  parent: number | null;
  author: Address;
  text: string | null;
  at: number;
  hidden_why: string | null;
  replies: number;
};

export const SELECT = sql`select c.*,
    (select count(*)::int from markets.comments r where r.parent = c.id) as replies
  from markets.comments c`;

export const commentById = (db: Executor, id: string): Promise<Row | undefined> =>
  one<Row>(db, sql<Row>`${SELECT} where c.id = ${id}::bigint`);

/** Rows of one market as `reader` is told them, each with what its author has at stake now. Two more queries, however many they are. */
export async function viewComments(
  db: Executor,
  found: readonly Row[],
  reader: string | null,
): Promise<WireComment[]> {
  const [market] = found.map((row) => row.market);
  if (market === undefined) return [];
  const [stakes, reactions] = await Promise.all([
    stakesIn(
      db,
      market,
      found.map(({ author }) => author),
    ),
    reactionsTo(
      db,
      found.map(({ id }) => id),
      reader,
    ),
  ]);
  return found.map((row) => toWire(row, stakes.get(row.author) ?? [], reactions.get(row.id) ?? []));
}

function toWire(row: Row, stakes: WireStake[], reactions: readonly Counted[]): WireComment {
  const count = (kind: Reaction) => reactions.find((each) => each.kind === kind)?.count ?? 0;
  const gone =
    row.text === null
      ? { by: "author" as const, why: null }
      : row.hidden_why === null
        ? null
        : { by: "operator" as const, why: row.hidden_why };
  return {
    id: String(row.id),
    market: row.market,
    parent: row.parent === null ? null : String(row.parent),
    author: row.author,
    text: gone === null ? row.text : null,
    at: row.at,
    gone,
    stakes: gone === null ? stakes : [],
    reactions: { agree: count("agree"), disagree: count("disagree"), insightful: count("insightful") },
    own: reactions.filter(({ own }) => own).map(({ kind }) => kind),
    replies: row.replies,
  };
}

type Counted = { comment: number; kind: Reaction; count: number; own: boolean };

async function reactionsTo(
  db: Executor,
  comments: readonly number[],
  reader: string | null,
): Promise<Map<number, Counted[]>> {
  const found = await rows<Counted>(
    db,
    sql`select comment, kind, count(*)::int as count, bool_or(who = ${reader ?? ""}) as own
      from markets.reactions where comment = any(${comments}::bigint[]) group by comment, kind order by comment, kind`,
  );
  return Map.groupBy(found, ({ comment }) => comment);
}

/** What these people have at stake in a pool, or in an opinion market: an id is of one of them. */
async function stakesIn(
  db: Executor,
  market: string,
  people: readonly string[],
): Promise<Map<string, WireStake[]>> {
  const owners = [...new Set(people)];
  const [pool, opinions] = await Promise.all([
    rows<{ owner: string; on: string; amount: Amount }>(
      db,
      sql`select p.owner, m.labels[p.outcome + 1] as "on", p.staked as amount
        from markets.positions p join markets.markets m on m.id = p.market
        where p.market = ${market} and p.owner = any(${owners}::text[]) order by p.staked desc, p.outcome`,
    ),
    rows<{ owner: string; band: number | null; amount: Amount }>(
      db,
      sql`select owner, band, amount from markets.opinions
        where market = ${market} and owner = any(${owners}::text[])`,
    ),
  ]);
  const staked = [
    ...pool,
    ...opinions.map(({ band, ...rest }) => ({ ...rest, on: band === null ? null : String(stanceOf(band)) })),
  ].map(({ owner, on, amount }) => ({ owner, on, amount: String(amount) }));
  return new Map(
    [...Map.groupBy(staked, ({ owner }) => owner)].map(([owner, list]) => [
      owner,
      list.map(({ on, amount }) => ({ on, amount })),
    ]),
  );
}
