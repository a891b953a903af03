import { bundleHubAbi, settlerAbi, testDollarAbi } from "@sooth/abi";
import { devAccount } from "@sooth/chain/local-node";
import { type Address, type Hex, need } from "@sooth/kernel";
import { encodeFunctionData, numberToHex } from "viem";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import {
  bundleOf,
  type BundleStage,
  alice,
  HUB,
  leg,
  openBundleStage,
  owners,
  relayer,
  ROLLUP_A,
  ROLLUP_B,
} from "../../../test/stage.ts";
import { signFacts } from "../../../test/attesting.ts";
import { type Ledger, openLedger, relay, type Relaying } from "../../../test/relaying.ts";
import { encodeEvidence, type Leg, openedFact, runArgs } from "../../core/index.ts";
import { relayEarned } from "./metrics.ts";

let stage: BundleStage;
let ledger: Ledger;
let running: Relaying[] = [];
const accounts = [relayer, devAccount(10)];

beforeAll(async () => {
  [stage, ledger] = await Promise.all([openBundleStage({}, 1), openLedger()]);
});
afterAll(async () => {
  await stage.close();
  await ledger.close();
});
afterEach(async () => {
  await Promise.all(running.map(({ stop }) => stop()));
  running = [];
});
async function begin(
  ...[keys = accounts, over]: [typeof accounts?, Parameters<typeof relay>[3]?]
): Promise<Relaying> {
  const begun = await relay(stage, ledger.store, keys, over);
  running.push(begun);
  return begun;
}

let people = 1_000n;
const somebody = (): Address => numberToHex(++people, { size: 20 });
const dollar = () => stage.addresses.collateral.toLowerCase() as Address;
const soon = async (seconds = 3_600) => Number((await stage.hub.node.getBlock()).timestamp) + seconds;
const faucet = (to: Address) =>
  encodeFunctionData({ abi: testDollarAbi, functionName: "faucet", args: [to] });
const balanceOf = (chainId: number, account: Address) =>
  stage
    .at(chainId)
    .node.readContract({ address: dollar(), abi: testDollarAbi, functionName: "balanceOf", args: [account] });
const FAUCET = 10_000_000_000n;
const accountOf = (owner: Address) =>
  stage.hub.node.readContract({
    address: stage.addresses.settler,
    abi: settlerAbi,
    functionName: "accountOf",
    args: [owner],
  });
const shown = (one: Relaying, id: Hex) => one.watch.shown(id);
const states = (one: Relaying, id: Hex) => shown(one, id)?.shown.map(({ state }) => state);
const outcome = (one: Relaying, id: Hex) => shown(one, id)?.hub.outcome;
const until = (what: () => unknown) => vi.waitFor(what, { timeout: 60_000, interval: 50 });

const earned = async () => (await relayEarned.get()).values[0]?.value ?? 0;

test("two legs run in their order, the second with what the first returned, and the fee is paid to who brought them", async () => {
  const one = await begin();
  const before = await earned();
  const [mine, theirs] = [await accountOf(alice.address), somebody()];
  await stage.send(ROLLUP_B, alice, {
    address: dollar(),
    abi: testDollarAbi,
    functionName: "faucet",
    args: [mine],
  });
  const rich = somebody();
  await stage.send(ROLLUP_A, alice, {
    address: dollar(),
    abi: testDollarAbi,
    functionName: "faucet",
    args: [rich],
  });
  const legs: Leg[] = [
    leg({
      chainId: ROLLUP_A,
      target: dollar(),
      data: encodeFunctionData({ abi: testDollarAbi, functionName: "balanceOf", args: [rich] }),
    }),
    leg({
      chainId: ROLLUP_B,
      kind: "account",
      target: dollar(),
      data: encodeFunctionData({ abi: testDollarAbi, functionName: "transfer", args: [theirs, 0n] }),
      needsOk: [0],
      splices: [{ from: 0, source: 0, length: 32, target: 36 }],
    }),
  ];
  const id = await stage.open(bundleOf(legs, await soon()), legs);
  await until(() => expect(outcome(one, id)).toBe("committed"));
  expect(await balanceOf(ROLLUP_B, theirs)).toBe(FAUCET);
  await until(() => expect(shown(one, id)?.hub.settled).toBe(true));
  const credit = await stage.hub.node.readContract({
    address: stage.addresses.bundleHub,
    abi: bundleHubAbi,
    functionName: "creditOf",
    args: [relayer.address],
  });
  // Less what attesters get.
  expect(credit).toBe((10n ** 15n * 8_000n) / 10_000n);
  await until(async () => expect((await earned()) - before).toBeCloseTo(0.0008, 12));
});

test("a bundle that pays too little is left alone until somebody adds to its fee", async () => {
  const least = 10n ** 12n;
  const one = await begin(accounts, { leastFee: least });
  const receiver = somebody();
  const legs = [leg({ chainId: ROLLUP_A, target: dollar(), data: faucet(receiver) })];
  const id = await stage.open(bundleOf(legs, await soon(), { fee: least - 1n }), legs);
  await until(() => expect(outcome(one, id)).toBe("open"));
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect(states(one, id)).toEqual(["none"]);
  await stage.send(HUB, need(owners[0], "an owner"), {
    address: stage.addresses.bundleHub,
    abi: bundleHubAbi,
    functionName: "topUp",
    args: [id],
    value: 1n,
  });
  await until(() => expect(outcome(one, id)).toBe("committed"));
  expect(await balanceOf(ROLLUP_A, receiver)).toBe(FAUCET);
});

test("a bundler with an empty database goes on with what another began, past what still waits of it", async () => {
  const before = await begin();
  const [, b] = stage.rollups;
  const [first, second] = [somebody(), somebody()];
  const legs = [
    leg({ chainId: ROLLUP_A, target: dollar(), data: faucet(first) }),
    leg({ chainId: ROLLUP_B, target: dollar(), data: faucet(second), needsOk: [0] }),
    leg({ chainId: ROLLUP_A, target: first, kind: "value", needsOk: [1] }),
  ];
  // It takes transactions, and puts none into a block: the second leg is sent, and waits there when the bundler ends.
  await b.node.setIntervalMining({ interval: 0 });
  const empty = await openLedger();
  try {
    const id = await stage.open(bundleOf(legs, await soon()), legs);
    await until(() => expect(states(before, id)).toEqual(["ok", "none", "none"]));
    await until(async () => expect((await b.node.getTxpoolStatus()).pending).toBeGreaterThan(0));
    await Promise.all(running.splice(0).map(({ stop }) => stop()));
    const after = await relay(stage, empty.store, accounts);
    running.push(after);
    await b.node.setIntervalMining({ interval: 1 });
    await until(() => expect(outcome(after, id)).toBe("committed"));
    expect(states(after, id)).toEqual(["ok", "ok", "ok"]);
    expect([await balanceOf(ROLLUP_A, first), await balanceOf(ROLLUP_B, second)]).toEqual([FAUCET, FAUCET]);
    // What it sends from then on goes through as well.
    const third = somebody();
    const more = [leg({ chainId: ROLLUP_B, target: dollar(), data: faucet(third) })];
    const next = await stage.open(bundleOf(more, await soon()), more);
    await until(() => expect(outcome(after, next)).toBe("committed"));
  } finally {
    await Promise.all(running.splice(0).map(({ stop }) => stop()));
    await b.node.setIntervalMining({ interval: 1 });
    await empty.close();
  }
});

test("what would fail is not begun while leaving it alone costs nothing, and ends by itself", async () => {
  const one = await begin();
  const [first, poor] = [somebody(), somebody()];
  const legs: Leg[] = [
    leg({ chainId: ROLLUP_A, target: dollar(), data: faucet(first) }),
    leg({
      chainId: ROLLUP_B,
      target: dollar(),
      data: encodeFunctionData({ abi: testDollarAbi, functionName: "transfer", args: [poor, 1n] }),
    }),
  ];
  const id = await stage.open(bundleOf(legs, await soon(200)), legs);
  await until(() => expect(outcome(one, id)).toBe("open"));
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(states(one, id)).toEqual(["none", "none"]);
  await pass(220);
  await until(() => expect(outcome(one, id)).toBe("aborted"));
  await until(() => expect(states(one, id)).toEqual(["missed", "missed"]));
  expect(await balanceOf(ROLLUP_A, first)).toBe(0n);
});

test("a leg that fails after another ran is written down, and what ran is undone", async () => {
  const { settler } = stage.addresses;
  const mine = await accountOf(alice.address);
  const [friend, drawn] = [somebody(), somebody()];
  await stage.send(ROLLUP_A, alice, {
    address: dollar(),
    abi: testDollarAbi,
    functionName: "faucet",
    args: [mine],
  });
  // Nobody draws twice within an hour: the second leg can never run.
  await stage.send(ROLLUP_B, alice, {
    address: dollar(),
    abi: testDollarAbi,
    functionName: "faucet",
    args: [drawn],
  });
  const legs: Leg[] = [
    leg({
      chainId: ROLLUP_A,
      kind: "account",
      target: dollar(),
      data: encodeFunctionData({ abi: testDollarAbi, functionName: "approve", args: [friend, 7n] }),
    }),
    leg({ chainId: ROLLUP_B, target: dollar(), data: faucet(drawn), needsOk: [0] }),
    leg({
      chainId: ROLLUP_A,
      kind: "account",
      target: dollar(),
      data: encodeFunctionData({ abi: testDollarAbi, functionName: "approve", args: [friend, 0n] }),
      undoes: 0,
      needsSettled: [1],
    }),
  ];
  const one = await begin();
  const bundle = bundleOf(legs, await soon());
  const id = await stage.open(bundle, legs);
  await until(() => expect(outcome(one, id)).toBe("open"));
  const view = need(shown(one, id), "the bundle");
  // Somebody else begins it, who did not try it as a whole before.
  const item = { ...view, base: view.hub.base ?? 0n, place: 0, facts: [openedFact(view, 0)] };
  const { facts, ...args } = runArgs([item], alice.address);
  const evidence = encodeEvidence(await signFacts(stage, facts));
  await stage.send(ROLLUP_A, alice, {
    address: settler,
    abi: settlerAbi,
    functionName: "run",
    args: [args.legs, args.receipts, args.decisions, evidence, alice.address],
  });
  await until(() => expect(outcome(one, id)).toBe("aborted"));
  await until(() => expect(states(one, id)).toEqual(["ok", "failed", "ok"]));
  const left = await stage.at(ROLLUP_A).node.readContract({
    address: dollar(),
    abi: testDollarAbi,
    functionName: "allowance",
    args: [mine, friend],
  });
  expect(left).toBe(0n);
});

const pass = (seconds: number) =>
  Promise.all(
    [HUB, ROLLUP_A, ROLLUP_B].map(async (chainId) => {
      await stage.at(chainId).node.increaseTime({ seconds });
      await stage.at(chainId).node.mine({ blocks: 1 });
    }),
  );
