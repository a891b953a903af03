import { expect, test } from "vitest";
import { hintsFor, newDraft, planOf } from "./draft.ts";

const means = {
  hub: { chainId: 31_337, local: true },
  opinions: `0x${"11".repeat(20)}`,
  decimals: 6,
  lowestWindow: 10,
  unit: "1000000",
};
const draft = { ...newDraft(true), statement: "Cities should close their centres to cars." };
const NOW = 1_800_000_000;

test("a draft becomes a question of the kind score and terms that it fits", () => {
  const { plan, problems } = planOf(draft, NOW, means);
  expect(problems).toEqual({});
  expect(plan?.schema).toMatchObject({
    kind: "score",
    observeAt: NOW + 600,
    sources: [{ type: "opinions" }],
  });
  expect(plan?.market).toEqual({
    closesAt: NOW + 600,
    revealSeconds: 0,
    quietSeconds: 60,
    feeBps: 200,
    prizeBps: 500,
    prizes: 1,
    minConfidence: 4_000,
    rule: "fourth",
    leastStake: "500000",
    mostStake: "10000000",
    quietMost: "500000",
  });
});

test("hidden stances move the question's opening behind the time to tell them", () => {
  const { plan } = planOf({ ...draft, hidden: true }, NOW, means);
  expect(plan?.opensAt).toBe(NOW + 600 + (plan?.market.revealSeconds ?? 0));
  expect(plan?.market.revealSeconds).toBeGreaterThan(0);
});

test.each([
  ["statement", { statement: "Cars." }],
  ["statement", { statement: "ü".repeat(141) }],
  ["fee", { fee: "10.01" }],
  ["prize", { prize: "51" }],
  ["prizes", { prizes: "17" }],
  ["prizes", { prizes: "0" }],
  ["mostStake", { leastStake: "5", mostStake: "4" }],
  ["minConfidence", { minConfidence: "101" }],
  ["reward", { reward: "many" }],
] as const)("says what is wrong with %s", (field, change) => {
  const { plan, problems } = planOf({ ...draft, ...change }, NOW, means);
  expect([plan, Object.keys(problems)]).toEqual([undefined, [field]]);
});

test.each([
  [5_000_000n, undefined, undefined],
  [4_999_999n, undefined, "This is more than you have."],
  [9_999_999n, 5_000_000n, "With the creation fee this is more than you have."],
  [10_000_000n, 5_000_000n, undefined],
])("with %s in the wallet, a reward of 5 and a fee of %s", (balance, creationFee, problem) => {
  expect(planOf(draft, NOW, { ...means, balance, creationFee }).problems.reward).toBe(problem);
});

test("advises where readers would disagree, and is silent where they would not", () => {
  expect(hintsFor("Cities should close their centres to cars.")).toEqual([]);
  expect(hintsFor("Should cities close their centres?")).toHaveLength(1);
  expect(hintsFor("Cities should not allow cars and scooters")).toHaveLength(2);
});
