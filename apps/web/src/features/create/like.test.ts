import type { QuestionSchema } from "@sooth/oracle/core";
import { expect, test } from "vitest";
import { canAskLike } from "./can-ask-like.ts";
import { newDraft, type Draft } from "./draft.ts";
import { likeDraft } from "./like.ts";
import { planOf } from "./plan.ts";

const NOW = 1_747_000_000;
const LATER = NOW + 86_400;
const SOURCE = {
  name: "Kraken",
  url: "https://x.example/p?at={observeAt}",
  path: "a.0",
  unit: "USD",
  scale: "-2",
};
const fresh = newDraft(NOW, true);

function planned(change: Partial<Draft>, typed: Draft["typed"] = {}) {
  const draft = { ...fresh, text: "Will it rain in Berlin on 12 May 2025?", ...change };
  const { plan, problems } = planOf({ ...draft, typed: { ...fresh.typed, ...typed } }, NOW, 6);
  if (!plan) throw new Error(JSON.stringify(problems));
  return plan;
}

/** What the form makes of its own question, asked again a day later. */
function askedAgain(plan: ReturnType<typeof planned>) {
  const { schema, opensAt, deadline, liveness, reward, market } = plan;
  const question = { schema, opensAt, deadline, liveness, reward };
  const draft = likeDraft(
    newDraft(LATER, true),
    { question, market: market ? { terms: market } : undefined },
    6,
  );
  return planOf(draft, LATER, 6);
}

test.each<[string, Partial<Draft>, Draft["typed"]]>([
  ["yes or no, by people", {}, {}],
  [
    "yes or no, by sources",
    { sources: [SOURCE, { ...SOURCE, name: "Other", timePath: "t" }], order: "first", fallback: "0" },
    { threshold: "2400.5" },
  ],
  ["one of many", {}, { outcomes: ["A", "B", "C"] }],
  [
    "one of many, by a number",
    { sources: [SOURCE], secondary: [{ ...SOURCE, name: "Other" }] },
    { outcomes: ["A", "B"], cuts: ["-1.5"] },
  ],
  [
    "a number",
    { tolerance: "0.5", edges: ["-1.5", "2000"], fee: "1.25", reward: "1234.5" },
    { unit: "EUR", decimals: "4" },
  ],
  ["a score", { edges: ["20", "50.5"] }, {}],
  [
    "many things",
    { items: ["ether", "gold"], sources: [{ ...SOURCE, url: "https://x.example/{item}" }] },
    { threshold: "7" },
  ],
])("asked like one of its own, the form asks the same: %s", (name, change, typed) => {
  const kind = name.startsWith("one")
    ? "categorical"
    : name === "a number"
      ? "numeric"
      : name === "a score"
        ? "score"
        : "bool";
  const plan = planned(
    { description: "As the office says.", reportMinutes: "7.5", livenessMinutes: "0.5", ...change, kind },
    typed,
  );
  const { plan: again, problems } = askedAgain(plan);
  expect(problems).toEqual({});
  const { observeAt: _, ...schema } = plan.schema;
  expect(again?.schema).toMatchObject(schema);
  expect(again?.schema.observeAt).toBeGreaterThan(LATER);
  expect(again).toMatchObject({ liveness: 30, reward: plan.reward });
  expect((again?.deadline ?? 0) - (again?.opensAt ?? 0)).toBe(450);
  const market = plan.market && { ...plan.market, closesAt: again?.schema.observeAt };
  expect(again?.market).toEqual(market);
});

test("edges of a valuation are typed anew: what the chain has of them is rounded", () => {
  const plan = planned({ kind: "log-usd", edges: ["1000"] });
  expect(askedAgain(plan).problems).toHaveProperty("edges");
});

test("a window is never shorter than it was", () => {
  const question = { schema: planned({}).schema, opensAt: NOW, deadline: NOW + 61, liveness: 1, reward: "1" };
  const draft = likeDraft(fresh, { question, market: undefined }, 6);
  expect([draft.reportMinutes, draft.livenessMinutes]).toEqual(["1.02", "0.02"]);
  expect(planOf(draft, NOW, 6).plan).toMatchObject({ liveness: 1 });
});

test("what the form has no words for is not asked like", () => {
  const { schema } = planned({ sources: [SOURCE] }, { threshold: "1" });
  expect(canAskLike(schema)).toBe(true);
  const feed = { type: "feed", name: "f", unit: "USD", scale: 0, feed: `0x${"0".repeat(64)}` };
  expect(canAskLike({ ...schema, sources: [feed] } as unknown as QuestionSchema)).toBe(false);
  expect(canAskLike({ ...schema, kind: "vector", items: { kind: "bool", count: 3 } })).toBe(false);
  expect(canAskLike({ ...schema, kind: "vector", items: { kind: "bool", names: ["a", "b"] } })).toBe(true);
});
