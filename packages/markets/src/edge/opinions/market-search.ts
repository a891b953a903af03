import type { Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import type { z } from "zod";
import { askedFor, likePattern, type wireFound } from "../../core/index.ts";
import { PIECE, type Said, unmarked, wireSaid } from "./excerpts.ts";
import { meant, meantIn, type Sense } from "./market-meaning.ts";

export type Found = z.infer<typeof wireFound>;
/** Why a market is among those found. */
export type Hit = {
  /**
   * In millionths; of a market whose statement says it a million or more, of one in which it was only argued less, and of one in
   * which nobody said it but something near it, below zero.
   */
  relevance: number;
  /** The words themselves do not stand there. */
  by_meaning: boolean;
  in_statement: boolean;
  /** Of the opinion that says it best; null where none does. */
  number: number | null;
};

/** Opinions that are looked through for the best; of a word that more of them hold, those are taken that the index names first. */
const MOST_TEXTS = 5_000;
/** Of ranks: longer texts count less (1), and the whole stays below one (32). */
const RANK = 33;
const LANGUAGES = ["english", "german", "spanish", "simple"] as const;

/** What is looked for, as Postgres has it; the migration of `words_of` says in which languages. */
const queryOf = (search: string) => {
  const { wanted, unwanted } = askedFor(search);
  const parts = [
    sql`markets.asked_words(${wanted})`,
    ...unwanted.map((text) => sql`!! markets.asked_words(${text})`),
  ];
  return sql`(${sql.join(parts, sql` && `)})`;
};

/** Words of a statement in any form and order, or a part of it as it stands; `m` is the market. */
export const inStatement = (search: string) =>
  sql`(m.words @@ ${queryOf(search)} or m.search like ${likePattern(search)})`;

/**
 * `hits`: markets that fit, each once. Words of the statement, or a part of it as it stands, come before what was only argued. Opinions
 * whose stance is still hidden tell nothing before they are told, nor do texts that are erased or forgotten: the words go with them.
 * With a `sense` those that only have to do with it come last.
 */
export const hits = (search: string, sense: Sense | null) => {
  const query = queryOf(search);
  return sql`said as materialized (
      select o.market, o.number, ts_rank(c.words, ${query}, ${RANK}) as rank
      from markets.contents c join markets.opinions o on o.opinion = c.sha256
        join markets.opinion_markets m on m.id = o.market
      where c.words @@ ${query} and c.words is not null and o.band is not null limit ${MOST_TEXTS}),
    literal as (
      select market, round(1000000 * sum(rank))::int as relevance, bool_or(number is null) as in_statement,
        max(number) as number, false as by_meaning
      from (
        (select distinct on (market) market, number, rank from said order by market, rank desc, number)
        union all
        select m.id, null, 1 + ts_rank(m.words, ${query}, ${RANK}) from markets.opinion_markets m
          where m.words @@ ${query}
        union all
        select m.id, null, 1 from markets.opinion_markets m where m.search like ${likePattern(search)}
      ) as fits group by market)
    ${
      sense === null
        ? sql`, hits as (select * from literal)`
        : sql`, ${meant(sense)}, hits as (select * from literal union all
            select * from meant where market not in (select market from literal))`
    }`;
};

/** Of the markets of a page where what was searched for stands, with a piece of the opinion that says it best. */
export async function foundIn(
  db: Executor,
  search: string,
  sense: Sense | null,
  page: readonly (Hit & { id: Hex })[],
): Promise<Map<Hex, Found>> {
  const { wanted } = askedFor(search);
  const told = page.filter(({ number, by_meaning: isMeant }) => number !== null && !isMeant);
  const languages = LANGUAGES.map((name) => `pg_catalog.${name}`);
  const said = await rows<Said>(
    db,
    sql`select o.market, o.owner, o.number, o.opinion, (
        select ts_headline(l.name, t.text, websearch_to_tsquery(l.name, ${wanted}), ${PIECE})
        from unnest(${languages}::regconfig[]) with ordinality as l(name, place)
        where to_tsvector(l.name, t.text) @@ websearch_to_tsquery(l.name, ${wanted}) order by l.place limit 1) as excerpt
      from unnest(${told.map(({ id }) => id)}::text[], ${told.map(({ number }) => number)}::int[]) as p(market, number)
      join markets.opinions o on o.market = p.market and o.number = p.number
      join markets.contents c on c.sha256 = o.opinion and c.bytes is not null
      cross join lateral (select ${unmarked(sql`convert_from(c.bytes, 'UTF8')`)} as text) t`,
  );
  const meantOnes = sense === null ? [] : await meantIn(db, sense, page);
  const bySaid = new Map(said.map((one) => [one.market, one]));
  const byMeaning = new Map(meantOnes.map((one) => [one.market, one]));
  return new Map(
    page.map(({ id, in_statement: statement }) => {
      const near = byMeaning.get(id);
      const best = bySaid.get(id) ?? near?.said ?? null;
      return [id, { statement, by: near?.by ?? null, opinion: best && wireSaid(best) }];
    }),
  );
}
