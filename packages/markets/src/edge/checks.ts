import { testDollarAbi } from "@sooth/abi";
import { followedHead } from "@sooth/chain";
import { type Amount, need } from "@sooth/kernel";
import type { Check } from "@sooth/runtime";
import { type Executor, one, sql, type Store } from "@sooth/store";
import type { Deps } from "./deps.ts";

type CheckDeps = Pick<Deps, "store" | "hub" | "addresses">;

export const marketsChecks = (deps: CheckDeps): Check[] => [solvent(deps), sumsFit(deps)];

type Owed = { block: number; owed: Amount };

/** What Markets may still have to pay, by the rows and the clock of the block they stand at. */
const owedByRows = (store: Store, chainId: number): Promise<Owed | undefined> =>
  store.transaction(async (tx) => {
    // One snapshot, so that rows and block are of one moment.
    await sql`set transaction isolation level repeatable read read only`.execute(tx);
    const head = await followedHead(tx, chainId);
    return head && { block: head.number, owed: await owedAt(tx, head.timestamp) };
  });

/** Pay-outs round down as ParimutuelRule does. */
async function owedAt(tx: Executor, now: number): Promise<Amount> {
  const found = await one<{ owed: Amount }>(
    tx,
    sql`with ended as (
        select m.id, m.winner, m.pools[m.winner + 1] as won, m.volume - m.pools[m.winner + 1] as lost,
          div((m.volume - m.pools[m.winner + 1]) * m.fee_bps, 10000) as fee, m.fee_due
        from markets.markets m where m.ends_at <= ${now})
      select coalesce((select sum(m.volume) from markets.markets m where m.ends_at > ${now}), 0)
        + coalesce((select sum(fee_due) from ended), 0)
        + coalesce((select sum(case
            when e.winner is null then p.staked
            when e.winner = p.outcome then p.staked + div((e.lost - e.fee) * p.staked, e.won)
            else 0 end)
          from ended e join markets.positions p on p.market = e.id and p.paid is null), 0) as owed`,
  );
  return need(found, "a sum").owed;
}

const solvent = ({ store, hub, addresses }: CheckDeps): Check => ({
  id: "markets.solvent",
  why: "the contract must hold everything that it may still have to pay",
  run: async () => {
    const rows = await owedByRows(store, hub.definition.id);
    if (!rows) return { ok: false, found: "no block has been followed yet" };
    const held = await hub.client.readContract({
      address: addresses.collateral,
      abi: testDollarAbi,
      functionName: "balanceOf",
      args: [addresses.markets],
      blockNumber: BigInt(rows.block),
    });
    const found = `${held} held, ${rows.owed} owed at block ${rows.block}`;
    return held >= rows.owed ? { ok: true, found } : { ok: false, found };
  },
});

/** Rows are sums of other rows; one that is not was changed by something else than a log. */
const sumsFit = ({ store }: CheckDeps): Check => ({
  id: "markets.sums_fit",
  why: "odds and pay-outs shown come from sums; a wrong one misleads without failing",
  run: async () => {
    const odd = await one<{ id: string; markets: number }>(
      store.db,
      sql`select min(m.id) as id, count(*) as markets from markets.markets m
        left join lateral (select coalesce(sum(p.staked), 0) as staked, count(distinct p.owner) as owners
          from markets.positions p where p.market = m.id) p on true
        left join lateral (select coalesce(sum(pool), 0) as pooled from unnest(m.pools) as pool) s on true
        where m.volume <> p.staked or m.volume <> s.pooled or m.stakers <> p.owners`,
    );
    const count = odd?.markets ?? 0;
    return count === 0
      ? { ok: true }
      : { ok: false, found: `${count} markets do not add up, ${odd?.id} for one` };
  },
});
