import { testDollarAbi } from "@sooth/abi";
import { followedHead, historyOf, type Chain, type Addresses } from "@sooth/chain";
import { type Address, type Amount, need } from "@sooth/kernel";
import { type Executor, one, sql, type Store } from "@sooth/store";
import type { Deps } from "./deps.ts";
import { setsOwed } from "./outcomes/set-books.ts";
import { opinionsOwed } from "./opinions/owed.ts";

const CONTRACTS = ["markets", "opinions", "outcomeTokens"] as const;
type Name = (typeof CONTRACTS)[number];

export type Solvency = {
  block: number;
  /** Chain time of the block. */
  at: number;
  contracts: { name: Name; address: Address; held: Amount; owed: Amount }[];
  /** Contracts whose past is not read to the end: what they owe is not known yet. */
  reading: { name: Name; address: Address; through: number }[];
};
type Owed = { block: number; at: number; owed: Record<Name, Amount>; through: Partial<Record<Name, number>> };

/**
 * What the contracts hold, by the chain, and what they may still have to pay, by the rows, both of the last block that was
 * followed; undefined before the first.
 */
export async function solvency({
  store,
  hub,
  addresses,
}: Pick<Deps, "store" | "hub" | "addresses">): Promise<Solvency | undefined> {
  const rows = await owedByRows(store, hub.definition.id, addresses);
  if (!rows) return undefined;
  const { block, at, owed, through } = rows;
  const contracts = await Promise.all(
    CONTRACTS.filter((name) => through[name] === undefined).map(async (name) => {
      const address = addresses[name];
      return { name, address, held: await heldBy(hub, addresses, address, block), owed: owed[name] };
    }),
  );
  const reading = CONTRACTS.flatMap((name) => {
    const to = through[name];
    return to === undefined ? [] : [{ name, address: addresses[name], through: to }];
  });
  return { block, at, contracts, reading };
}

const heldBy = async (hub: Chain, addresses: Addresses, contract: Address, block: number): Promise<Amount> =>
  (await hub.client.readContract({
    address: addresses.collateral,
    abi: testDollarAbi,
    functionName: "balanceOf",
    args: [contract],
    blockNumber: BigInt(block),
  })) as Amount;

const owedByRows = (store: Store, chainId: number, addresses: Addresses): Promise<Owed | undefined> =>
  store.transaction(async (tx) => {
    // One snapshot, so that rows and block are of one moment.
    await sql`set transaction isolation level repeatable read read only`.execute(tx);
    const head = await followedHead(tx, chainId);
    if (!head) return undefined;
    const { number: block, timestamp: at } = head;
    const outcomeTokens = await historyOf(tx, chainId, addresses.outcomeTokens);
    return {
      block,
      at,
      owed: {
        markets: await poolsOwed(tx, at),
        opinions: await opinionsOwed(tx),
        outcomeTokens: await setsOwed(tx),
      },
      through: outcomeTokens === undefined ? {} : { outcomeTokens },
    };
  });

/**
 * What Markets may still have to pay at chain time `now`. Pay-outs round down as ParimutuelRule does. Of what has ended it reads only
 * markets that still owe something, by the index that the keeper has, and of those no loser: a loser's position is never paid.
 */
async function poolsOwed(tx: Executor, now: number): Promise<Amount> {
  const found = await one<{ owed: Amount }>(
    tx,
    sql`with ended as (
        select m.id, m.winner, m.pools[m.winner + 1] as won, m.volume - m.pools[m.winner + 1] as lost,
          div((m.volume - m.pools[m.winner + 1]) * m.fee_bps, 10000) as fee, m.fee_due
        from markets.markets m where m.ends_at <= ${now} and (m.unclaimed > 0 or m.fee_due is not null))
      select coalesce((select sum(m.volume) from markets.markets m where m.ends_at > ${now}), 0)
        + coalesce((select sum(fee_due) from ended), 0)
        + coalesce((select sum(case
            when e.winner is null then p.staked
            else p.staked + div((e.lost - e.fee) * p.staked, e.won) end)
          from ended e join markets.positions p on p.market = e.id and p.paid is null
            and (e.winner is null or p.outcome = e.winner)), 0) as owed`,
  );
  return need(found, "a sum").owed;
}
