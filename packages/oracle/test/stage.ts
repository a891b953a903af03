import { testDollarAbi } from "@sooth/abi";
import {
  type Addresses,
  type BlockRef,
  type Chain,
  chains,
  deploy,
  followChain,
  localParams,
  openChain,
  runLane,
  walletOf as wallet,
} from "@sooth/chain";
import { devAccount, startAnvil } from "@sooth/chain/local-node";
import { type Hex, need } from "@sooth/kernel";
import { configureLogs, createApp, logger } from "@sooth/runtime";
import type { Store } from "@sooth/store";
import { createTestClient, http, type LocalAccount, publicActions } from "viem";
import type { WorkerDeps } from "../src/edge/deps.ts";
import { oracle } from "../src/edge/slice.ts";
import { ensureJoined } from "../src/edge/provider/join.ts";
import { type ProviderOptions, runProvider } from "../src/edge/provider/run-provider.ts";
import { oracleStore } from "./database.ts";

const hubDefinition = {
  ...need(
    Object.values(chains).find(({ id }) => id === 31_337),
    "the local hub",
  ),
  pollMs: 50,
};
const DOLLARS = 1_000_000n;
export const STAKE = 1_000n * DOLLARS;
export const owners = [1, 2, 3, 4, 5].map((index) => devAccount(index));
export const keys = [11, 12, 13, 14, 15].map((index) => devAccount(index));
export const asker = devAccount(6);
export const relayer = devAccount(9);
export const gatewayKey = devAccount(16);

export type Stage = {
  chain: Chain;
  rpcUrl: string;
  addresses: Addresses;
  startBlock: number;
  store: Store;
  apiUrl: string;
  node: ReturnType<typeof nodeOf>;
  /** Starts a provider node with this key; the function returned stops it. */
  provide(account: LocalAccount, over?: Partial<ProviderOptions>): () => Promise<void>;
  /** A second server with a database and a relayer of its own. */
  serveToo(account: LocalAccount): Promise<{ apiUrl: string; store: Store }>;
  get<T>(path: string): Promise<T>;
  close(): Promise<void>;
};

const nodeOf = (rpcUrl: string) =>
  createTestClient({ mode: "anvil", chain: hubDefinition.viem, transport: http(rpcUrl) }).extend(
    publicActions,
  );

/** The wallet of somebody who is not alone on the chain: what his call costs changes until its block. */
export const walletOf = ({ chain }: Pick<Stage, "chain">, account: LocalAccount) => wallet(chain, account);

/** A real chain with the contracts, a real database, follower, sweep, relayer and API; four providers have staked. */
export async function openStage(o: {
  allowedOrigins: readonly string[];
  params?: Partial<typeof localParams>;
  /** What the relayer may stake for one question; its account is devAccount(9). */
  resolveDeposit?: bigint;
  /** Ids of feeds that are told; the list may grow later. */
  feeds?: string[];
}): Promise<Stage> {
  configureLogs({ level: "silent" });
  const log = logger("stage");
  const stop = new AbortController();
  const [anvil, { store, drop }] = await Promise.all([
    startAnvil({ chainId: hubDefinition.id, blockSeconds: 1 }),
    oracleStore(),
  ]);
  const chain = openChain({ definition: hubDefinition, rpcUrls: [anvil.rpcUrl] });
  const params = { ...localParams, lowestWindowSeconds: 2, epochSeconds: 30, minStake: STAKE, ...o.params };
  const { addresses, startBlock } = await deploy({ chain, account: devAccount(0), params, role: "hub" });
  const node = nodeOf(anvil.rpcUrl);
  const config = {
    ORACLE_MIN_PROVIDERS: 4,
    ORACLE_MIN_REWARD: 0n,
    ORACLE_RESOLVE_DEPOSIT: o.resolveDeposit ?? 0n,
    ORACLE_FEEDS: o.feeds ?? [],
  };
  const deps = { store, hub: chain, addresses, config, log };
  const server = await startServer(deps, startBlock, relayer);
  const { apiUrl } = server;
  const others: { stop(): Promise<void> }[] = [];

  await fill(chain, node, addresses);
  await Promise.all(
    owners
      .slice(0, 4)
      .map((owner, index) =>
        ensureJoined({ chain, addresses, owner, signer: need(keys[index], "a key"), stake: STAKE }),
      ),
  );
  return {
    chain,
    rpcUrl: anvil.rpcUrl,
    addresses,
    startBlock,
    store,
    apiUrl,
    node,
    provide: (account, over = {}) => {
      const end = new AbortController();
      const running = runProvider({
        hub: chain,
        addresses,
        fromBlock: startBlock,
        account,
        apiUrl,
        allowedOrigins: o.allowedOrigins,
        signal: AbortSignal.any([stop.signal, end.signal]),
        log,
        ...over,
      });
      return () => {
        end.abort();
        return running;
      };
    },
    serveToo: async (account) => {
      const own = await oracleStore();
      const other = await startServer({ ...deps, store: own.store }, startBlock, account);
      const stopIt = async () => {
        await other.stop();
        await own.drop();
      };
      others.push({ stop: stopIt });
      return { apiUrl: other.apiUrl, store: own.store };
    },
    get: async (path) => (await fetch(new URL(path, apiUrl))).json(),
    close: async () => {
      stop.abort();
      await server.stop();
      for (const other of others) await other.stop();
      await chain.close();
      await anvil.stop();
      await drop();
    },
  };
}

/** Follower, sweep, relayer and API on one database. As the server's worker does: after every block, one sweep at a time. */
async function startServer(
  deps: WorkerDeps,
  fromBlock: number,
  account: LocalAccount,
): Promise<{ apiUrl: string; stop(): Promise<void> }> {
  const { store, hub: chain, addresses, log } = deps;
  const stop = new AbortController();
  let due: BlockRef | null = null;
  const sweeping = (async () => {
    while (!stop.signal.aborted) {
      const head = due;
      due = null;
      if (head) await oracle.sweep(deps, head);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  const following = followChain({
    store,
    chain,
    fromBlock,
    handlers: oracle.logHandlers(addresses),
    onBlock: async (_, head) => void (due = head),
    signal: stop.signal,
  });
  const sending = runLane({ store, chain, account, signal: stop.signal });
  const app = await createApp({ log, version: "0", rateLimit: { max: 100_000, windowSeconds: 60 } });
  oracle.routes(app, { ...deps, gatewayKey });
  const apiUrl = await app.listen({ port: 0, host: "127.0.0.1" });
  return {
    apiUrl,
    stop: async () => {
      stop.abort();
      await Promise.all([sweeping, following, sending]);
      await app.close();
    },
  };
}

async function fill(chain: Chain, node: Stage["node"], addresses: Addresses): Promise<void> {
  const token = { address: addresses.collateral, abi: testDollarAbi, functionName: "faucet" } as const;
  const hashes = await Promise.all(
    [...owners, asker].map((each) =>
      walletOf({ chain }, each).writeContract({ ...token, args: [each.address] }),
    ),
  );
  await Promise.all(hashes.map((hash) => node.waitForTransactionReceipt({ hash, pollingInterval: 50 })));
}

/** Waits until `look` finds something, and gives it. Fails with what was seen last. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | undefined | false>,
  // What a machine with other things to do may take; whoever asserts a speed does it elsewhere.
  seconds = 90,
): Promise<T> {
  const start = performance.now();
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() - start > seconds * 1000) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export type Call = { to: Hex; data: Hex };
/** What a wallet does with the calls that the API prepared. */
export async function sendAll(stage: Stage, account: LocalAccount, calls: readonly Call[]): Promise<void> {
  for (const { to, data } of calls) {
    const hash = await walletOf(stage, account).sendTransaction({ to, data });
    const receipt = await stage.node.waitForTransactionReceipt({ hash, pollingInterval: 50 });
    if (receipt.status !== "success") throw new Error(`${hash} reverted`);
  }
}
