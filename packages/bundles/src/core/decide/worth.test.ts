import type { Hex } from "@sooth/kernel";
import { expect, test } from "vitest";
import { type GasCosts, feeFor, legGas, relayerShare } from "../costs.ts";
import { NO_RESULT, NOBODY } from "../facts.ts";
import type { Leg, Mode } from "../types.ts";
import type { BundleShown, LegShown } from "../view.ts";
import type { Action } from "./relayer.ts";
import { plainLeg, shownBundle } from "../../../test/shown.ts";
import { mayCost, statedGas } from "./worth.ts";

const BPS = 2_000;
const ME: Hex = `0x${"aa".repeat(20)}`;
const RIVAL: Hex = `0x${"bb".repeat(20)}`;
const call = (gasLimit: number, over: Partial<Leg> = {}): Leg => plainLeg({ chainId: 1, gasLimit, ...over });
const nothing: LegShown = { state: "none", result: NO_RESULT, relayer: NOBODY, failures: 0 };
const by = (relayer: Hex, state: LegShown["state"] = "ok"): LegShown => ({ ...nothing, state, relayer });
const viewOf = (legs: readonly Leg[], shown: readonly LegShown[], mode: Mode = "ordered"): BundleShown =>
  shownBundle(legs, { bundle: { mode, fee: 4_000n }, shown });
/** Of each leg. */
const SHARE = 800n;
const legs = [1, 2, 3, 4].map((gas) => call(gas));
const means = { relayer: ME, attesterBps: BPS, spent: 0n, gift: 0n };
const run = (leg: number): Action => ({ do: "run", leg, facts: [] });

test("an ordered bundle's leg may cost its own share, and what was earned before and is not spent", () => {
  const none = viewOf(legs, [nothing, nothing, nothing, nothing]);
  expect(mayCost(none, run(0), means)).toBe(SHARE);
  const two = viewOf(legs, [by(ME), by(RIVAL), nothing, nothing]);
  expect(mayCost(two, run(2), means)).toBe(2n * SHARE);
  expect(mayCost(two, run(2), { ...means, spent: SHARE, gift: 5n })).toBe(SHARE + 5n);
});

test("what was only called off brings a quarter", () => {
  const view = viewOf(legs, [by(ME, "missed"), nothing, nothing, nothing]);
  expect(mayCost(view, run(1), means)).toBe(SHARE + SHARE / 4n);
});

test("what is held counts on all shares that nobody else has yet, less what it cost so far", () => {
  const held = legs.map((leg) => ({ ...leg, kind: "escrow" as const }));
  const view = viewOf(held, [by(RIVAL), nothing, by(NOBODY, "held"), nothing], "escrowed");
  expect(mayCost(view, { do: "prepare", leg: 1, facts: [] }, { ...means, spent: 1n })).toBe(3n * SHARE - 1n);
  expect(mayCost(view, { do: "finish", leg: 2, facts: [] }, { ...means, spent: 4n * SHARE })).toBe(-SHARE);
});

test("steps of the hub are taken where the bundle pays for all of them together, whoever earned it", () => {
  const view = viewOf(
    legs,
    legs.map(() => by(RIVAL)),
  );
  expect(mayCost(view, { do: "commit", facts: [] }, { ...means, spent: SHARE })).toBe(3n * SHARE);
});

test("a step's gas is what its leg states, not what a try of it took", () => {
  const view = viewOf([call(5_000_000)], [nothing]);
  expect(statedGas(view, run(0))).toBeGreaterThan(5_000_000n);
  const participant = viewOf([call(9_000_000, { kind: "participant" })], [nothing], "escrowed");
  expect(statedGas(participant, { do: "finish", leg: 0, facts: [] })).toBeGreaterThan(9_000_000n);
});

/** What a relayer has spent stays within the shares of what he brought, at each step of the way. */
function coversEachStep(fee: bigint, order: readonly number[], gas: GasCosts): boolean {
  const share = relayerShare({ fee, legs: gas.legs.length }, BPS);
  let spent = gas.opening;
  for (const [index, place] of order.entries()) {
    spent += gas.legs[place] ?? 0n;
    if (spent > share * BigInt(index + 1)) return false;
  }
  return spent + gas.deciding <= share * BigInt(order.length);
}

test("a fee covers a dear leg that comes first, however cheap those behind it are", () => {
  const chained = [call(1), call(1, { needsOk: [0] }), call(1, { needsOk: [1] })];
  const gas = { opening: 50n, legs: [10_000n, 10n, 10n], deciding: 100n };
  const fee = feeFor("ordered", gas, chained, BPS);
  expect(coversEachStep(fee, [0, 1, 2], gas)).toBe(true);
  // By the sum of all it would not: two others would take two thirds of it for next to nothing.
  expect(coversEachStep((10_170n * 12_500n) / 8_000n, [0, 1, 2], gas)).toBe(false);
});

test("where the order is free the cheap ones go first, and it costs the owner less", () => {
  const gas = { opening: 50n, legs: [10_000n, 10n, 10n], deciding: 100n };
  const free = feeFor("ordered", gas, [call(1), call(1), call(1)], BPS);
  expect(coversEachStep(free, [1, 2, 0], gas)).toBe(true);
  expect(free).toBeLessThan(
    feeFor("ordered", gas, [call(1), call(1, { needsOk: [0] }), call(1, { needsOk: [1] })], BPS) / 2n,
  );
});

test("a quoted fee lets one bundler bring a leg that takes all the gas that it states", () => {
  const leg = call(5_000_000);
  const price = 7n;
  const gas = { opening: 0n, legs: [legGas(leg, [leg], 5_000_000n).alone * price], deciding: 0n };
  const view = viewOf([leg], [nothing]);
  view.hub.fee = feeFor("ordered", gas, [leg], BPS);
  expect(mayCost(view, run(0), means)).toBeGreaterThanOrEqual(statedGas(view, run(0)) * price);
});

test("what nobody opened paid nothing, whatever its header says: it ends as a gift, or by others", () => {
  const abort: Action = { do: "abort", why: "unopened", facts: [] };
  const view = viewOf(legs, [by(NOBODY, "held"), nothing, nothing, nothing], "escrowed");
  expect(mayCost(view, abort, means)).toBe(0n);
  expect(mayCost(view, abort, { ...means, gift: 9n, spent: 4n })).toBe(5n);
  expect(mayCost(view, { ...abort, why: "late" }, means)).toBe(4n * SHARE);
  expect(mayCost(view, { ...abort, why: "late" }, { ...means, spent: SHARE })).toBe(3n * SHARE);
});
