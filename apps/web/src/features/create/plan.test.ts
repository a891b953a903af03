import { expect, test } from "vitest";
import { newDraft, sampleDraft, type Draft } from "./draft.ts";
import { planOf } from "./plan.ts";

const NOW = 1_747_000_000;
/** Kinds' own fields by their names. */
type Change = Partial<Draft> & {
  outcomes?: string[];
  cuts?: string[];
  threshold?: string;
  decimals?: string;
  unit?: string;
};
const draft = ({ outcomes, cuts, threshold, decimals, unit, ...change }: Change = {}): Draft => {
  const fresh = newDraft(NOW, true);
  const own = { outcomes, cuts, threshold, decimals, unit };
  const given = Object.entries(own).filter(([, value]) => value !== undefined);
  return {
    ...fresh,
    text: "Will it rain in Berlin on 12 May 2025?",
    ...change,
    typed: { ...fresh.typed, ...(Object.fromEntries(given) as Draft["typed"]) },
  };
};
const plan = (change: Change = {}) => planOf(draft(change), NOW, 6);
const SOURCE = {
  name: "Kraken",
  url: "https://x.example/p?at={observeAt}",
  path: "a.0",
  unit: "USD",
  scale: "0",
};

test("a plain draft is a plan with what the routes take", () => {
  const made = plan({ reward: "12.5", fee: "2.5", reportMinutes: "10", livenessMinutes: "0.5" });
  expect(made.problems).toEqual({});
  expect(made.plan).toMatchObject({
    reward: "12500000",
    liveness: 30,
    market: { feeBps: 250, outcomes: ["No", "Yes"], cuts: [] },
  });
  expect(made.plan?.deadline).toBe((made.plan?.opensAt ?? 0) + 600);
  expect(made.plan?.schema).toMatchObject({
    kind: "bool",
    outcomes: ["No", "Yes"],
    rule: { type: "value" },
    version: 1,
  });
  expect(made.plan?.schemaText).toBe(JSON.stringify(JSON.parse(made.plan?.schemaText ?? "")));
});

test("sources make a bool ask for its threshold, and give it their unit", () => {
  expect(plan({ sources: [SOURCE] }).problems).toHaveProperty("threshold");
  const made = plan({ sources: [SOURCE], threshold: "2,400.5" });
  expect(made.plan?.schema).toMatchObject({ rule: { type: "atLeast", threshold: "2400.5" }, unit: "USD" });
});

test("brackets of a number become fixed point, rising", () => {
  const made = plan({ kind: "numeric", decimals: "2", edges: ["-1.5", "2,000", "2500.25"], unit: "USD" });
  expect(made.plan?.market?.cuts).toEqual(["-150", "200000", "250025"]);
  expect(made.plan?.market?.outcomes).toEqual([
    "below -1.5 USD",
    "-1.5 to below 2,000 USD",
    "2,000 to below 2,500.25 USD",
    "2,500.25 USD or more",
  ]);
  expect(made.plan?.schema).toMatchObject({ outcomes: [], decimals: 2 });
  expect(plan({ kind: "numeric", edges: ["2", "2"] }).problems).toHaveProperty("edges");
  expect(plan({ kind: "numeric", edges: ["1.234"], decimals: "2" }).problems).toHaveProperty("edges");
  expect(plan({ kind: "numeric", edges: [""] }).problems).toHaveProperty("edges");
});

test("a list needs two different names, and cuts between them when sources decide", () => {
  const kind = "categorical" as const;
  expect(plan({ kind, outcomes: ["A", ""] }).problems).toHaveProperty("outcomes");
  expect(plan({ kind, outcomes: ["A", "a "] }).problems).toHaveProperty("outcomes");
  expect(plan({ kind, outcomes: ["A", "B", "C"] }).plan?.schema.outcomes).toEqual(["A", "B", "C"]);
  const sources = [SOURCE];
  expect(plan({ kind, outcomes: ["A", "B", "C"], cuts: ["1"], sources }).problems).toHaveProperty("cuts");
  expect(plan({ kind, outcomes: ["A", "B"], cuts: ["1"], sources }).plan?.schema.rule).toEqual({
    type: "cuts",
    cuts: ["1"],
  });
});

test.each([
  ["text", { text: "Rain?" }],
  ["observeAt", { observeAt: "2020-01-01T00:00:00" }],
  ["observeAt", { observeAt: "" }],
  ["closesAt", { closesAt: "2030-01-01T00:00:00" }],
  ["fee", { fee: "10.01" }],
  ["fee", { fee: "2.345" }],
  ["reward", { reward: "0.0000001" }],
  ["reward", { reward: "ten" }],
  ["reportMinutes", { reportMinutes: "0" }],
  ["livenessMinutes", { livenessMinutes: "1.555" }],
  ["source0", { sources: [{ ...SOURCE, url: "not a url" }] }],
  ["source0", { sources: [{ ...SOURCE, path: "" }] }],
])("refuses a bad %s and says where", (field, change) => {
  const { plan: made, problems } = plan(change);
  expect(made).toBeUndefined();
  expect(Object.keys(problems)).toContain(field);
});

test("what the oracle itself would refuse is refused here with its words", () => {
  const twice = plan({ sources: [SOURCE, { ...SOURCE, path: "b" }], threshold: "1" });
  expect(twice.problems.text).toBe("Two sources have the same name.");
});

test("one edge makes two brackets", () => {
  const made = plan({ kind: "numeric", edges: ["10"], unit: "mm" });
  expect(made.plan?.market?.outcomes).toEqual(["below 10 mm", "10 mm or more"]);
});

test("the sample of a local network is a plan as it stands", () => {
  const made = planOf(sampleDraft(NOW, [SOURCE]), NOW, 6);
  expect(made.problems).toEqual({});
  expect(made.plan?.schema).toMatchObject({ rule: { type: "atLeast", threshold: "3000" }, unit: "USD" });
  expect((made.plan?.opensAt ?? 0) % 60).toBe(0);
});

test("what the network would refuse after signing is told before", () => {
  const means = { lowestWindow: 60, unit: "1000000", maxQuestionSeconds: 86_400, balance: 5_000_000n };
  const told = (change: Partial<Draft>) => planOf(draft(change), NOW, 6, means).problems;
  expect(told({ livenessMinutes: "0.5" })).toEqual({
    livenessMinutes: expect.stringContaining("at least"),
    reward: expect.any(String),
  });
  expect(told({ livenessMinutes: "1", reward: "5.000001" })).toEqual({
    reward: "This is more than you have.",
  });
  expect(told({ livenessMinutes: "1", reward: "5" })).toEqual({});
  expect(told({ livenessMinutes: "1", reward: "5", reportMinutes: "1440" })).toHaveProperty("observeAt");
  // Nobody is connected yet: nothing is known of what he has.
  expect(
    planOf(draft({ livenessMinutes: "1" }), NOW, 6, { lowestWindow: 60, balance: undefined }).problems,
  ).toEqual({});
});

test("an answer is open to objection for as long as what hangs on it wants", () => {
  const means = { lowestWindow: 1_800, unit: "1000000" };
  const of = (secures: string, livenessMinutes = "") =>
    planOf(draft({ secures, livenessMinutes }), NOW, 6, means);
  expect(["", "9999", "10000", "1000000", "10000000"].map((secures) => of(secures).plan?.liveness)).toEqual([
    1_800, 1_800, 7_200, 86_400, 172_800,
  ]);
  expect(of("10000", "120").plan?.liveness).toBe(7_200);
  expect(of("10000", "119").problems).toHaveProperty("livenessMinutes");
  // Where windows are seconds, there is time to look.
  expect(
    planOf(draft({ livenessMinutes: "" }), NOW, 6, { lowestWindow: 5, unit: "1000000" }).plan?.liveness,
  ).toBe(30);
});

test("a score is cut into brackets of points, a valuation into brackets of dollars", () => {
  const points = { ...SOURCE, unit: "points" };
  const score = plan({ kind: "score", edges: ["50", "80.5"], sources: [points], tolerance: "2" });
  expect(score.problems).toEqual({});
  expect(score.plan?.schema).toMatchObject({ kind: "score", decimals: 2, unit: "points", tolerance: "2" });
  expect(score.plan?.market?.cuts).toEqual(["5000", "8050"]);
  expect(score.plan?.bounds).toEqual({ tolerance: "2" });
  const worth = plan({ kind: "log-usd", edges: ["1000", "1000000"], sources: [SOURCE], min: "10" });
  expect(worth.problems).toEqual({});
  expect(worth.plan?.schema).toMatchObject({ kind: "log-usd", decimals: 6, unit: "USD" });
  expect(worth.plan?.market?.outcomes).toEqual([
    "below 1,000 USD",
    "1,000 to below 1,000,000 USD",
    "1,000,000 USD or more",
  ]);
  expect(plan({ kind: "log-usd", edges: ["0"] }).problems).toHaveProperty("edges");
});

test("order, cut-off and default stand in the schema only where they are not as usual", () => {
  expect(plan().plan?.schema).not.toHaveProperty("order");
  const at = plan().plan?.opensAt ?? 0;
  const made = plan({
    sources: [{ ...SOURCE, timePath: "a.1" }],
    threshold: "5",
    order: "first",
    discloseBy: new Date((at + 60) * 1000).toISOString().slice(0, 19),
    fallback: "0",
  });
  expect(made.problems).toEqual({});
  expect(made.plan).toMatchObject({
    opensAt: at + 60,
    schema: { order: "first", discloseBy: at + 60, default: "0" },
  });
  expect(made.plan?.schema.sources[0]).toMatchObject({ timePath: "a.1" });
  const early = new Date((at - 60) * 1000).toISOString().slice(0, 19);
  expect(plan({ discloseBy: early }).problems).toHaveProperty("discloseBy");
});

test("many things at once are a vector without a market, and each source names them", () => {
  const named = { ...SOURCE, url: "https://x.example/{item}?at={observeAt}" };
  const made = plan({ items: ["ETH", " BTC ", ""], sources: [named], threshold: "10" });
  expect(made.problems).toEqual({});
  expect(made.plan).toMatchObject({
    market: null,
    schema: {
      kind: "vector",
      items: { kind: "bool", names: ["ETH", "BTC"] },
      outcomes: ["No", "Yes"],
      rule: { type: "atLeast", threshold: "10" },
    },
  });
  const sizes = plan({ kind: "log-usd", items: ["a", "b"], edges: [""], tolerance: "0.1", fee: "99" });
  expect(sizes.plan).toMatchObject({ market: null, bounds: {}, schema: { decimals: 6, unit: "USD" } });
  expect(plan({ items: ["ETH", "ETH"] }).problems).toHaveProperty("items");
  expect(plan({ items: ["ETH", ""] }).problems).toHaveProperty("items");
  expect(plan({ items: ["a", "b"], sources: [SOURCE], threshold: "1" }).problems.source0).toMatch(/\{item\}/);
});

test("what hangs on the answer is read like money, and nothing is named where nothing was typed", () => {
  expect(plan().plan?.secures).toBe("0");
  expect(plan({ secures: "1,000.5" }).plan?.secures).toBe("1000500000");
  expect(plan({ secures: "much" }).problems).toHaveProperty("secures");
});

test("sources of second choice stand in the schema, need a first, and are told what is wrong with them", () => {
  const second = { ...SOURCE, name: "Other", url: "https://other.example/{observeAt}" };
  const made = plan({ sources: [SOURCE], secondary: [second], threshold: "1" });
  expect(made.plan?.schema.secondary).toMatchObject([{ name: "Other" }]);
  expect(plan({ secondary: [second] }).problems).toHaveProperty("secondary0");
  const bad = plan({ sources: [SOURCE], secondary: [{ ...second, url: "no url" }], threshold: "1" });
  expect(bad.problems).toEqual({ secondary0: "The address is no URL." });
  const half = plan({ sources: [{ ...SOURCE, url: " ", unit: "" }], threshold: "1" });
  expect(half.problems.source0).toBe("Still to be filled in: unit, address.");
  expect(plan({ sources: [SOURCE], threshold: "1" }).plan?.schema).not.toHaveProperty("secondary");
});

const long = (length: number): string => "x".repeat(length);

test("a text that is too long is said to be, each at its field, and nothing is cut", () => {
  expect(plan({ text: long(1_001) }).problems).toEqual({
    text: "Question: 1 character too many: 1,000 at most.",
  });
  expect(plan({ description: long(5_000) }).plan?.schema.description).toHaveLength(5_000);
  expect(plan({ description: long(5_001) }).problems).toHaveProperty("description");
  expect(plan({ items: ["Berlin", long(81)] }).problems).toHaveProperty("items");
  expect(plan({ kind: "categorical", outcomes: ["A", long(81)] }).problems).toHaveProperty("outcomes");
  expect(plan({ kind: "numeric", edges: ["1"], unit: long(21) }).problems).toHaveProperty("unit");
  for (const part of [
    { name: long(61) },
    { unit: long(21) },
    { path: long(201) },
    { timePath: long(201) },
    { url: `https://x.example/${long(500)}` },
  ]) {
    const sources = [{ ...SOURCE, ...part }];
    expect(plan({ sources, threshold: "1" }).problems.source0).toMatch(/too many/);
  }
});

test("a watcher is an address or nobody", () => {
  const address = "0x00000000000000000000000000000000000000aa";
  expect(plan().plan?.watcher).toBe(null);
  expect(plan({ watcher: ` ${address} ` }).plan?.watcher).toBe(address);
  expect(plan({ watcher: "0x12" }).problems).toHaveProperty("watcher");
});
