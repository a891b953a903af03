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
    const { found, endings, faults, schedules } = campaign({ seed: 1, schedules: SCHEDULES });
    // Another seed that fails: npx sooth simulate --seed N
    expect(found && [found.seed, found.violation]).toBeNull();
    expect(schedules).toBe(SCHEDULES);
    // What is never tried is not shown: every ending and every fault came about, often.
    for (const ending of ["completed", "compensated", "refunded"] as const)
      expect(endings[ending]).toBeGreaterThan(200);
    const kinds = ["pause", "halt", "censor", "slow", "reorg", "crash", "lying_node"];
    for (const kind of kinds) expect(faults[kind]).toBeGreaterThan(200);
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
  expect([least.bundles.length, least.faults.length, least.liars]).toEqual([1, 0, 0]);
  expect(planText(least).length).toBeLessThanOrEqual(planText(plan).length);
  expect(run.trace.at(-1)).toMatch(/VIOLATED I2/);
});
