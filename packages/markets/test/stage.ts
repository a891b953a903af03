import { marketsAbi, oracleAbi, stakeManagerAbi, testDollarAbi } from "@sooth/abi";
import {
  type Addresses,
  type BlockRef,
  type Chain,
  chainById,
  chainMigrations,
  deploy,
  type DeployParams,
  followChain,
  localParams,
  openChain,
  runLane,
  walletOf,
} from "@sooth/chain";
import { devAccount, startAnvil, turnClock } from "@sooth/chain/local-node";
import { type Address, at, type Hex, need } from "@sooth/kernel";
import { chainTime, oracle } from "@sooth/oracle";
import {
  familiesWanted,
  HIGHEST_WINDOW,
  kindOf,
  packAgreed,
  packEntries,
  bitmapOf,
  questionId,
  type QuestionSchema,
  reportTypedData,
  schemaHash,
  schemaText,
  type Terms,
  termsToChain,
} from "@sooth/oracle/core";
import { type App, createApp, logger } from "@sooth/runtime";
import {
  type Executor,
  listenLive,
  type LiveEvent,
  migrate,
  notifyLive,
  one,
  openStore,
  sql,
  type Store,
} from "@sooth/store";
import { testDatabase } from "@sooth/store/embedded";
import { createTestClient, createWalletClient, encodeFunctionData, http, type LocalAccount } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import type { MarketTerms } from "../src/core/index.ts";
import { marketsConfig } from "../src/edge/config.ts";
import type { Deps } from "../src/edge/deps.ts";
import { markets } from "../src/index.ts";

export const HUB = 31_337;
export const DOLLAR = 1_000_000n;
const log = logger("markets-test");

/** A real node with the contracts, a database that follows it, the API, and one lane that sends. */
export type Stage = {
  hub: Chain;
  /** Of the hub's node, for wallets that speak with it themselves. */
  rpcUrl: string;
  store: Store;
  addresses: Addresses;
  app: App;
  deps: Deps;
  providers: LocalAccount[];
  now(): Promise<number>;
  /** Sends and waits; throws when it reverts. */
  send(account: LocalAccount, to: Address, data: Hex): Promise<void>;
  /** A contract wallet (ERC-1271) that accepts every signature, with play money that Markets may take. */
  contractWallet(): Promise<Address>;
  /** A new account with gas and play money. */
  trader(options?: { gas?: boolean }): Promise<LocalAccount>;
  /** With what an opinion market wants of a score, unless `terms` say otherwise. */
  ask(
    schema: QuestionSchema,
    terms: { opensAt: number; deadline: number } & Partial<Terms>,
  ): Promise<{ id: Hex; terms: Terms }>;
  /** Three of the four providers sign these values. */
  report(question: { id: Hex; terms: Terms }, values: readonly bigint[], round?: number): Promise<void>;
  /** The next block has this time, and is there. */
  warp(timestamp: number): Promise<void>;
  /** From now on this code stands at this address. */
  setCode(address: Address, bytecode: Hex): Promise<void>;
  /** The rows stand at the chain's head, and whoever keeps answers was told so. */
  followed(): Promise<void>;
  close(): Promise<void>;
};

const onBlock = (tx: Executor, head: BlockRef): Promise<void> =>
  notifyLive(tx, { topic: "block", id: String(head.number) });

/** @param paramsOn what else the contracts are built with; what it puts on the chain stands there before them */
export async function openStage(
  paramsOn: (hub: Chain) => Promise<Partial<DeployParams>> = async () => ({}),
): Promise<Stage> {
  const database = await testDatabase();
  const anvil = await startAnvil({ chainId: HUB });
  const hub = openChain({ definition: { ...chainById(HUB), pollMs: 40 }, rpcUrls: [anvil.rpcUrl] });
  const transport = http(anvil.rpcUrl);
  const node = createTestClient({ mode: "anvil", chain: hub.definition.viem, transport });
  const rich = devAccount(0);
  const { addresses, startBlock } = await deploy({
    chain: hub,
    account: rich,
    params: { ...localParams, ...(await paramsOn(hub)) },
    role: "hub",
  });
  const store = openStore({ url: database.url, max: 8, applicationName: "markets-test" });
  await migrate(store, [chainMigrations, oracle.migrations, markets.migrations]);
  const stop = new AbortController();
  const handlers = [...oracle.logHandlers(addresses), ...markets.logHandlers(addresses)];
  const running = [
    followChain({ store, chain: hub, fromBlock: startBlock, handlers, onBlock, signal: stop.signal, log }),
    runLane({ store, chain: hub, account: devAccount(1), signal: stop.signal, log }),
  ];
  let [asked, heard] = [0, 0];
  const hear = ({ data }: LiveEvent) => {
    const { turn } = (data ?? {}) as { turn?: number };
    heard = Math.max(heard, turn ?? 0);
  };
  running.push(listenLive(store, hear, stop.signal));
  /** Notices come in the order of commits: with one of ours all before it are here. */
  const told = async () => {
    const mine = ++asked;
    for (;;) {
      await notifyLive(store.db, { topic: "provider", id: "the stage", data: { turn: mine } });
      if (heard >= mine) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  const deps: Deps = { store, hub, addresses, config: marketsConfig.parse({}), log };
  const app = await createApp({ log, version: "test" });
  markets.routes(app, deps);
  await app.ready();

  const send = async (account: LocalAccount, to: Address, data: Hex) => {
    const sent = await walletOf(hub, account).sendTransaction({ to, data });
    const receipt = await hub.client.waitForTransactionReceipt({ hash: sent, pollingInterval: 20 });
    if (receipt.status !== "success") throw new Error(`${sent} reverted`);
  };
  let faucets: Promise<void> = Promise.resolve();
  const trader = async ({ gas = true } = {}) => {
    const account = privateKeyToAccount(generatePrivateKey());
    const faucet = encodeFunctionData({
      abi: testDollarAbi,
      functionName: "faucet",
      args: [account.address],
    });
    // One account's transactions go one after the other.
    faucets = faucets.then(() => send(rich, addresses.collateral, faucet));
    await faucets;
    if (gas) await node.setBalance({ address: account.address, value: 10n ** 18n });
    return account;
  };
  const now = () => hub.now();
  const stage: Stage = {
    hub,
    rpcUrl: anvil.rpcUrl,
    store,
    addresses,
    app,
    deps,
    providers: [],
    now,
    send,
    trader,
    async contractWallet() {
      const { address } = privateKeyToAccount(generatePrivateKey());
      const faucet = encodeFunctionData({ abi: testDollarAbi, functionName: "faucet", args: [address] });
      await send(rich, addresses.collateral, faucet);
      await node.setBalance({ address, value: 10n ** 18n });
      await node.impersonateAccount({ address });
      const data = encodeFunctionData({
        abi: testDollarAbi,
        functionName: "approve",
        args: [addresses.markets, 1_000n * DOLLAR],
      });
      const wallet = createWalletClient({ account: address, chain: hub.definition.viem, transport });
      await wallet.sendTransaction({ to: addresses.collateral, data });
      // return bytes4(0x1626ba7e), whatever it is asked.
      await node.setCode({ address, bytecode: "0x631626ba7e60e01b5f5260205ff3" });
      return address;
    },
    async ask(schema, { opensAt, deadline, ...over }) {
      const text = schemaText(schema);
      const terms: Terms = {
        asker: rich.address,
        schema: schemaHash(text),
        aggregation: kindOf(schema).aggregation,
        min: 0n,
        max: boundOf(schema),
        tolerance: 0n,
        opensAt,
        deadline,
        liveness: familiesWanted(schema.sources) > 1 ? HIGHEST_WINDOW * localParams.lowestWindowSeconds : 30,
        reward: 0n,
        nonce: BigInt(generatePrivateKey()) >> 192n,
        domain: 0,
        endsEarly: false,
        // A third of what three of the four providers stake.
        secures: schema.kind === "score" ? 1_000n * DOLLAR : 0n,
        ...over,
      };
      const args = [termsToChain(terms), text] as const;
      await send(rich, addresses.oracle, encodeFunctionData({ abi: oracleAbi, functionName: "ask", args }));
      return { id: questionId(terms), terms };
    },
    async report({ id, terms }, values, round = 0) {
      const domain = { chainId: HUB, oracle: addresses.oracle };
      const epoch = 1;
      const signed = await Promise.all(
        values.map(async (value) => {
          const reports = stage.providers.map((provider) =>
            provider.signTypedData(reportTypedData(domain, { question: id, value, epoch, round })),
          );
          return { value, signatures: await Promise.all(reports) };
        }),
      );
      const seats = await seatsOf(stage);
      const reports = signed.map(({ value, signatures }, index) => ({
        seat: at(seats, index),
        value,
        signature: at(signatures, index),
      }));
      const agreed = terms.aggregation === "plurality";
      const asked = termsToChain(terms);
      const seatBits = bitmapOf(reports.map(({ seat }) => seat));
      const data = agreed
        ? encodeFunctionData({
            abi: oracleAbi,
            functionName: "reportAgreed",
            args: [asked, epoch, at(values, 0), seatBits, packAgreed(reports)],
          })
        : encodeFunctionData({
            abi: oracleAbi,
            functionName: "reportValues",
            args: [asked, epoch, packEntries(reports)],
          });
      await send(rich, addresses.oracle, data);
    },
    async warp(timestamp) {
      await turnClock(node, timestamp);
      // Readers share a reading of the clock for a moment.
      while ((await chainTime(hub)) < timestamp) await new Promise((resolve) => setTimeout(resolve, 20));
    },
    setCode: (address, bytecode) => node.setCode({ address, bytecode }),
    async followed() {
      const head = Number(await hub.client.getBlockNumber({ cacheTime: 0 }));
      for (let tries = 0; tries < 2_400; tries++) {
        const cursor = await one<{ number: number }>(
          store.db,
          sql`select number from chain.cursors where chain_id = ${HUB}`,
        );
        if ((cursor?.number ?? -1) >= head) return told();
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      throw new Error(`the rows do not reach block ${head}`);
    },
    async close() {
      stop.abort();
      await Promise.all(running);
      await app.close();
      await hub.close();
      await store.close();
      await database.drop();
      await anvil.stop();
    },
  };
  for (let index = 0; index < 4; index++) stage.providers.push(await joined(stage));
  await send(
    rich,
    addresses.stakeManager,
    encodeFunctionData({ abi: stakeManagerAbi, functionName: "advanceEpoch", args: [0] }),
  );
  return stage;
}

/** Owner and signer are one here; a provider keeps them apart. */
async function joined(stage: Stage): Promise<LocalAccount> {
  const { addresses, send } = stage;
  const provider = await stage.trader();
  const stake = 1_000n * DOLLAR;
  const approve = encodeFunctionData({
    abi: testDollarAbi,
    functionName: "approve",
    args: [addresses.stakeManager, stake],
  });
  await send(provider, addresses.collateral, approve);
  const join = encodeFunctionData({
    abi: stakeManagerAbi,
    functionName: "join",
    // The owner is the signer: no other proof that he holds the key is asked for.
    args: [provider.address, stake, 1, "0x"],
  });
  await send(provider, addresses.stakeManager, join);
  return provider;
}

/** The seat of each provider, in the order of `stage.providers`. */
async function seatsOf({ hub, addresses, providers }: Stage): Promise<number[]> {
  const logs = await hub.client.getContractEvents({
    address: addresses.stakeManager,
    abi: stakeManagerAbi,
    eventName: "EpochAdvanced",
    fromBlock: 0n,
    strict: true,
  });
  const signers = need(logs.at(-1), "an epoch").args.seats.map((seat) => seat >> 96n);
  return providers.map((provider) => signers.indexOf(BigInt(provider.address)));
}

function boundOf({ kind, outcomes }: QuestionSchema): bigint {
  if (kind === "score") return 10_000n;
  return kind === "numeric" ? 10n ** 12n : BigInt(outcomes.length - 1);
}

export const openCall = (terms: MarketTerms, question: Terms): Hex =>
  encodeFunctionData({ abi: marketsAbi, functionName: "open", args: [terms, termsToChain(question)] });
