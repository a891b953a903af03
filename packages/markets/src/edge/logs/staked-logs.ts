import { type Amount, amount, at, need } from "@sooth/kernel";
import { counter } from "@sooth/runtime";
import { type Executor, rows, sql } from "@sooth/store";
import { sum } from "../../core/index.ts";
import { type Happened, type Logs, lower, record } from "./record.ts";

const stakes = counter("markets_stakes_total", "Stakes seen on chain; one that a reorg undid counts again");

type Row = {
  id: string;
  question: string;
  pools: Amount[];
  stakers: number;
  stakes: number;
  unclaimed: number;
};
type Added = { market: string; outcome: number; owner: string; staked: bigint };

/** Adds up in memory and writes once a run: a run of a thousand stakes costs four statements. */
export async function onStaked(tx: Executor, logs: Logs<"Staked">): Promise<void> {
  const ids = [...new Set(logs.map(({ args }) => lower(args.market)))];
  const found = await rows<Row>(
    tx,
    sql`select id, question, pools, stakers, stakes, unclaimed from markets.markets where id = any(${ids}::text[])`,
  );
  const markets = new Map(found.map((row) => [row.id, row]));
  const added = new Map<string, Added>();
  const happened = logs.map((log): Happened => {
    const { outcome, amount: staked } = log.args;
    const [id, owner] = [lower(log.args.market), lower(log.args.owner)];
    const market = need(markets.get(id), `market ${id} of a stake`);
    market.pools[outcome] = amount(at(market.pools, outcome) + staked);
    market.stakes += 1;
    const key = `${id}:${outcome}:${owner}`;
    added.set(key, { market: id, outcome, owner, staked: (added.get(key)?.staked ?? 0n) + staked });
    const stakeNo = market.stakes;
    return {
      kind: "staked",
      log,
      market: id,
      question: market.question,
      who: owner,
      outcome,
      amount: staked,
      stakeNo,
    };
  });
  await countStakers(tx, markets, [...added.values()]);
  for (const { market } of await addToPositions(tx, [...added.values()]))
    need(markets.get(market), `market ${market}`).unclaimed += 1;
  await writePools(tx, found);
  await record(tx, happened);
  stakes.inc(logs.length);
}

/** One who stakes on two outcomes is one staker. */
async function countStakers(tx: Executor, markets: Map<string, Row>, added: readonly Added[]): Promise<void> {
  const known = await rows<{ market: string; owner: string }>(
    tx,
    sql`select distinct p.owner, p.market from markets.positions p
      join unnest(${added.map(({ owner }) => owner)}::text[], ${added.map(({ market }) => market)}::text[])
        as added (owner, market) on p.owner = added.owner and p.market = added.market`,
  );
  const pairs = new Set(known.map(({ market, owner }) => `${market}:${owner}`));
  for (const { market, owner } of added) {
    const pair = `${market}:${owner}`;
    if (pairs.has(pair)) continue;
    pairs.add(pair);
    need(markets.get(market), `market ${market}`).stakers += 1;
  }
}

/** Returns the positions that are new. */
async function addToPositions(tx: Executor, added: readonly Added[]): Promise<{ market: string }[]> {
  const written = await rows<{ market: string; fresh: boolean }>(
    tx,
    sql`
    insert into markets.positions as held (market, outcome, owner, staked)
    select * from unnest(
      ${added.map(({ market }) => market)}::text[],
      ${added.map(({ outcome }) => outcome)}::int[],
      ${added.map(({ owner }) => owner)}::text[],
      ${added.map(({ staked }) => String(staked))}::numeric[])
    on conflict (market, outcome, owner) do update set staked = held.staked + excluded.staked
    -- No transaction has ever replaced a row that was just inserted.
    returning market, xmax = 0 as fresh`,
  );
  return written.filter(({ fresh }) => fresh);
}

async function writePools(tx: Executor, markets: readonly Row[]): Promise<void> {
  const news = markets.map(({ id, pools, stakers, stakes: count, unclaimed }) => ({
    id,
    pools: pools.map(String),
    volume: String(sum(pools)),
    stakers,
    stakes: count,
    unclaimed,
  }));
  await sql`
    update markets.markets m set pools = n.pools, volume = n.volume, stakers = n.stakers, stakes = n.stakes,
      unclaimed = n.unclaimed
    from jsonb_populate_recordset(null::markets.markets, ${JSON.stringify(news)}::jsonb) n
    where m.id = n.id`.execute(tx);
}
