import { escrowPartiesOf } from "@sooth/bundles/core";
import { at, need } from "@sooth/kernel";
import { decodeFunctionData, parseAbi } from "viem";
import { describe, expect, test } from "vitest";
import { planOf, type Means } from "./build-draft.ts";
import { type Draft, durationFor, newDraft, newStep, readDraft, withoutStep } from "./draft.ts";

const A = 31_338;
const B = 31_339;
const [OWNER, OTHER, TOKEN, POOL] = ["aa", "bb", "cc", "dd"].map((byte) => `0x${byte.repeat(20)}`) as [
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
];
const means: Means = {
  hub: { chainId: 31_337, hub: `0x${"ee".repeat(20)}` },
  owner: OWNER,
  now: 1_800_000_000,
  fee: 7n,
  salt: 1n,
  random: `0x${"01".repeat(32)}`,
  decimalsOf: () => 6,
};
const fresh = { ...newDraft({ chains: [A, B, 31_337], token: TOKEN }), seconds: 1_800 };
const swap: Draft = {
  ...fresh,
  gives: { ...fresh.gives, amount: "5" },
  wants: { ...fresh.wants, amount: "2.5" },
  partner: OTHER,
};
const MINT = "function mint(address to, uint256 amount) returns (uint256 id, bool ok)";
const BURN = "burn(uint256 id)";
const input = (text: string, from = "", output = "0") => ({ text, from, output });
const mint = {
  ...newStep(String(A), 0),
  call: { target: POOL, signature: MINT, inputs: [input(OWNER), input("9")], value: "0.5", gas: "100,000" },
  hasUndo: true,
  undo: { target: POOL, signature: BURN, inputs: [input("", "0", "0")], value: "0", gas: "90000" },
};
const burn = {
  ...newStep(String(B), 1),
  call: { target: POOL, signature: BURN, inputs: [input("", "0", "0")], value: "0", gas: "80000" },
  hasCondition: true,
  condition: { from: "0", output: "0", comparison: "at_least" as const, value: "3" },
};
const steps: Draft = { ...fresh, template: "steps", steps: [mint, burn] };
const problemsOf = (draft: Draft) => planOf(draft, means).problems;

test("a swap is two escrows, each paying the other's payer", () => {
  const { bundle, legs } = need(planOf(swap, means).built, "a bundle");
  expect(bundle).toMatchObject({
    mode: "escrowed",
    owner: OWNER,
    fee: 7n,
    deadline: means.now + fresh.seconds,
  });
  expect(legs.map(({ chainId, value }) => [chainId, value])).toEqual([
    [A, 5_000_000n],
    [B, 2_500_000n],
  ]);
  expect(legs.map(escrowPartiesOf)).toEqual([
    { payer: OWNER, recipient: OTHER },
    { payer: OTHER, recipient: OWNER },
  ]);
});

test("steps become legs: a result goes into the next, a condition is held against it, and what undoes comes last", () => {
  const { legs } = need(planOf(steps, means).built, "a bundle");
  expect(legs.map(({ undoes }) => undoes)).toEqual([null, null, 0]);
  const [first, second, undo] = legs;
  expect(first).toMatchObject({ value: 500_000_000_000_000_000n, gasLimit: 100_000, kind: "shared" });
  expect(decodeFunctionData({ abi: parseAbi([MINT]), data: need(first, "leg").data }).args?.[1]).toBe(9n);
  expect(second).toMatchObject({
    needsOk: [0],
    splices: [{ from: 0, source: 0, length: 32, target: 4 }],
    conditions: [{ from: 0, source: 0, comparison: "at_least", value: 3n }],
  });
  // It waits until it is known what became of the step that stands on its own.
  expect(undo).toMatchObject({ needsSettled: [1], splices: [{ from: 0 }] });
});

const withCall = (number: number, change: object): Draft => ({
  ...steps,
  steps: steps.steps.map((step, index) =>
    index === number ? { ...step, call: { ...step.call, ...change } } : step,
  ),
});

describe("what is wrong is said at its field", () => {
  test.each<[string, Draft, string, RegExp]>([
    ["no amount", { ...swap, gives: { ...swap.gives, amount: "" } }, "gives.amount", /amount/],
    ["nothing", { ...swap, wants: { ...swap.wants, amount: "0" } }, "wants.amount", /More than 0/],
    ["oneself", { ...swap, partner: OWNER }, "partner", /own address/],
    ["no token", { ...swap, gives: { ...swap.gives, token: "0x1" } }, "gives.token", /no address/],
    ["no target", withCall(0, { target: "" }), "steps.0.call.target", /Fill/],
    ["no function", withCall(1, { signature: "burn" }), "steps.1.call.signature", /function/],
    ["no argument", withCall(0, { inputs: [input(OWNER)] }), "steps.0.call.inputs.1", /Fill/],
    ["bad gas", withCall(0, { gas: "much" }), "steps.0.call.gas", /gas/],
    [
      "a result of another type",
      withCall(1, { inputs: [input("", "0", "1")] }),
      "steps.1.call.signature",
      /bundles.result_of_other_type/,
    ],
    [
      "a result that is not there",
      withCall(1, { inputs: [input("", "0", "7")] }),
      "steps.1.call.inputs.0",
      /no_such_result/,
    ],
    ["too little time", { ...swap, seconds: 5 }, "form", /bundles.bad_window/],
    ["no gas at all", withCall(0, { gas: "0" }), "form", /bundles.bad_gas/],
  ])("%s", (_, draft, field, says) => {
    expect(problemsOf(draft)[field]).toMatch(says);
    expect(planOf(draft, means).built).toBeUndefined();
  });
});

test("legs are counted from one in what is said of them", () => {
  const noGas = { ...steps, steps: steps.steps.map((one) => ({ ...one, call: { ...one.call, gas: "0" } })) };
  expect(problemsOf(noGas)["form"]).toMatch(
    /^Leg 1 asks for 0 gas, and 1 to \d+ can be given\. Code bundles\.bad_gas$/,
  );
});

test("what another step removes is named no more, and later ones are still named", () => {
  const third = {
    ...newStep(String(A), 2),
    after: ["0", "1"],
    condition: { ...burn.condition, from: "1" },
    hasCondition: true,
  };
  const [first, last] = withoutStep([mint, burn, third], 0);
  expect(first).toMatchObject({ after: [], hasCondition: false, call: { inputs: [{ from: "" }] } });
  expect(last).toMatchObject({ after: ["0"], hasCondition: true, condition: { from: "0" } });
});

test("a draft that was kept comes back as it was; what is no draft is a fresh one", () => {
  expect(readDraft(JSON.parse(JSON.stringify(steps)))).toEqual(steps);
  expect(readDraft({ template: "cow", steps: [{ kind: 7 }] })).toMatchObject({
    template: "swap",
    steps: [{ kind: "call" }],
  });
});

test("the same draft under other randomness is another bundle, at the same size", () => {
  const one = need(planOf(steps, means).built, "a bundle");
  const other = need(planOf(steps, { ...means, random: `0x${"02".repeat(32)}` }).built, "a bundle");
  expect(other.id).not.toBe(one.id);
  expect(at(other.hashes, 0)).not.toBe(at(one.hashes, 0));
});

test("a duration that nobody chose leaves time to agree, and twice what the quote says", () => {
  expect([durationFor(20, true), durationFor(20, false), durationFor(2_406, false)]).toEqual([
    1_800, 3_600, 7_200,
  ]);
  expect(durationFor(10 * 86_400, false)).toBe(3 * 86_400);
});
