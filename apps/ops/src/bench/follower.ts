import { marketsAbi } from "@sooth/abi";
import { type Chain, chainById, chainMigrations, followChain, openChain } from "@sooth/chain";
import { startAnvil } from "@sooth/chain/local-node";
import { type ChainId, type Hex, need } from "@sooth/kernel";
import { marketById, markets } from "@sooth/markets";
import { oracle } from "@sooth/oracle";
import { logger } from "@sooth/runtime";
import { migrate, openStore, type Store, storeMigrations } from "@sooth/store";
import { startEmbeddedPostgres } from "@sooth/store/embedded";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Address, createPublicClient, createTestClient, http, numberToHex, parseEventLogs } from "viem";
import { OpsError } from "../ops-error.ts";
import { emitterCall, emitterCode } from "./emitter.ts";
import { type BenchPart, type Measurement, measurement } from "./measurement.ts";
import { SEEDED_STAKES, seedMarkets } from "./seed-markets.ts";

const BLOCKS = 120;
const EVENTS_EACH = 250;
const BLOCKS_ON_TOP = 300;
const PATIENCE_MS = 180_000;
const EVENTS = BLOCKS * EVENTS_EACH;
const LOCAL_HUB = 31_337 as ChainId;
/** First sync of 140,000 events by Ponder 0.16.10 into the same Postgres on two cores, measured once. */
const PONDER_PER_SECOND = 6_300;
const ADDRESSES = {
  stakeManager: numberToHex(0xa1, { size: 20 }),
  oracle: numberToHex(0xa2, { size: 20 }),
  markets: numberToHex(0xa3, { size: 20 }),
  opinions: numberToHex(0xab, { size: 20 }),
  outcomeTokens: numberToHex(0xac, { size: 20 }),
  beacon: numberToHex(0xa5, { size: 20 }),
  wiring: numberToHex(0xa5, { size: 20 }),
  timelock: numberToHex(0xa5, { size: 20 }),
  policy: numberToHex(0xa5, { size: 20 }),
  guard: numberToHex(0xa5, { size: 20 }),
  slasher: numberToHex(0xa5, { size: 20 }),
  ladder: numberToHex(0xa6, { size: 20 }),
  court: numberToHex(0xa7, { size: 20 }),
  feeds: numberToHex(0xa8, { size: 20 }),
  gateway: numberToHex(0xa9, { size: 20 }),
  assertions: numberToHex(0xaa, { size: 20 }),
  attesters: numberToHex(0xb1, { size: 20 }),
  settler: numberToHex(0xb2, { size: 20 }),
  escrow: numberToHex(0xb4, { size: 20 }),
  bundleHub: numberToHex(0xb3, { size: 20 }),
  orders: numberToHex(0xb5, { size: 20 }),
  hashLocks: numberToHex(0xb6, { size: 20 }),
  bundleResolver: numberToHex(0xb7, { size: 20 }),
  messageGateway: numberToHex(0xb8, { size: 20 }),
  epochs: numberToHex(0xa6, { size: 20 }),
  collateral: numberToHex(0xa4, { size: 20 }),
};

/** From an empty table to the head of a chain that holds 30,000 `Staked` events, through the slices' own handlers. */
export const follower: BenchPart = {
  name: "follower",
  about: `log follower: events a second, syncing ${EVENTS.toLocaleString("en-US")} events into Postgres`,
  run: async (onStep) => {
    const dataDir = mkdtempSync(path.join(tmpdir(), "sooth-bench-"));
    const postgres = await startEmbeddedPostgres({ dataDir: path.join(dataDir, "postgres"), durable: false });
    const anvil = await startAnvil({ chainId: LOCAL_HUB });
    const store = openStore({ url: postgres.url, applicationName: "bench" });
    const chain = openChain({ definition: chainById(LOCAL_HUB), rpcUrls: [anvil.rpcUrl] });
    try {
      await migrate(store, [storeMigrations, chainMigrations, oracle.migrations, markets.migrations]);
      const [market = "0x"] = await seedMarkets(store, ADDRESSES, LOCAL_HUB, 1, await chain.now());
      onStep(`filling a chain with ${EVENTS.toLocaleString("en-US")} events`);
      await fillChain(anvil.rpcUrl, market);
      onStep("reading and decoding them without a database, for comparison");
      const reading = await perSecond(() => readOnly(chain));
      onStep("syncing them");
      const syncing = await perSecond(() => sync(store, chain));
      const stored = need(await marketById(store.db, market), "the market");
      need(
        stored.stakes === EVENTS + SEEDED_STAKES ? stored : undefined,
        `${EVENTS} stakes, of which ${stored.stakes} are`,
      );
      return results(syncing, reading);
    } finally {
      await chain.close();
      await store.close();
      await anvil.stop();
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

const results = (syncing: number, reading: number): Measurement[] => [
  measurement({
    name: "follower.sync",
    value: Math.round(syncing),
    unit: "events/s",
    reference: Math.round(reading),
    against: "the same logs read and decoded, nothing stored, same run",
  }),
  measurement({
    name: "follower.sync.ponder",
    value: Math.round(syncing),
    unit: "events/s",
    reference: PONDER_PER_SECOND,
    against: "Ponder 0.16.10, first sync, measured once on two cores",
  }),
];

async function perSecond(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (EVENTS * 1_000) / (performance.now() - start);
}

/** One transaction a block, each with a run of events from the place of the markets contract. */
async function fillChain(rpcUrl: string, market: Hex): Promise<void> {
  const test = createTestClient({ mode: "anvil", transport: http(rpcUrl) });
  const client = createPublicClient({ transport: http(rpcUrl) });
  await test.setCode({ address: ADDRESSES.markets, bytecode: emitterCode() });
  const [from] = (await test.request({ method: "eth_accounts" } as never)) as [Address];
  for (let block = 0; block < BLOCKS; block++) {
    const data = emitterCall(market, 1 + block * EVENTS_EACH, EVENTS_EACH);
    const call = { from, to: ADDRESSES.markets, data, gas: numberToHex(25_000_000) };
    const hash = (await test.request({ method: "eth_sendTransaction", params: [call] } as never)) as Hex;
    // The node answers with the hash before the block is there.
    await client.waitForTransactionReceipt({ hash, pollingInterval: 5 });
  }
  // A first sync is nearly all final blocks; the newest ones alone can still be undone and cost more.
  await test.mine({ blocks: BLOCKS_ON_TOP });
}

async function readOnly(chain: Chain): Promise<void> {
  const head = await chain.client.getBlockNumber();
  let found = 0;
  for (let from = 0n; from <= head; from += 20n) {
    const logs = await chain.client.getLogs({
      address: ADDRESSES.markets,
      fromBlock: from,
      toBlock: from + 19n,
    });
    found += parseEventLogs({ abi: marketsAbi, logs, strict: true }).length;
  }
  need(found === EVENTS ? found : undefined, `${EVENTS} events instead of ${found}`);
}

async function sync(store: Store, chain: Chain): Promise<void> {
  const head = Number(await chain.client.getBlockNumber());
  const done = new AbortController();
  const handlers = [...oracle.logHandlers(ADDRESSES), ...markets.logHandlers(ADDRESSES)];
  await followChain({
    store,
    chain,
    fromBlock: 0,
    handlers,
    // The last block's rows are committed with this callback; nothing comes after them.
    onBlock: (_tx, block) => Promise.resolve(block.number >= head ? done.abort() : undefined),
    signal: AbortSignal.any([done.signal, AbortSignal.timeout(PATIENCE_MS)]),
    log: logger("bench"),
  });
  if (!done.signal.aborted)
    throw OpsError.not_in_time({
      waitedFor: "the follower",
      seconds: PATIENCE_MS / 1_000,
      saw: "an unfinished sync",
    });
}
