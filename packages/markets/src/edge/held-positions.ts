import type { BlockRef } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { judgingAccounts, sweepPositions } from "@sooth/oracle";
import type { HeldPosition } from "@sooth/oracle/core";
import { type Executor, rows, sql } from "@sooth/store";
import { positionPlace } from "../core/index.ts";
import type { Deps } from "./deps.ts";
import { marketsByIds } from "./market-rows.ts";

/** Positions of those who judge that are looked at in one sweep: the youngest markets first. */
const AT_ONCE = 500;
/** How long after its end a market is looked at: a lost position stands for ever. */
const AFTER_END_SECONDS = 86_400;

/** What these accounts hold, unpaid, in markets that have not ended long ago. */
export async function positionsHeldBy(
  { store: { db }, addresses }: { store: { db: Executor }; addresses: Pick<Deps["addresses"], "markets"> },
  accounts: readonly Hex[],
  now: number,
): Promise<HeldPosition[]> {
  const found = await rows<{ market: Hex; outcome: number; owner: Hex }>(
    db,
    sql`select p.market, p.outcome, p.owner from markets.positions p join markets.markets m on m.id = p.market
      where p.owner = any(${[...accounts]}::text[]) and p.paid is null and m.ends_at > ${now - AFTER_END_SECONDS}
      order by m.closes_at desc, p.market, p.outcome, p.owner limit ${AT_ONCE}`,
  );
  const markets = await marketsByIds(
    db,
    found.map(({ market }) => market),
  );
  return found.flatMap(({ market, outcome, owner: holder }): HeldPosition[] => {
    const terms = markets.get(market)?.terms;
    if (!terms) return [];
    const where = positionPlace(terms, outcome);
    return [{ question: terms.question, consumer: addresses.markets, holder, where }];
  });
}

/** Has the oracle told who judges what he has a stake in here. */
export async function sweepHeld(deps: Deps, head: BlockRef): Promise<void> {
  const accounts = await judgingAccounts(deps.store.db);
  const held = await positionsHeldBy(deps, [...accounts.keys()], head.timestamp);
  await sweepPositions(deps, held, head);
}
