import { bundleHubAbi, settlerAbi, stakeManagerAbi } from "@sooth/abi";
import { chainMigrations, followChain, runLane, walletOf } from "@sooth/chain";
import { type Address, type Hex, need } from "@sooth/kernel";
import { type App, configureLogs, createApp, logger } from "@sooth/runtime";
import { migrate, openStore, sql, rows, type Store } from "@sooth/store";
import { type TestDatabase, testDatabase } from "@sooth/store/embedded";
import { encodeFunctionData, type LocalAccount, ResponseBodyTooLargeError } from "viem";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { signFacts } from "../../../test/attesting.ts";
import {
  alice,
  bundleOf,
  type BundleStage,
  deployer,
  HUB,
  keys,
  leg,
  openBundleStage,
  owners,
  relayer,
  ROLLUP_A,
} from "../../../test/stage.ts";
import {
  batchTypedData,
  type Bundle,
  commitCompletedArgs,
  encodeEvidence,
  type Fact,
  factTree,
  type Leg,
  legHash,
  openedFact,
  type Place,
  runArgs,
  type WireFault,
} from "../../core/index.ts";
import { bundles } from "../../index.ts";
import { type BundleWatch, openWatch } from "../watch/index.ts";
import { Gatherings } from "../batches/gatherings.ts";
import { attestersOn } from "../attest/attester-set.ts";
import { SignedKeeper, sweepAttesters, watchAttesters } from "./index.ts";

const log = logger("accuse-test");
let stage: BundleStage;
let database: TestDatabase;
let store: Store;
let app: App;
let apiUrl: string;
let watch: BundleWatch;
const stop = new AbortController();
const running: Promise<void>[] = [];

beforeAll(async () => {
  configureLogs({ level: "silent" });
  [stage, database] = await Promise.all([openBundleStage(), testDatabase()]);
  store = openStore({ url: database.url });
  await migrate(store, [chainMigrations, bundles.migrations]);
  const { signal } = stop;
  const { addresses, hub, rollups } = stage;
  const chains = rollups.map(({ chain }) => chain);
  const follow = (chain: typeof hub.chain, handlers: ReturnType<typeof bundles.logHandlers>) =>
    followChain({ store, chain, fromBlock: 0, handlers, signal, log });
  running.push(follow(hub.chain, bundles.logHandlers(addresses)));
  for (const chain of chains) running.push(follow(chain, bundles.rollupLogHandlers(addresses)));
  running.push(runLane({ store, chain: hub.chain, account: deployer, signal, log }));
  watch = openWatch({ hub: hub.chain, rollups: chains, addresses, signal, log });
  running.push(watch.done);
  await watch.ready;
  app = await createApp({ log, version: "test" });
  bundles.routes(app, { ...deps(), config: bundles.config.parse({}) });
  apiUrl = await app.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(async () => {
  stop.abort();
  await Promise.all(running);
  app.server.closeAllConnections();
  await app.close();
  await store.close();
  await database.drop();
  await stage.close();
});

const deps = (over: Store = store) => ({
  store: over,
  hub: stage.hub.chain,
  rollups: stage.rollups.map(({ chain }) => chain),
  addresses: stage.addresses,
  log,
});
const until = <T>(what: () => T | Promise<T>) => vi.waitFor(what, { timeout: 60_000, interval: 50 });
const keyAt = (index: number): LocalAccount => need(keys[index], "a key");
const stakeOf = async (index: number): Promise<bigint> => {
  const { stake } = await stage.hub.node.readContract({
    address: stage.addresses.stakeManager,
    abi: stakeManagerAbi,
    functionName: "providerOf",
    args: [need(owners[index], "an owner").address],
  });
  return stake;
};
const faultsOf = async (index: number): Promise<WireFault[]> => {
  const url = new URL(`/v1/bundles/faults?signer=${keyAt(index).address}`, apiUrl);
  return ((await (await fetch(url)).json()) as { faults: WireFault[] }).faults;
};

/** An attester of no honesty hands this in where signatures are gathered, for which nobody else signs. */
async function signsAlone(index: number, fact: Fact): Promise<void> {
  const keeper = new SignedKeeper(store.db, log);
  const at = { chainId: HUB, attesters: stage.addresses.attesters };
  const gatherings = new Gatherings({
    at,
    attestersOf: () => attestersOn(stage.hub.chain, stage.addresses.attesters),
    limits: () => Promise.resolve({ quorumBps: 6_000n, longestValidity: 900 }),
    now: () => stage.hub.chain.now(),
    onSigned: (facts, batch, signed) => keeper.note(facts, batch, signed),
  });
  const asked = gatherings.propose([fact], HUB, 2_000).catch(() => undefined);
  const shown = await new Promise<{ epoch: number; validUntil: number }>((resolve) => {
    gatherings.listen((line) => resolve(JSON.parse(line) as { epoch: number; validUntil: number }));
  });
  const { root } = factTree([fact]);
  const batch = { epoch: shown.epoch, validUntil: shown.validUntil, root };
  const signature = await keyAt(index).signTypedData(batchTypedData(at, batch));
  await gatherings.answer(root, {
    signer: keyAt(index).address.toLowerCase(),
    ...batch,
    signature,
  });
  await asked;
  await keeper.flush();
}

type Ran = { id: Hex; bundle: Bundle; legs: readonly Leg[]; base: bigint; receipt: () => Fact };
const view = (id: Hex) => need(watch.shown(id), "the bundle");

async function opened(): Promise<Omit<Ran, "receipt">> {
  const legs = [leg({ chainId: ROLLUP_A, target: alice.address.toLowerCase() as Address, kind: "value" })];
  const deadline = Number((await stage.hub.node.getBlock()).timestamp) + 3_600;
  const bundle = bundleOf(legs, deadline);
  const id = await stage.open(bundle, legs);
  await until(() => expect(watch.shown(id)?.hub.outcome).toBe("open"));
  return { id, bundle, legs, base: need(view(id).hub.base, "a base") };
}

/** Opened, and its leg run by word of all keys. */
async function ran(): Promise<Ran> {
  const { id, bundle, legs, base } = await opened();
  const item = { id, bundle, legs, base, place: 0 as Place, facts: [openedFact(view(id), 0)] };
  const args = runArgs([item], relayer.address);
  await stage.send(ROLLUP_A, relayer, {
    address: stage.addresses.settler,
    abi: settlerAbi,
    functionName: "run",
    args: [args.legs, [], [], encodeEvidence(await signFacts(stage, args.facts)), relayer.address],
  });
  await until(() => expect(view(id).shown[0]?.state).toBe("ok"));
  const receipt = (): Fact => ({
    kind: "receipt",
    ordinal: base,
    status: "ok",
    result: need(view(id).shown[0], "a leg").result,
    relayer: relayer.address.toLowerCase() as Address,
  });
  return { id, bundle, legs, base, receipt };
}

async function commitData({ id, bundle, legs, base, receipt }: Ran): Promise<Hex> {
  const item = { id, bundle, legs, hashes: legs.map(legHash), base, facts: [receipt()] };
  const { completions, facts } = commitCompletedArgs([item]);
  return encodeFunctionData({
    abi: bundleHubAbi,
    functionName: "commitCompleted",
    args: [completions, encodeEvidence(await signFacts(stage, facts))],
  });
}

/** Blocks enough that what was there is final to the follower. */
async function pass(): Promise<void> {
  for (const { node } of [stage.hub, ...stage.rollups]) await node.mine({ blocks: 140 });
}
/** Everything that chains have now is in the tables. */
async function followed(): Promise<void> {
  for (const { chain, node } of [stage.hub, ...stage.rollups]) {
    const { hash, number } = await node.getBlock();
    await until(async () =>
      expect(
        await rows(
          store.db,
          sql`select hash from chain.blocks where chain_id = ${chain.definition.id} and number = ${Number(number)}`,
        ),
      ).toEqual([{ hash }]),
    );
  }
}
const proofsSent = async (): Promise<number> =>
  (await rows(store.db, sql`select 1 from chain.outbox where purpose = 'attester_fault'`)).length;
async function sweep(over?: Store): Promise<void> {
  await followed();
  const { timestamp } = await stage.hub.node.getBlock();
  await sweepAttesters({ ...deps(over), config: bundles.config.parse({}) }, { timestamp: Number(timestamp) });
}
/** Batches are noted with where chains stand, and held against what is final once that is beyond. */
async function judged(): Promise<void> {
  await sweep();
  await pass();
  await sweep();
}

test(
  "who signed a false receipt, and then the true one, is found, accused and slashed; the others are not",
  { timeout: 240_000 },
  async () => {
    const bundle = await ran();
    const { result: _, ...rest } = bundle.receipt() as Extract<Fact, { kind: "receipt" }>;
    await signsAlone(0, { ...rest, status: "failed", result: `0x${"11".repeat(32)}` });
    await judged();
    // Alone it is a lie that no contract can see: it is shown, and nothing is sent.
    expect(await faultsOf(0)).toMatchObject([
      { kind: "receipt", how: "unproven", state: "found", data: null, why: expect.stringContaining("ok") },
    ]);
    expect(await stakeOf(0)).toBeGreaterThan(0n);
    // What he signed with the others stands in a transaction alone, which came through somebody else's contract.
    const through: Address = `0x${"f0".repeat(20)}`;
    await stage.hub.node.setCode({ address: through, bytecode: FORWARDS });
    const data = `${stage.addresses.bundleHub}${(await commitData(bundle)).slice(2)}`.toLowerCase() as Hex;
    const hash = await walletOf(stage.hub.chain, relayer).sendTransaction({
      to: through,
      data,
      // It says nothing when what it calls fails, so nobody can find out how much that needs.
      gas: 1_000_000n,
    });
    await stage.hub.node.waitForTransactionReceipt({ hash });
    await until(() => expect(view(bundle.id).hub.outcome).toBe("committed"));
    await sweep();
    expect(await faultsOf(0)).toMatchObject([{ how: "conflict", state: "sent" }]);
    await until(async () => expect(await stakeOf(0)).toBe(0n));
    await judged();
    expect(await faultsOf(0)).toMatchObject([{ how: "conflict", state: "punished" }]);
    for (const honest of [1, 2, 3]) {
      expect(await faultsOf(honest)).toEqual([]);
      expect(await stakeOf(honest)).toBeGreaterThan(0n);
    }
  },
);

/** Calls the address in the first 20 bytes with the rest. */
const FORWARDS: Hex = "0x366014900380601460003760006000826000600060003560601c5af15000";

/** The same, once it has called an empty account with 100,000 bytes a hundred times over: twice as much as a node may answer. */
const LOUD: Hex = `0x60645b5f5f620186a05f5f60425af150600190038060025750${FORWARDS.slice(2)}`;

test(
  "what came through a contract that is too loud to be traced whole is read all the same, once a node tells it",
  { timeout: 240_000 },
  async () => {
    const bundle = await ran();
    await judged();
    const through: Address = `0x${"f1".repeat(20)}`;
    await stage.hub.node.setCode({ address: through, bytecode: LOUD });
    const data = `${stage.addresses.bundleHub}${(await commitData(bundle)).slice(2)}`.toLowerCase() as Hex;
    const hash = await walletOf(stage.hub.chain, relayer).sendTransaction({
      to: through,
      data,
      gas: 3_000_000n,
    });
    await stage.hub.node.waitForTransactionReceipt({ hash });
    await until(() => expect(view(bundle.id).hub.outcome).toBe("committed"));
    const receiptsRead = async () =>
      rows(
        store.db,
        sql`select b.root from bundles.signed_batches b join bundles.said s on s.batch = b.id
          where s.kind = 'receipt' and s.subject = ${String(bundle.base)}`,
      );
    const untraced = () =>
      rows(store.db, sql`select transaction from bundles.untraced where transaction = ${hash}`);

    const { client } = stage.hub.chain;
    const whole = { method: "debug_traceTransaction", params: [hash, { tracer: "callTracer" }] };
    await expect(client.request(whole as never)).rejects.toThrow(ResponseBodyTooLargeError);
    const tracesNothing = {
      ...client,
      request: async (asked: { method: string }) => {
        if (asked.method.startsWith("debug_")) throw new Error("the method is not offered");
        return client.request(asked as never);
      },
    } as typeof client;
    await followed();
    const { timestamp } = await stage.hub.node.getBlock();
    await sweepAttesters(
      {
        ...deps(),
        hub: { ...stage.hub.chain, client: tracesNothing },
        config: bundles.config.parse({}),
      },
      { timestamp: Number(timestamp) },
    );
    expect(await untraced()).toEqual([{ transaction: hash }]);
    expect(await receiptsRead()).toEqual([]);
    // Not again at once.
    await sweep();
    expect(await untraced()).toEqual([{ transaction: hash }]);
    await sql`update bundles.untraced set tried_at = tried_at - interval '1 hour'`.execute(store.db);
    await sweep();
    expect(await untraced()).toEqual([]);
    expect(await receiptsRead()).toHaveLength(1);
  },
);

test(
  "a decision that the hub knows to be false costs the stake by itself, also when a watcher alone sends it",
  { timeout: 240_000 },
  async () => {
    const lieOf = async (): Promise<Fact> => {
      const { id, bundle, base } = await opened();
      await stage.send(HUB, alice, {
        address: stage.addresses.bundleHub,
        abi: bundleHubAbi,
        functionName: "abort",
        args: [{ ...bundle, mode: 0 }],
      });
      return { kind: "decision", id, base, outcome: "committed" };
    };
    const [lie, secondLie] = [await lieOf(), await lieOf()];
    // A block that is taken back could explain this one.
    await signsAlone(2, lie);
    for (const { node } of [stage.hub, ...stage.rollups]) {
      await node.increaseTime({ seconds: 900 + stage.params.bundles.graceSeconds });
      await node.mine({ blocks: 1 });
    }
    await signsAlone(1, lie);
    await judged();
    expect(await faultsOf(2)).toMatchObject([{ how: "unproven", data: null }]);
    expect(await faultsOf(1)).toMatchObject([{ how: "false", state: "sent", kind: "decision" }]);
    // It is in the outbox; a watcher with a key sends what is not sent, and whoever comes second has nothing left to do.
    const end = new AbortController();
    const { addresses, hub } = stage;
    const watching = watchAttesters({
      hub: hub.chain,
      addresses,
      account: alice,
      apiUrl,
      leaveMs: 0,
      pollMs: 50,
      signal: end.signal,
      log,
    });
    await until(async () => expect(await stakeOf(1)).toBe(0n));
    await until(async () => {
      await sweep();
      expect(await faultsOf(1)).toMatchObject([{ how: "false", state: "punished" }]);
    });
    end.abort();
    await watching;
    expect(await stakeOf(2)).toBeGreaterThan(0n);
    // Against who has nothing left the slasher takes any proof, and takes nothing by it: none is sent.
    const before = await proofsSent();
    await signsAlone(1, secondLie);
    await judged();
    expect(await faultsOf(1)).toMatchObject([{ state: "punished" }, { how: "false", state: "punished" }]);
    expect(await proofsSent()).toBe(before);
  },
);

test(
  "an honest one whose block was taken back is never accused, whatever its chain says later",
  { timeout: 240_000 },
  async () => {
    const bundle = await ran();
    const before = bundle.receipt();
    await signsAlone(3, before);
    await sweep();
    await sweep();
    // Its block is not final yet: nothing is said of it.
    expect(await faultsOf(3)).toEqual([]);
    await stage.at(ROLLUP_A).node.request({ method: "anvil_reorg" as never, params: [1, []] as never });
    await until(() => expect(view(bundle.id).shown[0]?.state).toBe("none"));
    await judged();
    expect(await faultsOf(3)).toMatchObject([{ kind: "receipt", how: "unproven", data: null }]);
    // What others signed since counts for nothing against him, and neither does the same said again.
    await signsAlone(3, before);
    await judged();
    expect(await faultsOf(3)).toMatchObject([{ how: "unproven", state: "found" }]);
    expect(await stakeOf(3)).toBeGreaterThan(0n);
  },
);

test("whoever starts anew has what was signed before, and what was found", { timeout: 240_000 }, async () => {
  const { base, id } = await opened();
  const said = (outcome: "committed" | "aborted"): Fact => ({ kind: "decision", id, base, outcome });
  await signsAlone(2, said("aborted"));
  await sweep();
  const again = openStore({ url: database.url });
  try {
    await signsAlone(2, said("committed"));
    await sweep(again);
    expect(await faultsOf(2)).toContainEqual(expect.objectContaining({ how: "conflict", subject: id }));
    await until(async () => expect(await stakeOf(2)).toBe(0n));
  } finally {
    await again.close();
  }
});
