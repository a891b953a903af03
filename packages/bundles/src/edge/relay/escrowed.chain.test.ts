import { bundleHubAbi, escrowAbi, testDollarAbi } from "@sooth/abi";
import { type Address, type Hex, need } from "@sooth/kernel";
import { sql } from "@sooth/store";
import { encodeAbiParameters, hashTypedData } from "viem";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Ledger, openLedger, relay, type Relaying } from "../../../test/relaying.ts";
import {
  alice,
  bundleOf,
  deployer,
  type BundleStage,
  HUB,
  leg,
  openBundleStage,
  owners,
  relayer,
  ROLLUP_A,
  ROLLUP_B,
} from "../../../test/stage.ts";
import {
  type Bundle,
  bundleTypedData,
  bundleToWire,
  type Leg,
  legHash,
  legToWire,
  prepareArgs,
  statedGas,
} from "../../core/index.ts";

let stage: BundleStage;
let ledger: Ledger;
let one: Relaying;
const bob = need(owners[0], "an owner");
const AMOUNT = 25_000_000n;

beforeAll(async () => {
  [stage, ledger] = await Promise.all([openBundleStage({}, 1), openLedger()]);
  const { collateral: address, escrow, bundleHub } = stage.addresses;
  const token = { address, abi: testDollarAbi };
  for (const [chainId, payer] of [
    [ROLLUP_A, alice],
    [ROLLUP_B, bob],
  ] as const) {
    await stage.send(chainId, payer, { ...token, functionName: "faucet", args: [payer.address] });
    await stage.send(chainId, payer, { ...token, functionName: "approve", args: [escrow, 10n * AMOUNT] });
  }
  await stage.send(HUB, alice, {
    address: bundleHub,
    abi: bundleHubAbi,
    functionName: "deposit",
    args: [alice.address],
    value: 10n ** 17n,
  });
});
afterAll(async () => {
  await stage.close();
  await ledger.close();
});
afterEach(() => one.stop());

const soon = async (seconds: number) => Number((await stage.hub.node.getBlock()).timestamp) + seconds;
const balanceOf = (chainId: number, account: Address) =>
  stage.at(chainId).node.readContract({
    address: stage.addresses.collateral,
    abi: testDollarAbi,
    functionName: "balanceOf",
    args: [account],
  });
const balances = () =>
  Promise.all([
    balanceOf(ROLLUP_A, alice.address),
    balanceOf(ROLLUP_A, bob.address),
    balanceOf(ROLLUP_B, alice.address),
    balanceOf(ROLLUP_B, bob.address),
  ]);
const states = (id: Hex) => one.watch.shown(id)?.shown.map(({ state }) => state);
const until = (what: () => unknown) => vi.waitFor(what, { timeout: 60_000, interval: 50 });

const held = (chainId: number, payer: Address, recipient: Address): Leg =>
  leg({
    chainId,
    kind: "escrow",
    target: stage.addresses.collateral.toLowerCase() as Address,
    value: AMOUNT,
    gasLimit: 0,
    data: encodeAbiParameters([{ type: "address" }, { type: "address" }], [payer, recipient]),
  });
/** Alice pays bob on A, bob pays alice on B. */
const swap = (): Leg[] => [
  held(ROLLUP_A, alice.address, bob.address),
  held(ROLLUP_B, bob.address, alice.address),
];

/** What the API writes down when alice hands over her signature, and bob his. */
async function handOver(bundle: Bundle, legs: readonly Leg[], signedByAlice = true): Promise<Hex> {
  const { db } = ledger.store;
  const typed = bundleTypedData({ chainId: HUB, hub: stage.addresses.bundleHub }, bundle);
  const id = hashTypedData(typed);
  const [byAlice, byBob] = await Promise.all([alice.signTypedData(typed), bob.signTypedData(typed)]);
  await sql`insert into bundles.payloads (bundle, header, hashes, legs, private, signature) values (${id},
    ${JSON.stringify(bundleToWire(bundle))}, ${legs.map(legHash)}, ${JSON.stringify(legs.map(legToWire))}, true,
    ${signedByAlice ? byAlice : null})`.execute(db);
  await sql`insert into bundles.payers (bundle, place, payer, signature, permit) values
    (${id}, 1, ${bob.address.toLowerCase()}, ${byBob}, null)`.execute(db);
  return id;
}

test("a swap that both signed is opened, held on both chains, committed and paid, by a stranger alone", async () => {
  one = await relay(stage, ledger.store, [relayer]);
  const before = await balances();
  const legs = swap();
  const id = await handOver(bundleOf(legs, await soon(3_600), { mode: "escrowed" }), legs);
  await until(() => expect(states(id)).toEqual(["ok", "ok"]));
  expect(one.watch.shown(id)?.hub.outcome).toBe("committed");
  const [a, b, c, d] = before;
  expect(await balances()).toEqual([a - AMOUNT, b + AMOUNT, c + AMOUNT, d - AMOUNT]);
});

test("where a lane is bounded a stranger shows the other legs, and what is over the limit waits", async () => {
  one = await relay(stage, ledger.store, [relayer]);
  const { escrow, collateral } = stage.addresses;
  const lane = { address: escrow, abi: escrowAbi } as const;
  const bound = (perHour: bigint) =>
    stage.send(ROLLUP_A, deployer, {
      ...lane,
      functionName: "setLaneLimit",
      args: [BigInt(ROLLUP_B), collateral, perHour],
    });
  await bound(AMOUNT + 1n);
  const before = await balances();
  const legs = swap();
  const id = await handOver(bundleOf(legs, await soon(3_600), { mode: "escrowed" }), legs);
  await until(() => expect(states(id)).toEqual(["ok", "ok"]));
  const [a, b, c, d] = before;
  expect(await balances()).toEqual([a - AMOUNT, b + AMOUNT, c + AMOUNT, d - AMOUNT]);
  const { node } = stage.at(ROLLUP_A);
  const known = await node.readContract({ ...lane, functionName: "chainsOf", args: [id] });
  expect(known).toEqual([BigInt(ROLLUP_B)]);
  await staysWithinStated(id);
  const args = [BigInt(ROLLUP_B), collateral] as const;
  expect(await node.readContract({ ...lane, functionName: "roomAcross", args })).toBeLessThan(AMOUNT);
  const next = swap();
  const waits = await handOver(bundleOf(next, await soon(3_600), { mode: "escrowed", salt: 77n }), next);
  await until(() => expect(states(waits)).toEqual(["none", "held"]));
  await bound(0n);
  await until(() => expect(states(waits)).toEqual(["ok", "ok"]));
});

/** What a bundler reckons with covers what a lane took that nobody used before; without it holding would not be covered. */
async function staysWithinStated(id: Hex): Promise<void> {
  const { node } = stage.at(ROLLUP_A);
  const at = { address: stage.addresses.escrow, abi: escrowAbi, args: { id }, fromBlock: 0n } as const;
  const gasOf = async (eventName: "Prepared" | "Finished") => {
    const [log] = await node.getContractEvents({ ...at, eventName });
    return (await node.getTransactionReceipt({ hash: need(log, eventName).transactionHash })).gasUsed;
  };
  const view = need(one.watch.shown(id), "the bundle");
  const stated = (what: "prepare" | "finish", of = view) => statedGas(of, { do: what, leg: 0, facts: [] });
  const [held, paid] = [await gasOf("Prepared"), await gasOf("Finished")];
  expect(held).toBeLessThanOrEqual(stated("prepare"));
  expect(paid).toBeLessThanOrEqual(stated("finish"));
  const free = [...view.chains].map(([chainId, { now, paused }]) => [chainId, { now, paused }] as const);
  expect(held).toBeGreaterThan(stated("prepare", { ...view, chains: new Map(free) }));
}

test("when a rollup stops, what is held on the other is given back", async () => {
  one = await relay(stage, ledger.store, [relayer]);
  const before = await balances();
  const legs = swap();
  const [, b] = stage.rollups;
  // It answers, and takes no transaction into a block.
  await b.node.setIntervalMining({ interval: 0 });
  const id = await handOver(bundleOf(legs, await soon(300), { mode: "escrowed" }), legs);
  await until(() => expect(states(id)).toEqual(["held", "none"]));
  for (const { node } of [stage.hub, stage.rollups[0]]) await node.increaseTime({ seconds: 320 });
  await until(() => expect(one.watch.shown(id)?.hub.outcome).toBe("aborted"));
  await until(() => expect(states(id)).toEqual(["cancelled", "none"]));
  expect(await balances()).toEqual(before);
  await b.node.increaseTime({ seconds: 320 });
  await b.node.setIntervalMining({ interval: 1 });
});

test("what is held for a bundle that nobody opens comes back soon after its deadline", async () => {
  one = await relay(stage, ledger.store, [relayer]);
  const before = await balances();
  const legs = swap();
  const bundle = bundleOf(legs, await soon(300), { mode: "escrowed" });
  // Without alice's signature nobody can open it; bob pays in all the same.
  const id = await handOver(bundle, legs, false);
  await stage.send(ROLLUP_B, bob, {
    address: stage.addresses.escrow,
    abi: escrowAbi,
    functionName: "prepare",
    args: prepareArgs({ bundle, legs, hashes: legs.map(legHash), place: 1 }, "0x"),
  });
  await until(() => expect(states(id)).toEqual(["none", "held"]));
  expect(one.watch.shown(id)?.hub.outcome).toBe("none");
  for (const chainId of [HUB, ROLLUP_A, ROLLUP_B])
    await stage.at(chainId).node.increaseTime({ seconds: 320 });
  await until(() => expect(one.watch.shown(id)?.hub).toMatchObject({ outcome: "aborted", fee: 0n }));
  await until(() => expect(states(id)).toEqual(["none", "cancelled"]));
  expect(await balances()).toEqual(before);
});

test("what nobody decided is taken back when the escape is over, without anybody's signature", async () => {
  const silent = { ask: async () => ({ missing: [], why: "nobody attests" }) };
  one = await relay(stage, ledger.store, [relayer], { evidence: silent });
  const before = await balances();
  const legs = swap();
  const id = await handOver(bundleOf(legs, await soon(3_600), { mode: "escrowed" }), legs);
  await until(() => expect(states(id)).toEqual(["held", "held"]));
  const wait = 3_600 + stage.params.bundles.escapeSeconds + 300;
  for (const chainId of [ROLLUP_A, ROLLUP_B]) await stage.at(chainId).node.increaseTime({ seconds: wait });
  await until(() => expect(states(id)).toEqual(["taken_back", "taken_back"]));
  expect(one.watch.shown(id)?.hub.outcome).toBe("open");
  expect(await balances()).toEqual(before);
});
