import { type Address, type Amount, type Hex, need } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import { CLAIMS_EACH } from "../../core/index.ts";

/** `rested`: it was left alone after the collateral refused every payment, and that time is over. */
export type Owing = { id: Hex; rested: boolean };
/** So many markets, and none behind such as have so many open claims. */
type AtOnce = { limit: number; most: number };

// As the index of open fees has it.
export const FEE_OPEN = sql`(m.ending <> 'void' and not m.fee_paid and m.total * m.fee_bps >= 10000)`;
const PRIZES_OPEN = sql`(select count(*) from markets.opinion_prizes p
  where p.market = m.id and p.paid_to is null and p.amount > 0)`;

/** Ids of markets that have yet to pay somebody who staked; what their creators are owed is left out. Read from partial indexes. */
export const OWING_STAKERS = sql`(select market from markets.opinion_books where due_count > 0
  union all select market from markets.opinion_prizes where paid_to is null and amount > 0)`;

/** Markets that owe something to opinions, to winners of draws or to their creators, and are not left alone at `now`. */
export const owingMarkets = (
  db: Executor,
  { endedBy, now, limit, most }: { endedBy: number; now: number } & AtOnce,
): Promise<Owing[]> =>
  rows<Owing>(
    db,
    sql`select id, rested from (
        select m.id, m.ended_at, r.market is not null as rested,
          sum(b.due_count) over (order by m.ended_at, m.id) - b.due_count as before
        from markets.opinion_markets m
        join markets.opinion_books b on b.market = m.id left join markets.refused r on r.market = m.id
        where m.ending <> 'none' and m.ended_at <= ${endedBy} and coalesce(r.again_at <= ${now}, true)
          and m.id in (${OWING_STAKERS} union all select m.id from markets.opinion_markets m where ${FEE_OPEN})) owing
      where before < ${most} order by ended_at, id limit ${limit}`,
  );

/** Stakes that are void although nobody announced their market. */
export const unannouncedDues = (
  db: Executor,
  { now, limit, most }: { now: number } & AtOnce,
): Promise<Owing[]> =>
  rows<Owing>(
    db,
    sql`select id, rested from (
        select b.market as id, r.market is not null as rested,
          sum(b.due_count) over (order by b.market) - b.due_count as before
        from markets.opinion_books b left join markets.refused r on r.market = b.market
        where b.due_count > 0 and coalesce(r.again_at <= ${now}, true)
          and not exists (select 1 from markets.opinion_markets m where m.id = b.market)) owing
      where before < ${most} order by id limit ${limit}`,
  );

/** Payments that are refused in markets which are left alone at `now`, as far as they are open still. */
export async function refusedPayments(db: Executor, now: number): Promise<number> {
  const found = await one<{ payments: number }>(
    db,
    sql`select coalesce(sum(least(r.positions, b.due_count + case when m.id is null then 0
          else ${PRIZES_OPEN} + case when ${FEE_OPEN} then 1 else 0 end end)), 0)::int as payments
      from markets.refused r join markets.opinion_books b on b.market = r.market
      left join markets.opinion_markets m on m.id = r.market where r.again_at > ${now}`,
  );
  return need(found, "a sum").payments;
}

/**
 * Those who have, or had, something to claim, of each market in the order of their numbers, so that batches stay what they were;
 * batches of which all are paid are left out, each as a whole.
 */
export const claimableOwners = (
  db: Executor,
  markets: readonly Hex[],
): Promise<{ market: Hex; owner: Address; due: Amount }[]> =>
  rows(
    db,
    sql`with placed as (
        select market, owner, due, number,
          (row_number() over (partition by market order by number) - 1) / ${CLAIMS_EACH}::int as batch
        from markets.opinions where market = any(${[...markets]}::text[]) and (due > 0 or paid > 0)),
      batched as (select *, bool_or(due > 0) over (partition by market, batch) as open from placed)
      select market, owner, due from batched where open order by market, number`,
  );

export const unpaidPrizes = (
  db: Executor,
  markets: readonly Hex[],
): Promise<{ market: Hex; prize: number; winner: Address; amount: Amount }[]> =>
  rows(
    db,
    sql`select market, prize, winner, amount from markets.opinion_prizes
      where market = any(${[...markets]}::text[]) and paid_to is null and amount > 0 order by market, prize`,
  );
