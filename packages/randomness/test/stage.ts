import {
  type Addresses,
  type Chain,
  chainById,
  chainMigrations,
  deploy,
  localParams,
  openChain,
  runLane,
} from "@sooth/chain";
import { devAccount, startAnvil, turnClock } from "@sooth/chain/local-node";
import { logger } from "@sooth/runtime";
import { migrate, openStore, type Store } from "@sooth/store";
import { testDatabase } from "@sooth/store/embedded";
import { createTestClient, createWalletClient, type Hex, http } from "viem";
import { type LocalBeacon, startLocalBeacon } from "../src/local-beacon/index.ts";
import { openBeacon, type RandomnessDeps } from "../src/index.ts";
import { identity, SECRET } from "./relays.ts";

export type Stage = {
  chain: Chain;
  store: Store;
  addresses: Addresses;
  beacon: LocalBeacon;
  deps: RandomnessDeps;
  /** Sets the time of the next block, and mines it. */
  warp(timestamp: number): Promise<void>;
  /** Sends what the outbox holds, until the function returned is called. */
  relay(): () => Promise<void>;
  /** Somebody's own transaction to the contract of the beacon. */
  call(data: Hex): Promise<void>;
  close(): Promise<void>;
};

/** A real chain with the contracts, a real database, and a local beacon that speaks by that chain's clock. */
export async function openStage(): Promise<Stage> {
  const definition = { ...chainById(31_337), pollMs: 20 };
  const [anvil, database] = await Promise.all([
    startAnvil({ chainId: definition.id, timestamp: identity.genesis + 1_000_000 }),
    testDatabase(),
  ]);
  const chain = openChain({ definition, rpcUrls: [anvil.rpcUrl] });
  const params = {
    ...localParams,
    beaconKey: identity.publicKey,
    beaconGenesis: identity.genesis,
    beaconPeriodSeconds: identity.period,
  };
  const { addresses } = await deploy({ chain, account: devAccount(0), params, role: "hub" });
  const store = openStore({ url: database.url, max: 4 });
  await migrate(store, [chainMigrations]);
  const beacon = await startLocalBeacon({ ...identity, secretKey: SECRET, now: () => chain.now() });
  const node = createTestClient({ mode: "anvil", chain: definition.viem, transport: http(anvil.rpcUrl) });
  const wallet = createWalletClient({
    account: devAccount(1),
    chain: definition.viem,
    transport: http(anvil.rpcUrl),
  });
  const config = { BEACON_URLS: [beacon.url, beacon.firstUrl], BEACON_TIMEOUT_MS: 10_000 };
  return {
    chain,
    store,
    addresses,
    beacon,
    deps: {
      store,
      hub: chain,
      addresses,
      beacon: openBeacon(chain, addresses, config),
      log: logger("stage"),
    },
    warp: async (timestamp) => {
      await turnClock(node, timestamp);
    },
    relay: () => {
      const stop = new AbortController();
      const running = runLane({ store, chain, account: devAccount(9), signal: stop.signal });
      return async () => {
        stop.abort();
        await running;
      };
    },
    call: async (data) => {
      const hash = await wallet.sendTransaction({ to: addresses.beacon, data });
      await chain.client.waitForTransactionReceipt({ hash, pollingInterval: 20 });
    },
    close: async () => {
      await beacon.stop();
      await store.close();
      await database.drop();
      await chain.close();
      await anvil.stop();
    },
  };
}
