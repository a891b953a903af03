import type { Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import { askedFor, markedParts, partsOf } from "../../core/index.ts";
import { PIECE, type Said, unmarked, WHOLE } from "./excerpts.ts";
import type { Hit } from "./market-search.ts";
import { relatedTo } from "./related.ts";

/** Of a longer search too much would be related: it is found by its words alone. */
const MOST_PARTS = 6;
/** Texts that are weighed, of those with something of every word and of those with something of any; the index names them. */
const MOST_TEXTS = 1_000;

type Part = { place: number; similarity: number; query: string };
/** What has to do with a search: each of its words, and the words near to it, as queries of Postgres. */
export type Sense = {
  parts: readonly Part[];
  /** How many words were asked for, those left out that every text has. */
  words: number;
  /** Something of every word stands there, and something of any; and nothing that must not. */
  every: string;
  any: string;
};

/** Null where by meaning nothing would be found that is not found by the words themselves. */
export async function senseOf(db: Executor, search: string): Promise<Sense | null> {
  const { wanted, unwanted } = askedFor(search);
  const asked = partsOf(wanted);
  if (asked.length > MOST_PARTS) return null;
  const near = asked.flatMap((text, place) => [
    { place, text, similarity: 1 },
    ...relatedTo(text.toLowerCase()).map(({ word, similarity }) => ({ place, text: word, similarity })),
  ]);
  if (near.length < 2) return null;
  const places = near.map(({ place }) => place);
  const similarities = near.map(({ similarity }) => similarity);
  const texts = near.map(({ text }) => text);
  // Vectors are of English words. What was asked is looked for in every language, but what English leaves out is no word.
  const parts = await rows<Part>(
    db,
    sql`select a.place, a.similarity, (case when a.similarity < 1 then e.query else markets.asked_words(a.text) end)::text as query
      from unnest(${places}::int[], ${similarities}::float8[], ${texts}::text[]) as a(place, similarity, text),
        lateral (select websearch_to_tsquery('pg_catalog.english', a.text) as query) e
      where numnode(e.query) > 0`,
  );
  if (parts.length < 2) return null;
  const barred = await rows<{ query: string }>(
    db,
    sql`select q.query::text as query from unnest(${unwanted}::text[]) as u(text),
      lateral (select markets.asked_words(u.text) as query) q where numnode(q.query) > 0`,
  );
  const byPlace = [...Map.groupBy(parts, ({ place }) => place).values()].map((all) =>
    all.map(({ query }) => `(${query})`).join(" | "),
  );
  const but = barred.map(({ query }) => ` & !(${query})`).join("");
  const joined = (by: string) => `(${byPlace.map((all) => `(${all})`).join(by)})${but}`;
  return { parts, words: byPlace.length, every: joined(" & "), any: joined(" | ") };
}

/**
 * `meant`: markets whose statement or opinions have to do with it. Each word counts as much as the nearest one that a text has is
 * near to it, and they must come to half of the words; who has something of more words comes first, and of two that fit alike the one whose
 * statement does. All of it is below zero, so that it stands behind what was said in so many words.
 */
export function meant({ parts, words, every, any }: Sense) {
  const places = parts.map(({ place }) => place);
  const similarities = parts.map(({ similarity }) => similarity);
  const queries = parts.map(({ query }) => query);
  const fit = (text: ReturnType<typeof sql>) => sql`(
    select case when sum(b.near) * 2 >= ${words} then (count(*) + sum(b.near) / ${words}::int) / (${words}::int + 1) end
    from (select max(a.similarity) as near from asked a where ${text} @@ a.query group by a.place) b)`;
  // Those texts alone first, and only then whose they are: a join of all opinions takes longer than the weighing. Texts that nobody
  // staked on in public are none of them: they cost nothing, and would fill the room of the others.
  const texts = (query: string) => sql`(select c.sha256, ${fit(sql`c.words`)} as fit from markets.contents c
    where c.words @@ ${query}::tsquery and c.words is not null and exists (select 1
      from markets.opinions o join markets.opinion_markets m on m.id = o.market
      where o.opinion = c.sha256 and o.band is not null) limit ${MOST_TEXTS})`;
  return sql`asked as materialized (
      select place, similarity, query::tsquery as query
      from unnest(${places}::int[], ${similarities}::float8[], ${queries}::text[]) as p(place, similarity, query)),
    texts as materialized (
      ${texts(every)} ${words > 1 ? sql`union all ${texts(any)}` : sql``}),
    weighed as (
      select o.market, o.number, t.fit from texts t join markets.opinions o on o.opinion = t.sha256
        join markets.opinion_markets m on m.id = o.market
      where t.fit is not null and o.band is not null
      union all (select m.id, null, ${fit(sql`m.words`)} from markets.opinion_markets m
        where m.words @@ ${any}::tsquery limit ${MOST_TEXTS})),
    meant as (
      select market,
        round(500000 * coalesce(max(fit) filter (where number is null), 0)
          + 499000 * coalesce(max(fit) filter (where number is not null), 0))::int - 1000001 as relevance,
        bool_or(number is null) as in_statement,
        (array_agg(number order by fit desc, number) filter (where number is not null))[1] as number, true as by_meaning
      from weighed where fit is not null group by market)`;
}

type Meant = { market: Hex; by: string[]; said: Said | null };
type Row = { market: Hex; statement: string | null } & (
  | Said
  | { owner: null; number: null; opinion: null; excerpt: null }
);

/** Of the markets of a page that were found by meaning: by which words, and what was said. */
export async function meantIn(
  db: Executor,
  { any }: Sense,
  page: readonly (Hit & { id: Hex })[],
): Promise<Meant[]> {
  const hit = page.filter(({ by_meaning: isMeant }) => isMeant);
  const found = await rows<Row>(
    db,
    sql`select p.market, o.owner, o.number, o.opinion,
        case when p.in_statement then ts_headline('pg_catalog.english', ${unmarked(sql`m.statement`)}, ${any}::tsquery, ${WHOLE}) end as statement,
        ts_headline('pg_catalog.english', ${unmarked(sql`convert_from(c.bytes, 'UTF8')`)}, ${any}::tsquery, ${PIECE}) as excerpt
      from unnest(${hit.map(({ id }) => id)}::text[], ${hit.map(({ number }) => number)}::int[],
          ${hit.map(({ in_statement: said }) => said)}::bool[]) as p(market, number, in_statement)
        join markets.opinion_markets m on m.id = p.market
        left join (markets.opinions o join markets.contents c on c.sha256 = o.opinion and c.bytes is not null)
          on o.market = p.market and o.number = p.number`,
  );
  return found.map(({ statement, ...row }) => ({
    market: row.market,
    by: markedWords(statement ?? row.excerpt ?? ""),
    said: row.owner === null ? null : row,
  }));
}

/** What is marked in it, each word once. */
const markedWords = (text: string): string[] => [
  ...new Set(markedParts(text).flatMap(({ text: part, marked }) => (marked ? [part.toLowerCase()] : []))),
];
