import type { Amount, Bps } from "@sooth/kernel";
import { badOpinionTerms, securedComplaint } from "@sooth/markets/core";
import { expect, test } from "vitest";
import { type Draft, DURATIONS, hintsFor, LOCAL_DURATIONS, newDraft, planOf } from "./draft.ts";

const means = {
  hub: { chainId: 31_337, local: true },
  opinions: `0x${"11".repeat(20)}`,
  decimals: 6,
  lowestWindow: 10,
  unit: "1000000",
};
const fixed = {
  creationFee: 0n,
  leastSeconds: 86_400,
  leastStake: 500_000n,
  mostStake: 10_000_000n,
  leastFamilies: 1,
  mostSecured: 1_000_000_000_000n,
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

const money = (text: string) => BigInt(text) as Amount;
const cases = [true, false].flatMap((local) =>
  [...(local ? LOCAL_DURATIONS : []), ...DURATIONS].flatMap(({ seconds, label }) =>
    [true, false].map((hidden) => ({ local, hidden, seconds, label })),
  ),
);
test.each(cases)(
  "the contract takes what is planned, also minutes later: $label, local: $local, hidden: $hidden",
  ({ local, hidden, seconds }) => {
    const leastSeconds = local ? 5 : 86_400;
    const hub = { ...means.hub, local };
    const wanted = { ...newDraft(local), statement: draft.statement, openSeconds: seconds, hidden };
    const { plan, problems } = planOf(wanted, NOW, { ...means, hub, fixed: { ...fixed, leastSeconds } });
    expect(problems).toEqual({});
    if (!plan) return;
    const hash = `0x${"22".repeat(32)}` as const;
    const terms = {
      ...plan.market,
      feeBps: plan.market.feeBps as Bps,
      prizeBps: plan.market.prizeBps as Bps,
      question: hash,
      statement: hash,
      rubric: hash,
      creator: `0x${"33".repeat(20)}` as const,
      leastStake: money(plan.market.leastStake),
      mostStake: money(plan.market.mostStake),
      quietMost: money(plan.market.quietMost),
    };
    const question = {
      aggregation: "median",
      min: 0n,
      max: 10_000n,
      opensAt: plan.opensAt,
      endsEarly: false,
    } as const;
    const bounds = { ...fixed, leastSeconds, mostSeconds: 14 * 86_400 };
    for (const later of [0, local ? 5 : 600])
      expect(badOpinionTerms(terms, { question, bounds, now: NOW + later })).toBe(null);
  },
);

test.each([
  ["leastStake", { leastStake: "0.4" }, "At least 0.50 here."],
  ["mostStake", { mostStake: "11" }, "At most 10.00 here."],
] as const)("a deployment's bounds are told before anything is paid: %s", (field, change, problem) => {
  expect(planOf({ ...draft, ...change }, NOW, { ...means, fixed }).problems).toEqual({ [field]: problem });
});

const windowOf = (mostInAll: string) => {
  const { plan } = planOf({ ...draft, mostInAll }, NOW, { ...means, lowestWindow: 1_800, fixed });
  return plan && [plan.secures, plan.liveness];
};

test("the answer secures all that may be staked, and the more it is the longer it can be objected to", () => {
  expect(windowOf("1000")).toEqual(["1000000000", 1_800]);
  expect(windowOf("9999.999999")).toEqual(["9999999999", 1_800]);
  expect(windowOf("10000")).toEqual(["10000000000", 7_200]);
  expect(windowOf("1000000")).toEqual(["1000000000000", 86_400]);
});

test("what is put up is such that a server takes stakes on it", () => {
  for (const local of [true, false])
    for (const leastFamilies of [1, 2])
      for (const [mostInAll, lowestWindow] of [
        ["10", 5],
        ["1000", 1_800],
        ["25000", 3_600],
      ] as const) {
        const hub = { chainId: 1, local };
        const known = { ...means, hub, lowestWindow, fixed: { ...fixed, leastFamilies } };
        const { plan } = planOf({ ...draft, mostInAll }, NOW, known);
        if (!plan) throw new Error("no plan");
        const asked = { ...plan, domain: 0, secures: BigInt(plan.secures) };
        const market = { mostStake: money(plan.market.mostStake) };
        const windows = { lowestWindow, unit: 1_000_000n };
        expect(securedComplaint(asked, market, { windows })).toBeNull();
      }
});

const wrongWith = (change: Partial<Draft>) =>
  planOf({ ...draft, ...change }, NOW, { ...means, fixed }).problems;

test("no more can be staked in all than the providers can answer for, and a stake has to fit", () => {
  expect(wrongWith({ mostInAll: "1000000" })).toEqual({});
  expect(wrongWith({ mostInAll: "1000000.000001" })).toEqual({
    mostInAll: "At most 1,000,000.00 here: the providers can answer for no more.",
  });
  const unknown = { ...means, fixed: { ...fixed, mostSecured: null } };
  expect(planOf({ ...draft, mostInAll: "2000000" }, NOW, unknown).problems).toEqual({});
  expect(wrongWith({ mostInAll: "9.99" })).toEqual({ mostInAll: "Less than the largest stake." });
});

const proposed = (mostSecured: bigint | null) => newDraft(true, { decimals: 6, mostSecured }).mostInAll;

test("half of what the providers can answer for is proposed, five hundred at most", () => {
  expect([proposed(null), proposed(5_000_000_000n), proposed(1_000_000_000n)]).toEqual(["500", "500", "500"]);
  expect([proposed(999_999_998n), proposed(500_000_000n)]).toEqual(["499.999999", "250"]);
  expect([proposed(20_000_000n), proposed(15_000_000n), proposed(9_000_000n)]).toEqual(["10", "10", "9"]);
  const known = { ...means, fixed: { ...fixed, mostSecured: 500_000_000n } };
  expect(planOf({ ...draft, mostInAll: proposed(500_000_000n) }, NOW, known).problems).toEqual({});
});

const wrongFields = (hidden: boolean, tells?: boolean) =>
  Object.keys(planOf({ ...draft, hidden }, NOW, tells === undefined ? means : { ...means, tells }).problems);

test("where nobody tells hidden stances no statement is put up with them", () => {
  expect([
    wrongFields(true, false),
    wrongFields(false, false),
    wrongFields(true, true),
    wrongFields(true),
  ]).toEqual([["hidden"], [], [], []]);
});

test("hidden stances move the question's opening behind the time to tell them", () => {
  const { plan } = planOf({ ...draft, hidden: true }, NOW, means);
  expect(plan?.opensAt).toBe(NOW + 600 + (plan?.market.revealSeconds ?? 0));
  expect(plan?.market.revealSeconds).toBeGreaterThan(0);
});

const familiesOf = (leastFamilies?: number) =>
  planOf(draft, NOW, {
    ...means,
    fixed: leastFamilies ? { ...fixed, leastFamilies } : undefined,
  }).plan?.schema.sources.map((source) => (source.type === "opinions" ? source.families : null));

test("where markets want labels of several families of models, the question says so", () => {
  expect([familiesOf(), familiesOf(1), familiesOf(2)]).toEqual([[undefined], [undefined], [2]]);
});

const livenessOf = (leastFamilies: number) =>
  planOf(draft, NOW, { ...means, lowestWindow: 1_800, fixed: { ...fixed, leastFamilies } }).plan?.liveness;

test("where they do, there is the longest time to object, and else what the sum wants", () => {
  expect([livenessOf(1), livenessOf(2)]).toEqual([1_800, 172_800]);
});

const confidenceOf = (minConfidence: string, leastFamilies: number) =>
  planOf({ ...draft, minConfidence }, NOW, { ...means, fixed: { ...fixed, leastFamilies } })
    .plan?.schema.sources.map((source) => (source.type === "opinions" ? source.confidence : null))
    .at(0);

test("where they do, each provider's labels must be as sure as the market wants, up to a half", () => {
  expect([confidenceOf("40", 2), confidenceOf("80", 2)]).toEqual([4_000, 5_000]);
  expect([confidenceOf("0", 2), confidenceOf("40", 1)]).toEqual([undefined, undefined]);
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
  const known = creationFee === undefined ? undefined : { ...fixed, creationFee };
  expect(planOf(draft, NOW, { ...means, balance, fixed: known }).problems.reward).toBe(problem);
});

test("advises where readers would disagree, and is silent where they would not", () => {
  expect(hintsFor("Cities should close their centres to cars.")).toEqual([]);
  expect(hintsFor("Remote work makes teams better.")).toEqual([]);
  expect(hintsFor("Remote work makes teams better")).toEqual([]);
  expect(hintsFor("Coffee tastes best at noon.")).toEqual([]);
  expect(hintsFor("Cars in large city centres")).toHaveLength(1);
  expect(hintsFor("Should cities close their centres?")).toHaveLength(1);
  expect(hintsFor("Cities should not allow cars and scooters")).toHaveLength(2);
});
