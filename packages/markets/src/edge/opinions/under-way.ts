import { transactionStatuses } from "@sooth/chain";
import type { Address, Amount, Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";

/**
 * All stakes of a market, those of this server's relay included that no block is known to hold yet. `owner`'s own are left out: he
 * has one opinion in it, and the contract takes no second. Counts too much rather than too little while blocks come in.
 */
export async function stakedAndUnderWay(db: Executor, market: Hex, owner: Address): Promise<Amount> {
  const sent = await rows<{ key: string; amount: Amount }>(
    db,
    sql`select outbox_key as key, amount from markets.relayed r
      where r.market = ${market} and r.amount is not null and r.owner <> ${owner.toLowerCase()}
        and not exists (select 1 from markets.opinions o where o.market = r.market and o.owner = r.owner)`,
  );
  const statuses = await transactionStatuses(
    db,
    sent.map(({ key }) => key),
  );
  const underWay = sent
    .filter(({ key }) => statuses.get(key) !== undefined && statuses.get(key)?.status !== "failed")
    .reduce((sum, { amount }) => sum + amount, 0n);
  const book = await one<{ volume: Amount }>(
    db,
    sql`select volume from markets.opinion_books where market = ${market}`,
  );
  return ((book?.volume ?? 0n) + underWay) as Amount;
}

/** Until this transaction ends no other relay of the market is taken: of two at once each would find the same room. */
export async function oneAtATime(tx: Executor, market: Hex): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`markets.opinions:${market}`}, 0))`.execute(tx);
}
