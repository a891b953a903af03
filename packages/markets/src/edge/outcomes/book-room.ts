import { type Executor, one, rows, sql } from "@sooth/store";
import { bidsYes, OutcomesError, type SetOrder, yesPrice } from "../../core/index.ts";
import { bestFirst, inBook, isBid, priceOfYes } from "./order-rows.ts";

/** Orders of one maker that are kept at once. */
export const MOST_OF_A_MAKER = 40;
/** Orders of one kind, bids for yes or asks, on one outcome, each of which could be matched when it came. */
export const MOST_OF_A_SIDE = 500;
/** The same on all outcomes. */
const MOST_OF_ALL = 20_000;
/** Orders besides that are in no book: nobody can match them now, or a full book dropped them. */
const MOST_OUTSIDE = 20_000;

type Side = { question: string; outcome: number; bid: boolean; count: number; worst: number };
export type Dropped = { digest: string; question: string };

/**
 * What a full book drops for this order: the worst-priced of its side, where this one's price is better. Where all books together are
 * full, the worst of whichever side has most: who fills one book, or many, shuts nobody out of another.
 * @throws outcomes.too_many_orders, outcomes.book_full
 */
async function dropsFor(
  db: Executor,
  order: SetOrder,
  now: number,
): Promise<{ side: Side; many: number } | null> {
  const { maker, question, outcome } = order;
  const own = await one<{ count: number }>(
    db,
    sql`select count(*)::int as count from markets.outcome_orders
      where maker = ${maker} and expires_at >= ${now} and left_ > 0`,
  );
  if ((own?.count ?? 0) >= MOST_OF_A_MAKER)
    throw OutcomesError.too_many_orders({ maker, most: MOST_OF_A_MAKER });
  const sides = await rows<Side>(
    db,
    sql`select question, outcome, ${isBid} as bid, count(*)::int as count,
        case when ${isBid} then min(${priceOfYes}) else max(${priceOfYes}) end as worst
      from markets.outcome_orders where ${inBook(now)} group by question, outcome, ${isBid}`,
  );
  const bid = bidsYes(order);
  const its = sides.find((one) => one.question === question && one.outcome === outcome && one.bid === bid);
  const all = sides.reduce((sum, { count }) => sum + count, 0);
  const isFull = (its?.count ?? 0) >= MOST_OF_A_SIDE;
  if (!isFull && all < MOST_OF_ALL) return null;
  const fullest = sides.reduce<Side | undefined>(
    (most, one) => (one.count > (most?.count ?? 0) ? one : most),
    its,
  );
  const side = isFull ? its : fullest;
  if (!side) return null;
  const price = Number(yesPrice(order));
  if (side === its && (bid ? price <= side.worst : price >= side.worst))
    throw OutcomesError.book_full({ most: side.count, yesPrice: side.worst });
  return { side, many: isFull ? side.count - MOST_OF_A_SIDE + 1 : 1 };
}

/** Whether there is room for it, or would be. @throws outcomes.too_many_orders, outcomes.book_full */
export async function checkRoom(db: Executor, order: SetOrder, now: number): Promise<void> {
  await dropsFor(db, order, now);
}

/** Makes room for it. @throws outcomes.too_many_orders, outcomes.book_full */
export async function makeRoom(tx: Executor, order: SetOrder, now: number): Promise<Dropped[]> {
  const found = await dropsFor(tx, order, now);
  if (!found) return [];
  const { question, outcome, bid } = found.side;
  return rows<Dropped>(
    tx,
    sql`update markets.outcome_orders set dropped_at = ${now} where digest in (
        select digest from (select digest, row_number() over (order by ${bestFirst}) as rank from markets.outcome_orders
            where question = ${question} and outcome = ${outcome} and ${isBid} = ${bid} and ${inBook(now)}) o
          order by rank desc limit ${found.many})
      returning digest, question`,
  );
}

/** What was dropped comes back where there is room, the best priced first. Questions whose books it is back in. */
export async function comeBack(db: Executor, now: number): Promise<string[]> {
  const back = await rows<{ question: string }>(
    db,
    sql`update markets.outcome_orders set dropped_at = null where digest in (
        select digest from (select digest, dropped_at,
              row_number() over (partition by question, outcome, ${isBid} order by dropped_at is not null, ${bestFirst}) as rank
            from markets.outcome_orders where expires_at >= ${now} and left_ > 0 and covered > 0) o
          where dropped_at is not null and rank <= ${MOST_OF_A_SIDE} order by rank
          limit greatest(0, ${MOST_OF_ALL} - (select count(*) from markets.outcome_orders where ${inBook(now)})))
        and exists (select 1 from markets.outcome_orders where dropped_at is not null)
      returning question`,
  );
  return [...new Set(back.map(({ question }) => question))];
}

/** Of those that are in no book as many are kept, those that left one last: others do not fill the table with what nobody can match. */
export async function forgetOutside(db: Executor, most = MOST_OUTSIDE): Promise<void> {
  await sql`delete from markets.outcome_orders where digest in (
      select digest from markets.outcome_orders where idle_since is not null or dropped_at is not null
      order by least(idle_since, dropped_at) desc, place desc offset ${most})`.execute(db);
}
