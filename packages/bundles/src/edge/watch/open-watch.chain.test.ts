import { configureLogs, logger } from "@sooth/runtime";
import { type Hex, need } from "@sooth/kernel";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import {
  alice,
  bundleOf,
  type BundleStage,
  HUB,
  leg,
  openBundleStage,
  owners,
  ROLLUP_A,
  ROLLUP_B,
} from "../../../test/stage.ts";
import { bundleHubAbi, testDollarAbi, escrowAbi } from "@sooth/abi";
import { type Bundle, factsShown, LEG_KINDS, legHash, MODES } from "../../core/index.ts";
import { encodeAbiParameters } from "viem";
import { type BundleWatch, openWatch } from "./open-watch.ts";

let stage: BundleStage;
let watch: BundleWatch;
let stop: AbortController;
const changed = new Set<Hex>();

beforeAll(async () => {
  configureLogs({ level: "silent" });
  stage = await openBundleStage();
});
afterAll(() => stage.close());

function start(window?: number): BundleWatch {
  const { hub, rollups, addresses } = stage;
  return openWatch({
    hub: hub.chain,
    rollups: rollups.map(({ chain }) => chain),
    addresses,
    window,
    signal: stop.signal,
    log: logger("watch"),
  });
}
beforeEach(async () => {
  stop = new AbortController();
  changed.clear();
  watch = start();
  watch.onChange((ids) => ids.forEach((id) => changed.add(id)));
  await watch.ready;
});
afterEach(async () => {
  stop.abort();
  await watch.done;
});

const target = alice.address.toLowerCase() as Hex;
const soon = async () => Number((await stage.hub.node.getBlock()).timestamp) + 3_600;
const twoLegs = () => [leg({ chainId: ROLLUP_A, target }), leg({ chainId: ROLLUP_B, target, needsOk: [0] })];
const reorg = (chainId: number, depth: number) =>
  stage.at(chainId).node.request({ method: "anvil_reorg" as never, params: [depth, []] as never });
const mine = (chainId: number, blocks: number) => stage.at(chainId).node.mine({ blocks });
const abort = (bundle: Bundle) =>
  stage.send(HUB, alice, {
    address: stage.addresses.bundleHub,
    abi: bundleHubAbi,
    functionName: "abort",
    args: [{ ...bundle, mode: MODES.indexOf(bundle.mode) }],
  });

test("a bundle is shown as soon as its block is polled, with the legs that its opening logs", async () => {
  const legs = twoLegs();
  const bundle = bundleOf(legs, await soon());
  const id = await stage.open(bundle, legs);
  const mined = performance.now();
  await vi.waitFor(() => expect(watch.shown(id)?.hub.outcome).toBe("open"), { interval: 2 });
  // Polled every 20 ms; what is above is the machine's.
  expect(performance.now() - mined).toBeLessThan(1_000);
  expect(watch.shown(id)).toMatchObject({ id, bundle, legs, shown: [{ state: "none" }, { state: "none" }] });
  expect(changed).toContain(id);
  expect([...(watch.shown(id)?.chains.keys() ?? [])]).toEqual([ROLLUP_A, ROLLUP_B]);
  await abort(bundle);
  await vi.waitFor(() => expect(watch.shown(id)?.hub.outcome).toBe("aborted"));
});

test("what a branch said that is gone is gone, down to the fork and no further", async () => {
  const legs = twoLegs();
  const [kept, lost] = [bundleOf(legs, await soon()), bundleOf(legs, await soon())];
  const keptId = await stage.open(kept, legs);
  await mine(HUB, 3);
  const lostId = await stage.open(lost, legs);
  await abort(kept);
  await vi.waitFor(() => expect(watch.shown(keptId)?.hub.outcome).toBe("aborted"));
  const base = watch.shown(lostId)?.hub.base;
  changed.clear();
  await reorg(HUB, 3);
  await vi.waitFor(() => expect(watch.shown(keptId)?.hub.outcome).toBe("open"));
  expect(watch.factsView(lostId)?.hub).toMatchObject({ outcome: "none", base: null });
  expect([...changed].toSorted()).toEqual([keptId, lostId].toSorted());
  // The ordinals are another's now.
  const other = bundleOf(legs, await soon());
  const otherId = await stage.open(other, legs);
  await vi.waitFor(() => expect(watch.shown(otherId)?.hub.base).toBe(base));
  expect(watch.bundleAt(base ?? 0n)).toBe(otherId);
});

test("what a bundle looked like up to a block is told of any block", async () => {
  const legs = twoLegs();
  const bundle = bundleOf(legs, await soon());
  const id = await stage.open(bundle, legs);
  const opened = Number(await stage.hub.node.getBlockNumber({ cacheTime: 0 }));
  await abort(bundle);
  await vi.waitFor(() => expect(watch.shown(id)?.hub.outcome).toBe("aborted"));
  const outcomeAt = (block: number) => watch.factsView(id, () => block)?.hub.outcome;
  expect([opened - 1, opened, opened + 1].map(outcomeAt)).toEqual(["none", "open", "aborted"]);
});

test("a fee is shown with what anybody added, and without what went with its branch", async () => {
  const legs = twoLegs();
  const bundle = bundleOf(legs, await soon(), { fee: 5n });
  const id = await stage.open(bundle, legs);
  const fee = () => watch.shown(id)?.hub.fee;
  await vi.waitFor(() => expect(fee()).toBe(5n));
  const topUp = (value: bigint) =>
    stage.send(HUB, owners[0] ?? alice, {
      address: stage.addresses.bundleHub,
      abi: bundleHubAbi,
      functionName: "topUp",
      args: [id],
      value,
    });
  await topUp(3n);
  changed.clear();
  await topUp(4n);
  await vi.waitFor(() => expect(fee()).toBe(12n));
  expect(changed).toContain(id);
  // The header, and with it the id, stays what its owner signed.
  expect(watch.shown(id)?.bundle).toEqual(bundle);
  await reorg(HUB, 1);
  await vi.waitFor(() => expect(fee()).toBe(8n));
});

test("a branch that parts below all that is remembered is read anew", async () => {
  stop.abort();
  await watch.done;
  stop = new AbortController();
  watch = start(4);
  await watch.ready;
  const legs = twoLegs();
  const lost = await stage.open(bundleOf(legs, await soon()), legs);
  await mine(HUB, 8);
  const later = await stage.open(bundleOf(legs, await soon()), legs);
  await vi.waitFor(() => expect(watch.shown(later)?.hub.outcome).toBe("open"));
  await reorg(HUB, 10);
  await mine(HUB, 1);
  await vi.waitFor(() => expect(watch.factsView(lost)?.hub.outcome).toBe("none"));
  await vi.waitFor(() => expect(watch.factsView(later)?.hub.outcome).toBe("none"));
  const next = await stage.open(bundleOf(legs, await soon()), legs);
  await vi.waitFor(() => expect(watch.shown(next)?.hub.outcome).toBe("open"));
});

test("legs that stay private are learned by their hashes, and nothing else is taken for them", async () => {
  const legs = twoLegs();
  const bundle = bundleOf(legs, await soon());
  const id = await stage.open(bundle, legs, false);
  await vi.waitFor(() => expect(changed).toContain(id));
  expect([watch.shown(id), watch.factsView(id)]).toEqual([undefined, undefined]);
  const wrong = [legs[0], leg({ chainId: ROLLUP_B, target })].flatMap((one) => one ?? []);
  expect(() => watch.learn(id, { bundle, legs: wrong })).toThrow(
    expect.objectContaining({ code: "bundles.wrong_legs" }),
  );
  expect(() => watch.learn(id, { bundle: { ...bundle, salt: 0n }, legs })).toThrow(
    expect.objectContaining({ code: "bundles.wrong_id" }),
  );
  watch.learn(id, { bundle, hashes: legs.map(legHash) });
  expect(watch.shown(id)).toBeUndefined();
  const view = watch.factsView(id);
  expect(view && factsShown(view).map(({ kind }) => kind)).toEqual(["opened", "opened"]);
  watch.learn(id, { bundle, legs });
  expect(watch.shown(id)?.legs).toEqual(legs);
});

test("that all of a bundle is held follows from the header and what escrows log", async () => {
  const { collateral, escrow } = stage.addresses;
  const amount = 1_000_000n;
  const data = encodeAbiParameters([{ type: "address" }, { type: "address" }], [target, target]);
  const legs = [HUB, ROLLUP_A].map((chainId) =>
    leg({
      chainId,
      kind: "escrow",
      target: collateral.toLowerCase() as Hex,
      value: amount,
      gasLimit: 0,
      data,
    }),
  );
  const bundle = bundleOf(legs, await soon(), { mode: "escrowed" });
  const id = await stage.open(bundle, legs, false);
  const hashes = legs.map(legHash);
  const hold = async (index: number) => {
    const one = need(legs[index], "a leg");
    const { chainId } = one;
    const token = { address: collateral, abi: testDollarAbi };
    await stage.send(chainId, alice, { ...token, functionName: "faucet", args: [alice.address] });
    await stage.send(chainId, alice, { ...token, functionName: "approve", args: [escrow, amount] });
    const held = {
      kind: LEG_KINDS.indexOf(one.kind),
      target: one.target,
      value: one.value,
      gasLimit: one.gasLimit,
      data: one.data,
      salt: one.salt,
    };
    const header = { ...bundle, mode: MODES.indexOf(bundle.mode) };
    const permit = { value: 0n, deadline: 0n, v: 0, r: `0x${"00".repeat(32)}`, s: `0x${"00".repeat(32)}` };
    await stage.send(chainId, alice, {
      address: escrow,
      abi: escrowAbi,
      functionName: "prepare",
      args: [header, hashes, index, held, "0x", permit],
    });
  };
  await hold(0);
  await vi.waitFor(() => expect(changed).toContain(id));
  expect(watch.factsView(id)).toBeUndefined();
  await hold(1);
  await vi.waitFor(() => expect(watch.factsView(id)).toBeDefined());
  const view = watch.factsView(id);
  expect(view && factsShown(view)).toEqual([{ kind: "prepared", id }]);
  expect(view?.hashes).toEqual(hashes);
});
