import { need } from "@sooth/kernel";
import { expect, test } from "vitest";
import { campaign } from "./campaign.ts";
import { MUTANTS } from "./mutants.ts";
import { planOf } from "./plan.ts";
import { simulate } from "./run.ts";
import { planText, shrink } from "./shrink.ts";

const SCHEDULES = 1_500;
// Some seconds of work; a machine that others load takes far longer.
const PATIENCE_MS = 240_000;

test(
  `${SCHEDULES} schedules: nothing runs twice, nothing is mixed or lost, everything ends`,
  () => {
    const { found, endings, faults, schedules, bounded, refusals } = campaign({
      seed: 1,
      schedules: SCHEDULES,
    });
    // Another seed that fails: npx sooth simulate --seed N
    expect(found && [found.seed, found.violation]).toBeNull();
    expect(schedules).toBe(SCHEDULES);
    // What is never tried is not shown: every ending and every fault came about, often.
    for (const ending of ["completed", "compensated", "refunded"] as const)
      expect(endings[ending]).toBeGreaterThan(200);
    const kinds = ["pause", "halt", "censor", "slow", "reorg", "crash", "lying_node"];
    for (const kind of kinds) expect(faults[kind]).toBeGreaterThan(200);
    expect(bounded).toBeGreaterThan(200);
    for (const why of ["over a limit", "its lane rests", "just held"])
      expect(refusals[why]).toBeGreaterThan(50);
  },
  PATIENCE_MS,
);

test.each(MUTANTS)(
  "it is noticed that $name",
  ({ twist, finds, deep }) => {
    const { found } = campaign({ seed: 0, schedules: 1_500, twist, deep: deep ?? false });
    expect(found?.violation.rule).toMatch(finds);
  },
  PATIENCE_MS,
);

test("a seed is a schedule: played again it goes the same way, step by step", () => {
  const [first, again, other] = [7, 7, 8].map((seed) => simulate(planOf(seed), {}, true));
  expect(first).toEqual(again);
  expect(first?.trace).not.toEqual(other?.trace);
  expect(first?.trace.join("\n")).toMatch(/settle/);
});

test("a violation is shown by a schedule from which nothing more can be left out", () => {
  const { twist } = need(
    MUTANTS.find(({ name }) => name === "an escrow pays without a decision"),
    "mutant",
  );
  const { found } = campaign({ seed: 20, schedules: 200, twist, deep: false });
  const { plan, violation } = need(found, "violation");
  const { plan: least, run } = shrink(plan, twist, violation);
  expect(run.violation?.rule).toBe(violation.rule);
  expect([least.bundles.length, least.faults.length, least.limits.length, least.liars]).toEqual([1, 0, 0, 0]);
  expect(planText(least).length).toBeLessThanOrEqual(planText(plan).length);
  expect(run.trace.at(-1)).toMatch(/VIOLATED I2/);
});

test("what is wished for is so, and the rest is drawn as ever", () => {
  const wishes = { chains: 6, blockSeconds: [12, 1], waits: [3, "finalized"] as const, bundles: 5, liars: 0 };
  const { chains, bundles, liars, faults } = planOf(4, false, wishes);
  expect(chains.map(({ chainId, blockSeconds }) => [chainId, blockSeconds])).toEqual(
    [10, 20, 30, 40, 50, 60].map((id, i) => [id, i === 0 ? 12 : 1]),
  );
  expect(chains.map(({ word }) => word)).toEqual([null, ...Array<string>(5).fill("finalized")]);
  expect([chains[0]?.wait, bundles.length, liars]).toEqual([3, 5, 0]);
  expect(faults.length).toBeGreaterThan(0);
  expect(planOf(4, false, { faults: [] }).faults).toEqual([]);
  expect(planOf(4, false, {})).toEqual(planOf(4));
  // Many chains and many bundles play by the same rules.
  expect(campaign({ seed: 1, schedules: 30, wishes }).found).toBeNull();
});

test("what a lane has no room for is given back whole, and what it has room for is paid", () => {
  const [leg] = need(planOf(1, false, { limits: [] }).bundles[0], "a bundle").known.legs;
  const held = { ...need(leg, "a leg"), undoes: null, needsOk: [], needsFailed: [], needsSettled: [] };
  const data = `0x${"5".padStart(64, "0")}${"6".padStart(64, "0")}` as const;
  const legs = [7, 8].map((chainId) => ({ ...held, kind: "escrow" as const, chainId, value: 500n, data }));
  const own = { mode: "escrowed", legs, seconds: 240, hubChain: 1 } as const;
  const endings = (most: bigint) => {
    const limits = [{ chainId: 7, other: 8, most, token: null, from: 0 }];
    const counts = campaign({ seed: 1, schedules: 40, deep: false, wishes: { own, limits } });
    expect(counts.found).toBeNull();
    return counts.endings;
  };
  expect(endings(499n)).toMatchObject({ completed: 0, unfinished: 0 });
  expect(endings(500n).completed).toBeGreaterThan(10);
});

test("a bundle of somebody's own ends in every way that its legs can", () => {
  const leg = { ...need(planOf(1).bundles[0]?.known.legs[0], "a leg"), undoes: null, needsOk: [] };
  const legs = [
    { ...leg, chainId: 7 },
    { ...leg, chainId: 8, needsOk: [0] },
    { ...leg, chainId: 7, undoes: 0, needsSettled: [1] },
  ];
  const own = { mode: "ordered", legs, seconds: 240, hubChain: 1 } as const;
  const { endings, found } = campaign({ seed: 1, schedules: 60, deep: false, wishes: { own } });
  expect(found).toBeNull();
  expect(Math.min(endings.completed, endings.compensated)).toBeGreaterThan(5);
  expect(endings.completed + endings.compensated).toBe(60);
});
