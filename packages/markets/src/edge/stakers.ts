import { gauge } from "@sooth/runtime";
import { type Executor, one, sql } from "@sooth/store";

const stakers = gauge(
  "markets_stakers",
  "Wallets that ever staked, each once; `either` has those of pools and of opinion markets",
  ["kind"],
);

type Stakers = { pools: number; opinions: number; either: number };

/** Reads one index of every table that holds stakes, as far as it goes: too much for every block. */
export async function tellStakers(db: Executor): Promise<void> {
  const found = await one<Stakers>(
    db,
    sql`with pools as (select distinct owner from markets.positions),
        opinions as (select distinct owner from markets.opinions)
      select (select count(*)::int from pools) as pools, (select count(*)::int from opinions) as opinions,
        (select count(*)::int from (select owner from pools union select owner from opinions) all_) as either`,
  );
  for (const [kind, count] of Object.entries(found ?? {})) stakers.set({ kind }, count);
}
