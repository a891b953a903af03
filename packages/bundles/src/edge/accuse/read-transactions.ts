import {
  type Addresses,
  type Chain,
  finalHead,
  followedHash,
  followedHead,
  inRanges,
  signerOf,
} from "@sooth/chain";
import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import { numberToHex, TransactionNotFoundError } from "viem";
import { type AttestersAt, type Brought, broughtBy, type Reading, type Sent } from "../../core/index.ts";
import { chainsOf, type Deps } from "../deps.ts";
import { unread } from "./metrics.ts";
import { keepSigned } from "./signed-batches.ts";

type ReadDeps = Pick<Deps, "store" | "hub" | "rollups" | "addresses" | "log">;

/** Transactions that are asked for at once. */
const AT_ONCE = 16;
const BLOCKS = 2_000;

/**
 * Reads what attesters signed out of the transactions that our contracts took, up to the blocks that the tables know. A chain that does
 * not answer holds up no other; where a branch went, the other one is read as well, and what stood in the first stays evidence.
 */
export async function readTransactions(deps: ReadDeps): Promise<void> {
  await Promise.all(
    chainsOf(deps).map((chain) =>
      readChain(deps, chain).catch((error: unknown) => {
        deps.log.warn(
          { err: error, chain: chain.definition.name },
          "what attesters signed there is not read now",
        );
      }),
    ),
  );
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
    for (let next = 0; next < transactions.length; next += AT_ONCE) {
      const some = transactions.slice(next, next + AT_ONCE);
      const sent = (await Promise.all(some.map((hash) => sentIn(deps, chain, hash)))).flat();
      found.push(...(await broughtIn(deps, sent)));
    }
    const last = Number(toBlock);
    const hash = (await followedHash(db, id, last)) ?? "";
    await deps.store.transaction(async (tx) => {
      await keepSigned(tx, found);
      await sql`insert into bundles.calldata_read (chain_id, number, hash) values (${id}, ${last}, ${hash})
        on conflict (chain_id) do update set number = excluded.number, hash = excluded.hash`.execute(tx);
    });
    return undefined;
  });
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

const contractsOn = ({ settler, escrow, attesters, bundleHub }: Addresses, isHub: boolean): Address[] => [
  settler,
  escrow,
  attesters,
  ...(isHub ? [bundleHub] : []),
];

/** The calls to our contracts in a transaction: itself, or what others called in it. */
async function sentIn({ hub, addresses, log }: ReadDeps, chain: Chain, hash: Hex): Promise<Sent[]> {
  const { client, definition } = chain;
  const chainId = definition.id;
  const ours = contractsOn(addresses, chainId === hub.definition.id);
  const isOurs = (to: string | null | undefined): boolean => ours.some((each) => sameAddress(each, to ?? ""));
  const transaction = await client.getTransaction({ hash }).catch((error: unknown) => {
    // Of a block that is gone since its logs were asked for: what comes instead is read then.
    if (error instanceof TransactionNotFoundError) return null;
    throw error;
  });
  if (transaction === null) return [];
  const { from, to, input } = transaction;
  if (isOurs(to)) return [{ chainId, transaction: hash, from, to, input }];
  try {
    const top = (await client.request({
      method: "debug_traceTransaction",
      params: [hash, { tracer: "callTracer" }],
    } as never)) as Frame;
    return framesIn(top)
      .filter((frame) => isOurs(frame.to))
      .map((frame) => ({ chainId, transaction: hash, from, to: frame.to ?? null, input: frame.input }));
  } catch (error) {
    unread.inc({ chain: definition.name });
    log.warn({ err: error, chain: definition.name, transaction: hash }, "what it called is not told");
    return [];
  }
}

type Frame = { to?: Address; input: Hex; error?: string; calls?: Frame[] };
/** What a call undid was looked at by no contract, so anybody can write anything there. */
const framesIn = (frame: Frame): Frame[] =>
  frame.error === undefined ? [frame, ...(frame.calls ?? []).flatMap(framesIn)] : [];

async function broughtIn(
  { store, hub, addresses, log }: ReadDeps,
  sent: readonly Sent[],
): Promise<Brought[]> {
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
  const read = () =>
    sent.flatMap((each) => {
      try {
        return broughtBy(each, reading) ?? [];
      } catch (error) {
        // One call that is not understood must not keep all after it from being read.
        unread.inc({ chain: String(each.chainId) });
        log.error({ err: error, chain: each.chainId, transaction: each.transaction }, "a call is not read");
        return [];
      }
    });
  const found = read();
  if (wanted.size === 0) return found;
  const known = await rows<{ id: Hex; base: bigint }>(
    store.db,
    sql`select id, base from bundles.bundles where id = any(${[...wanted]}::text[])`,
  );
  for (const { id, base } of known) bases.set(id, base);
  return read();
}
