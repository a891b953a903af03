import { type Chain, chainById } from "@sooth/chain";
import { expect, test } from "vitest";
import {
  type BundleShown,
  type Leg,
  legHash,
  legsHashOf,
  NO_RESULT,
  NOBODY,
  statedGas,
  STANDALONE,
} from "../../core/index.ts";
import { Budgets } from "./budgets.ts";
import { jobOf } from "./desks.ts";

const [HUB, ROLLUP] = [31_337, 31_338];
const PRICE = 10n;
const LEGS = 32;
const leg: Leg = {
  chainId: ROLLUP,
  kind: "shared",
  target: NOBODY,
  value: 0n,
  gasLimit: 30_000,
  data: "0x",
  ...STANDALONE,
  salt: NO_RESULT,
};
const legs = Array.from({ length: LEGS }, () => leg);
const late = (fee: bigint): BundleShown => ({
  id: `0x${"01".repeat(32)}`,
  bundle: {
    owner: NOBODY,
    mode: "ordered",
    legs: LEGS,
    deadline: 2_000,
    legsHash: legsHashOf(legs.map(legHash)),
    fee,
    salt: 0n,
  },
  legs,
  hashes: legs.map(legHash),
  hub: { now: 3_000, paused: false, outcome: "open", base: 0n, fee, settled: false },
  chains: new Map([[ROLLUP, { now: 3_000, paused: false }]]),
  shown: legs.map(() => ({ state: "none", result: NO_RESULT, relayer: NOBODY, failures: 0 })),
});
const chain = (id: number) => ({ definition: chainById(id) }) as Chain;
const budgets = () => {
  const lane = { market: { maxFee: PRICE, price: PRICE } } as never;
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
  const view = late(statedGas(late(0n), { do: "abort", why: "late", facts: [] }) * PRICE);
  const of = budgets();
  of.settle(jobOf(view, { do: "run", leg: 0, facts: [] }, 0), view.bundle.fee);
  expect(of.take(jobOf(view, { do: "cancel", leg: 1, facts: [] }, 0), ROLLUP)).toBe(true);
  expect(of.take(jobOf(view, { do: "run", leg: 2, facts: [] }, 0), ROLLUP)).toBe(false);
});
