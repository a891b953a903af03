import type { Address } from "@sooth/kernel";
import { migrate, type Store } from "@sooth/store";
import { testDatabase } from "@sooth/store/embedded";
import { createTestClient, createWalletClient, type Hex, http, publicActions } from "viem";
import { type Chain, chainMigrations, followChain, type LogHandlers, openChain } from "../src/index.ts";
import { type Anvil, devAccount, startAnvil } from "../src/local-node/index.ts";
import { countingHandlers, createCountingTables, openTestStore } from "./counting.ts";
import { testDefinition } from "./definition.ts";
import { emitterAbi, emitterBytecode } from "./emitter.ts";

export type Ledger = { store: Store; url: string; close(): Promise<void> };

/** A database of its own with the chain's tables and those of the counting slice. */
export async function openLedger(): Promise<Ledger> {
  const database = await testDatabase();
  const store = openTestStore(database.url);
  await migrate(store, [chainMigrations]);
  await createCountingTables(store.db);
  return {
    store,
    url: database.url,
    close: async () => {
      await store.close();
      await database.drop();
    },
  };
}

export type Emitting = {
  anvil: Anvil;
  chain: Chain;
  node: ReturnType<typeof nodeOf>;
  emitter: Address;
  emit(n: number, value?: number): Promise<void>;
  close(): Promise<void>;
};

const nodeOf = (rpcUrl: string) =>
  createTestClient({ mode: "anvil", chain: testDefinition.viem, transport: http(rpcUrl) }).extend(
    publicActions,
  );

/** A local node that mines each transaction at once, with the emitter on it. */
export async function openEmitting(o: { blockSeconds?: number } = {}): Promise<Emitting> {
  const definition = testDefinition;
  const anvil = await startAnvil({ chainId: definition.id, ...o });
  const chain = openChain({ definition, rpcUrls: [anvil.rpcUrl] });
  const node = nodeOf(anvil.rpcUrl);
  const wallet = createWalletClient({
    account: devAccount(0),
    chain: definition.viem,
    transport: http(anvil.rpcUrl),
  });
  const hash = await wallet.deployContract({ abi: emitterAbi, bytecode: emitterBytecode as Hex });
  const { contractAddress } = await node.waitForTransactionReceipt({ hash, pollingInterval: 10 });
  if (!contractAddress) throw new Error("the emitter was not deployed");
  const emitter = contractAddress.toLowerCase() as Address;
  return {
    anvil,
    chain,
    node,
    emitter,
    emit: async (n, value = 1) => {
      const sent = await wallet.writeContract({
        address: emitter,
        abi: emitterAbi,
        functionName: "emitMany",
        args: [BigInt(n), BigInt(value)],
        // Not estimated: a node in the middle of a reorg estimates from the state before it.
        gas: 29_000_000n,
        nonce: await node.getTransactionCount({ address: devAccount(0).address }),
      });
      await node.waitForTransactionReceipt({ hash: sent, pollingInterval: 5 });
    },
    close: async () => {
      await chain.close();
      await anvil.stop();
    },
  };
}

/** Follows in the background until the returned function is called, which throws what the follower threw. */
export function follow(store: Store, chain: Chain, handlers: readonly LogHandlers[]): () => Promise<void> {
  const stop = new AbortController();
  const done = followChain({ store, chain, fromBlock: 0, handlers, signal: stop.signal });
  done.catch(() => stop.abort());
  return () => {
    stop.abort();
    return done;
  };
}

export const followCounting = (store: Store, { chain, emitter }: Emitting): (() => Promise<void>) =>
  follow(store, chain, [countingHandlers(emitter)]);
