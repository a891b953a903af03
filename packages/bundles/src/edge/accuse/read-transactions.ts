import { type Chain, finalHead, followedHash, followedHead, inRanges, signerOf } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import { numberToHex } from "viem";
import { type AttestersAt, type Brought, broughtBy, type Reading, type Sent } from "../../core/index.ts";
import { chainsOf, type Deps } from "../deps.ts";
import { callsIn, contractsOn } from "./calls-in.ts";
import { unread } from "./metrics.ts";
import { keepSigned } from "./signed-batches.ts";

type ReadDeps = Pick<Deps, "store" | "hub" | "rollups" | "addresses" | "log">;

/** Transactions that are asked for at once. */
const AT_ONCE = 16;
const BLOCKS = 2_000;
/** Those that were not told are asked for again so much later, so many in a sweep. */
const AGAIN_SECONDS = 300;
const AGAIN_AT_ONCE = 16;

/**
 * Reads what attesters signed out of the transactions that our contracts took, up to the blocks that the tables know. A chain that does
 * not answer holds up no other; where a branch went, the other one is read as well, and what stood in the first stays evidence. What a
 * node does not tell of one transaction holds up nothing either: it is written down, and asked for again until some node does.
 */
export async function readTransactions(deps: ReadDeps): Promise<void> {
  await Promise.all(
    chainsOf(deps).map(async (chain) => {
      try {
        await readChain(deps, chain);
        await readUntraced(deps, chain);
      } catch (error) {
        deps.log.warn(
          { err: error, chain: chain.definition.name },
          "what attesters signed there is not read now",
        );
      }
    }),
  );
  const waiting = await rows<{ chain: number; count: number }>(
    deps.store.db,
    sql`select chain_id as chain, count(*)::int as count from bundles.untraced group by chain_id`,
  );
  for (const { definition } of chainsOf(deps))
    unread.set({ chain: definition.name }, waiting.find(({ chain }) => chain === definition.id)?.count ?? 0);
}

async function readChain(deps: ReadDeps, chain: Chain): Promise<void> {
  const { db } = deps.store;
  const { id } = chain.definition;
  const head = await followedHead(db, id);
  if (!head) return;
  const from = await nextBlock(db, id, head.number);
  await inRanges({ from, to: head.number, largest: BLOCKS }, async ({ fromBlock, toBlock }) => {
    const transactions = await transactionsIn(deps, chain, fromBlock, toBlock);
    const found: Brought[] = [];
    const untold: Untold[] = [];
    for (let next = 0; next < transactions.length; next += AT_ONCE) {
      const read = await readSome(deps, chain, transactions.slice(next, next + AT_ONCE));
      found.push(...read.found);
      untold.push(...read.untold);
    }
    const last = Number(toBlock);
    const hash = (await followedHash(db, id, last)) ?? "";
    await deps.store.transaction(async (tx) => {
      await keepSigned(tx, found);
      await noteUntold(tx, id, untold);
      await sql`insert into bundles.calldata_read (chain_id, number, hash) values (${id}, ${last}, ${hash})
        on conflict (chain_id) do update set number = excluded.number, hash = excluded.hash`.execute(tx);
    });
    return undefined;
  });
}

type Untold = { transaction: Hex; why: string };

/** What attesters signed in these, and which of them nobody told. */
async function readSome(
  deps: ReadDeps,
  chain: Chain,
  transactions: readonly Hex[],
): Promise<{ found: Brought[]; untold: Untold[] }> {
  const ours = contractsOn(deps.addresses, chain.definition.id === deps.hub.definition.id);
  const told = await Promise.all(
    transactions.map(async (transaction) => ({ transaction, ...(await callsIn(chain, ours, transaction)) })),
  );
  const untold = told.flatMap((each) =>
    "untold" in each ? [{ transaction: each.transaction, why: each.untold }] : [],
  );
  const { found, failed } = await broughtIn(
    deps,
    told.flatMap((each) => ("untold" in each ? [] : each.sent)),
  );
  for (const { transaction, why } of [...untold, ...failed])
    deps.log.warn(
      { chain: chain.definition.name, transaction, why },
      "what a transaction says of attesters is not read yet",
    );
  return { found, untold: [...untold, ...failed] };
}

/** Those that were not told before, some at a time. */
async function readUntraced(deps: ReadDeps, chain: Chain): Promise<void> {
  const { id } = chain.definition;
  const due = await rows<{ transaction: Hex }>(
    deps.store.db,
    sql`select transaction from bundles.untraced
      where chain_id = ${id} and tried_at < now() - make_interval(secs => ${AGAIN_SECONDS})
      order by tried_at limit ${AGAIN_AT_ONCE}`,
  );
  if (due.length === 0) return;
  const hashes = due.map(({ transaction }) => transaction);
  const { found, untold } = await readSome(deps, chain, hashes);
  await deps.store.transaction(async (tx) => {
    await keepSigned(tx, found);
    const told = hashes.filter((hash) => untold.every(({ transaction }) => transaction !== hash));
    await sql`delete from bundles.untraced where chain_id = ${id} and transaction = any(${told}::text[])`.execute(
      tx,
    );
    await noteUntold(tx, id, untold);
  });
}

async function noteUntold(tx: Executor, chainId: number, untold: readonly Untold[]): Promise<void> {
  if (untold.length === 0) return;
  await sql`insert into bundles.untraced (chain_id, transaction, why)
    select distinct on (transaction) ${chainId}::bigint, transaction, why
    from jsonb_to_recordset(${JSON.stringify(untold)}::jsonb) as o (transaction text, why text)
    on conflict (chain_id, transaction) do update set tried_at = now(), why = excluded.why`.execute(tx);
}

/** Behind what was read; behind the last final block when that is gone. The first time where anything of bundles was first seen. */
async function nextBlock(db: Executor, chainId: number, head: number): Promise<number> {
  const read = await one<{ number: number; hash: string }>(
    db,
    sql`select number, hash from bundles.calldata_read where chain_id = ${chainId}`,
  );
  if (!read) {
    const first = await one<{ block: number | null }>(
      db,
      sql`select least((select min(opened_block) from bundles.bundles where chain_id = ${chainId}),
        (select min(block) from bundles.receipts where chain_id = ${chainId}),
        (select min(block) from bundles.held where chain_id = ${chainId})) as block`,
    );
    return first?.block ?? head;
  }
  const hash = await followedHash(db, chainId, read.number);
  const isGone = read.number > head || (hash !== undefined && hash !== read.hash);
  if (!isGone) return read.number + 1;
  const final = await finalHead(db, chainId);
  return Math.min(final === undefined ? 0 : final.number + 1, read.number + 1);
}

async function transactionsIn(
  { hub, addresses }: ReadDeps,
  { client, definition }: Chain,
  fromBlock: bigint,
  toBlock: bigint,
): Promise<Hex[]> {
  const logs = (await client.request({
    method: "eth_getLogs",
    params: [
      {
        address: contractsOn(addresses, definition.id === hub.definition.id),
        fromBlock: numberToHex(fromBlock),
        toBlock: numberToHex(toBlock),
      },
    ],
  })) as { transactionHash: Hex }[];
  return [...new Set(logs.map(({ transactionHash }) => transactionHash))];
}

async function broughtIn(
  { store, hub, addresses }: ReadDeps,
  sent: readonly Sent[],
): Promise<{ found: Brought[]; failed: Untold[] }> {
  const at: AttestersAt = { chainId: hub.definition.id, attesters: addresses.attesters };
  const wanted = new Set<Hex>();
  const bases = new Map<Hex, bigint>();
  const reading: Reading = {
    at,
    contracts: addresses,
    baseOf: (id) => {
      wanted.add(id.toLowerCase() as Hex);
      return bases.get(id.toLowerCase() as Hex);
    },
    signerOf,
  };
  const read = () => {
    const failed: Untold[] = [];
    const found = sent.flatMap((each) => {
      try {
        return broughtBy(each, reading) ?? [];
      } catch (error) {
        // One call that is not understood must not keep all after it from being read.
        failed.push({ transaction: each.transaction, why: String(error).slice(0, 200) });
        return [];
      }
    });
    return { found, failed };
  };
  const first = read();
  if (wanted.size === 0) return first;
  const known = await rows<{ id: Hex; base: bigint }>(
    store.db,
    sql`select id, base from bundles.bundles where id = any(${[...wanted]}::text[])`,
  );
  for (const { id, base } of known) bases.set(id, base);
  return read();
}
