import { type ByteFees, type Chain, chainById, feeOfBytes, NO_BYTE_FEES } from "@sooth/chain";
import { expect, test } from "vitest";
import { type Action, type BundleShown, NOBODY, statedBytes, statedGas } from "../../core/index.ts";
import { plainLeg, ROLLUP, shownBundle } from "../../../test/shown.ts";
import { Budgets } from "./budgets.ts";
import { jobOf } from "./desks.ts";

const HUB = 31_337;
const PRICE = 10n;
const LEGS = 32;
const legs = Array.from({ length: LEGS }, () => plainLeg());
const late = (fee: bigint): BundleShown =>
  shownBundle(legs, { bundle: { fee }, hub: { base: 0n }, now: 3_000 });
const chain = (id: number) => ({ definition: chainById(id) }) as Chain;
const budgets = (bytes: ByteFees = NO_BYTE_FEES) => {
  const lane = { market: { maxFee: PRICE, price: PRICE, bytes } } as never;
  return new Budgets({
    hub: chain(HUB),
    rollups: [chain(ROLLUP)],
    lanes: new Map([[ROLLUP, [lane]]]),
    relayer: NOBODY,
    attesterBps: 0,
    gift: 0n,
  });
};

test("attack: legs that come too late are called off for what the bundle pays, and not each for all of it", () => {
  const view = late(0n);
  const cost = statedGas(view, { do: "cancel", leg: 0, facts: [] }) * PRICE;
  const rich = late(cost * 3n + 31n);
  const of = budgets();
  const taken = legs.filter((_, index) =>
    of.take(jobOf(rich, { do: "cancel", leg: index, facts: [] }, 0), ROLLUP),
  );
  expect(taken).toHaveLength(3);
  // What they cost counts when they are done, as it did while they were under way.
  for (const index of [0, 1, 2]) of.settle(jobOf(rich, { do: "cancel", leg: index, facts: [] }, 0), cost);
  expect(of.take(jobOf(rich, { do: "cancel", leg: 5, facts: [] }, 0), ROLLUP)).toBe(false);
});

test("what legs cost is not taken from the steps that bring the fee home", () => {
  const view = late(statedGas(late(0n), { do: "cancel", leg: 1, facts: [] }) * PRICE + 31n);
  const of = budgets();
  of.settle(jobOf(view, { do: "run", leg: 0, facts: [] }, 0), view.bundle.fee);
  expect(of.take(jobOf(view, { do: "cancel", leg: 1, facts: [] }, 0), ROLLUP)).toBe(true);
  expect(of.take(jobOf(view, { do: "run", leg: 2, facts: [] }, 0), ROLLUP)).toBe(false);
});

test("attack: bytes of noise that a rollup takes more for than for gas are paid by the bundle, or it is left alone", () => {
  const noisy = plainLeg({ data: `0x${"a5".repeat(8_192)}` });
  const run: Action = { do: "run", leg: 0, facts: [] };
  const viewOf = (share: bigint): BundleShown => {
    const view = late(share * BigInt(LEGS));
    return { ...view, legs: [noisy, ...legs.slice(1)] };
  };
  const gas = statedGas(viewOf(0n), run) * PRICE;
  const fees = { base: 1_000n, perByte: 20n * PRICE };
  const bytes = feeOfBytes(fees, statedBytes(viewOf(0n), run));
  expect(statedBytes(viewOf(0n), run)).toBeGreaterThan(8_192);
  const ofGas = jobOf(viewOf(gas), run, 0);
  expect(budgets().take(ofGas, ROLLUP)).toBe(true);
  expect(budgets(fees).take(ofGas, ROLLUP)).toBe(false);
  expect(budgets(fees).take(jobOf(viewOf(gas + bytes), run, 0), ROLLUP)).toBe(true);
  // A try that took what the leg states changes nothing of that.
  expect([budgets(), budgets(fees)].map((of) => of.affords(ofGas, gas / PRICE, ROLLUP))).toEqual([
    true,
    false,
  ]);
});
