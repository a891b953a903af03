import { expect, test } from "vitest";
import { newDraft, type Draft } from "./draft.ts";
import { hintsFor } from "./hints.ts";

const source = (host: string, unit = "USD") => ({
  name: host,
  url: `https://${host}/p`,
  path: "a",
  unit,
  scale: "0",
});
const THREE = ["a.example", "b.example", "c.example"].map((host) => source(host));
const fresh = newDraft(0, true);
const typed = (own: Record<string, string>) => ({ typed: { ...fresh.typed, ...own } });
const hints = (change: Partial<Draft>) => hintsFor({ ...fresh, sources: THREE, ...change }).join("\n");

test("a clear question gets no advice", () => {
  expect(
    hints({
      text: "Will ETH/USD be at least 2,400 on 12 May 2026, 00:00 UTC?",
      ...typed({ threshold: "2400" }),
    }),
  ).toBe("");
});

test.each([
  "Will ETH/USD close at or above 2,400 on 12 May 2026, 00:00 UTC?",
  "Will ETH/USD be 2,400 or more on 12 May 2026, 00:00 UTC?",
  "Will it be done on or before 12 May 2026, at 2400 USD?",
  "Will ETH/USD be greater than or equal to 2,400 on 12 May 2026?",
])("the “or” of a bound is none that joins: %s", (text) => {
  expect(hints({ text, ...typed({ threshold: "2400" }) })).toBe("");
});

test.each([
  ["Will ETH be at or above 2400 or BTC fall in May 2026?", {}, "“and” or “or”"],
  ["Will ETH rise significantly by May 2026?", {}, "significantly"],
  ["Will ETH reach 2400?", {}, "does not say when"],
  ["ETH reaches 2400 in May 2026", {}, "Ask it as a question"],
  ["Will ETH and BTC rise in May 2026?", {}, "“and” or “or”"],
  ["Will ETH rise in May 2026?", typed({ threshold: "2,400" }), "2,400, does not stand in the question"],
  ["Will ETH rise in May 2026?", { sources: [] }, "programs abstain"],
  ["Will ETH rise in May 2026?", { sources: THREE.slice(1) }, "with three the middle"],
  ["Will ETH rise in May 2026?", { sources: [...THREE, source("a.example")] }, "same host"],
  ["Will ETH rise in May 2026?", { sources: [...THREE, source("d.example", "EUR")] }, "USD and EUR"],
  [
    "What is ETH in May 2026?",
    { kind: "numeric", ...typed({ unit: "EUR" }) },
    "The answer is in EUR, the sources are in USD",
  ],
] satisfies [string, Partial<Draft>, string][])("%s", (text, change, expected) => {
  expect(hints({ text, ...change })).toContain(expected);
});

const vague = (text: string) =>
  hintsFor({ ...newDraft(1_747_000_000, true), text }).some((hint) => hint.startsWith("“about”"));

test("about is vague before a quantity, and not where it says what is meant", () => {
  expect(vague("Will it cost about 2,400 USD on 12 May 2026?")).toBe(true);
  expect(vague("Will it start at about noon on 12 May 2026?")).toBe(true);
  expect(vague("Will the report about ETH appear on 12 May 2026?")).toBe(false);
  expect(vague("Will it stand above 1 at the minute asked about, in 2026?")).toBe(false);
});
