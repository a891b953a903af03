import type { BlockRef } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { judgingAccounts, sweepPositions } from "@sooth/oracle";
import type { HeldPosition } from "@sooth/oracle/core";
import { type Executor, rows, sql } from "@sooth/store";
import { positionPlace } from "../core/index.ts";
import type { Deps } from "./deps.ts";
import { marketsByIds } from "./market-rows.ts";

/** Positions of those who judge that are looked at at once. */
const AT_ONCE = 500;
/** How long after its end a market is looked at: a lost position stands for ever. */
const AFTER_END_SECONDS = 86_400;

type Place = { market: Hex; outcome: number; owner: Hex };

/**
 * What these accounts hold, unpaid, in markets that have not ended long ago, page after page to the end: hundreds of tiny stakes
 * of one must not hide another's.
 */
export async function* positionsHeldBy(
  { store: { db }, addresses }: { store: { db: Executor }; addresses: Pick<Deps["addresses"], "markets"> },
  accounts: readonly Hex[],
  now: number,
  atOnce = AT_ONCE,
): AsyncGenerator<HeldPosition[]> {
  let last: Place | undefined;
  do {
    const found = await pageOf(db, accounts, { now, last, limit: atOnce });
    last = found.length < atOnce ? undefined : found.at(-1);
    const markets = await marketsByIds(
      db,
      found.map(({ market }) => market),
    );
    yield found.flatMap(({ market, outcome, owner: holder }): HeldPosition[] => {
      const terms = markets.get(market)?.terms;
      if (!terms) return [];
      const where = positionPlace(terms, outcome);
      return [{ question: terms.question, consumer: addresses.markets, holder, where }];
    });
  } while (last);
}

const pageOf = (
  db: Executor,
  accounts: readonly Hex[],
  { now, last, limit }: { now: number; last: Place | undefined; limit: number },
): Promise<Place[]> =>
  rows<Place>(
    db,
    sql`select p.market, p.outcome, p.owner from markets.positions p join markets.markets m on m.id = p.market
      where p.owner = any(${[...accounts]}::text[]) and p.paid is null and m.ends_at > ${now - AFTER_END_SECONDS}
      ${last ? sql`and (p.market, p.outcome, p.owner) > (${last.market}, ${last.outcome}, ${last.owner})` : sql``}
      order by p.market, p.outcome, p.owner limit ${limit}`,
  );

/** Has the oracle told who judges what he has a stake in here. */
export async function sweepHeld(deps: Deps, head: BlockRef, atOnce = AT_ONCE): Promise<void> {
  const accounts = await judgingAccounts(deps.store.db);
  for await (const held of positionsHeldBy(deps, [...accounts.keys()], head.timestamp, atOnce))
    await sweepPositions(deps, held, head);
}
