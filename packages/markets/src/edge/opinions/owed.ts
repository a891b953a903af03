import { type Amount, need } from "@sooth/kernel";
import { type Executor, one, sql } from "@sooth/store";

/**
 * What Opinions may still have to pay, by the rows: every stake of a market that has not ended, also on terms that nobody
 * announced; of one that has, what claims take, prizes that are not paid, and the creator's fee. All that a draw is for counts
 * until the round is proved: where no seed comes it is shared, which may pay more than equal prizes.
 */
export async function opinionsOwed(db: Executor): Promise<Amount> {
  // Of a market without terms no row says how it ended; only what happened does.
  const found = await one<{ owed: Amount }>(
    db,
    sql`select
        coalesce((select sum(b.volume) from markets.opinion_books b
          left join markets.opinion_markets m on m.id = b.market
          where m.ending = 'none' or (m.id is null and not exists (select 1 from markets.opinion_activity a
            where a.market = b.market and a.kind = 'voided'))), 0)
        + coalesce((select sum(o.due) from markets.opinions o where o.due > 0), 0)
        + coalesce((select sum(p.amount) from markets.opinion_prizes p where p.paid_to is null), 0)
        + coalesce((select sum(div(m.total * m.prize_bps, 10000)) from markets.opinion_markets m
          where m.ending = 'scored' and m.seed is null), 0)
        + coalesce((select sum(div(m.total * m.fee_bps, 10000)) from markets.opinion_markets m
          where m.ending in ('scored', 'undrawn') and not m.fee_paid), 0) as owed`,
  );
  return need(found, "a sum").owed;
}

/** The first market, and how many there are, whose book is not the sum of its opinions. */
export const oddBooks = async (db: Executor): Promise<{ id: string; markets: number }> =>
  need(
    await one<{ id: string; markets: number }>(
      db,
      sql`with told as (select market, band, sum(amount) as staked, count(*) as opinions
          from markets.opinions where band is not null group by market, band),
        odd as (
          select b.market from markets.opinion_books b
            left join lateral (select coalesce(sum(o.amount), 0) as volume, count(*) as count,
              coalesce(sum(o.amount) filter (where o.band is null), 0) as hidden,
              count(*) filter (where o.band is null) as hidden_count,
              coalesce(sum(o.due), 0) as due, count(*) filter (where o.due > 0) as due_count
              from markets.opinions o where o.market = b.market) o on true
            left join lateral (select coalesce(sum(band), 0) as staked from unnest(b.staked) as band) s on true
            where (b.volume, b.count, b.hidden, b.hidden_count, b.due, b.due_count)
                is distinct from (o.volume, o.count, o.hidden, o.hidden_count, o.due, o.due_count)
              or b.volume <> s.staked + b.hidden
          union select t.market from told t left join markets.opinion_books b on b.market = t.market
            where b.staked[t.band + 1] is distinct from t.staked
              or b.opinions[t.band + 1] is distinct from t.opinions)
        select min(market) as id, count(*) as markets from odd`,
    ),
    "a count",
  );
