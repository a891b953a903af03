import { canonicalJson } from "@sooth/kernel";
import { describe, expect, test } from "vitest";
import { kindOf, labelOf } from "./kinds/index.ts";
import { INVALID, MAX_VALUE, TOO_EARLY } from "./answer-word.ts";
import { parseDecimal } from "./decimals.ts";
import { readSchema, schemaComplaint, schemaText } from "./schema.ts";
import type { Terms } from "./terms.ts";
import { type QuestionSchema, questionSchema } from "./wire.ts";

const source = { name: "k", url: "https://a.test/{observeAt}", path: "0.4", unit: "USD" };
const feed = {
  type: "feed",
  name: "the feed",
  unit: "USD",
  chainId: 1,
  address: `0x${"fe".repeat(20)}`,
  maxAge: 3_600,
};
const bool = (over: object = {}) =>
  questionSchema.parse({
    version: 1,
    text: "Did ETH reach 3000?",
    kind: "bool",
    outcomes: ["No", "Yes"],
    observeAt: 1_750_000_000,
    unit: "USD",
    rule: { type: "atLeast", threshold: "3000" },
    sources: [source],
    ...over,
  });
const categorical = (over: object = {}) =>
  bool({
    kind: "categorical",
    outcomes: ["low", "middle", "high"],
    rule: { type: "cuts", cuts: ["1000", "2000.5"] },
    ...over,
  });
const numeric = (over: object = {}) =>
  bool({ kind: "numeric", outcomes: [], decimals: 2, rule: { type: "value" }, ...over });

describe("a schema's complaints", () => {
  test.each<[string, QuestionSchema, string | null]>([
    ["a good bool", bool(), null],
    ["a good categorical", categorical(), null],
    ["a good numeric", numeric(), null],
    ["emoji and right-to-left text", bool({ text: "האם ירד גשם? 🌧️" }), null],
    [
      "other outcomes of a bool",
      bool({ outcomes: ["Yes", "No"] }),
      'a bool question has the outcomes ["No", "Yes"]',
    ],
    [
      "cuts in a bool",
      bool({ rule: { type: "cuts", cuts: ["1"] } }),
      "a bool question has no cuts; use atLeast",
    ],
    ["too few cuts", categorical({ rule: { type: "cuts", cuts: ["1"] } }), "3 outcomes need 2 cuts"],
    ["falling cuts", categorical({ rule: { type: "cuts", cuts: ["2", "1"] } }), "the cuts do not rise"],
    ["equal outcomes", categorical({ outcomes: ["a", "a", "b"] }), "two outcomes have the same name"],
    ["outcomes of a number", numeric({ outcomes: ["a", "b"] }), "a numeric question has no outcomes"],
    [
      "a threshold that is none",
      bool({ rule: { type: "atLeast", threshold: "much" } }),
      '"much" is not a decimal number',
    ],
    ...["\u202e", "\u202a", "\u2066", "\u2069", "\u001b", "\u009b"].flatMap(
      (hidden): [string, QuestionSchema, string][] =>
        [
          bool({ text: `Will it ${hidden}not rain?` }),
          bool({ description: `By ${hidden}noon` }),
          categorical({ outcomes: ["low", `m${hidden}id`, "high"] }),
          bool({ sources: [{ ...source, name: `k${hidden}` }] }),
        ].map((schema) => [
          `a hidden ${hidden.codePointAt(0)?.toString(16)}`,
          schema,
          "a text in it holds control characters or half a character",
        ]),
    ),
    [
      "a line break in a text",
      bool({ text: "Did ETH\nreach?" }),
      "a text other than the description holds a line break or tab",
    ],
    ["line breaks in a description", bool({ description: "One.\n\tTwo." }), null],
    [
      "NUL in a text",
      bool({ text: "Did ETH\u0000 reach?" }),
      "a text in it holds control characters or half a character",
    ],
    [
      "half a character",
      bool({ text: "Did ETH \ud83c reach?" }),
      "a text in it holds control characters or half a character",
    ],
    [
      "a foreign unit",
      bool({ sources: [{ ...source, unit: "EUR" }] }),
      "source k tells EUR, the question asks for USD",
    ],
    ["a foreign unit that is scaled", bool({ sources: [{ ...source, unit: "cents", scale: -2 }] }), null],
    ["secondary sources", bool({ secondary: [feed] }), null],
    [
      "secondary sources of nothing",
      bool({ sources: [], secondary: [feed] }),
      "it names secondary sources and no others",
    ],
    [
      "a secondary source with a first one's name",
      bool({ secondary: [source] }),
      "two sources have the same name",
    ],
    [
      "a secondary source in another unit",
      bool({ secondary: [{ ...feed, unit: "EUR" }] }),
      "source the feed tells EUR, the question asks for USD",
    ],
    [
      "secondary sources of a vector",
      numeric({ kind: "vector", items: { kind: "numeric", count: 2 }, secondary: [feed] }),
      "a vector has no secondary sources",
    ],
    ["a source twice", bool({ sources: [source, source] }), "two sources have the same name"],
    [
      "an unknown placeholder",
      bool({ sources: [{ ...source, url: "https://a.test/{x}" }] }),
      "the url https://a.test/{x} does not hold: {x} is not known",
    ],
    [
      "a text of 17 KB",
      bool({
        description: "ש".repeat(5000),
        text: "x".repeat(1000),
        sources: [{ ...source, path: "p".repeat(200) }],
        outcomes: ["No", "Yes"],
      }),
      null,
    ],
  ])("%s", (_, schema, complaint) => {
    expect(schemaComplaint(schema)).toBe(complaint);
  });

  test("longer than the contract takes", () => {
    const long = bool({
      description: "𐎀".repeat(2500),
      sources: Array.from({ length: 12 }, (_, i) => ({
        ...source,
        name: `s${i}`,
        url: `https://a.test/${"x".repeat(480)}`,
      })),
    });
    expect(schemaComplaint(long)).toBe("it is longer than 16384 bytes");
  });
});

describe("values", () => {
  test.each<[QuestionSchema, string, bigint | null]>([
    [bool(), "3000", 1n],
    [bool(), "2999.999999999999999999", 0n],
    [bool({ rule: { type: "value" } }), "1.0", 1n],
    [bool({ rule: { type: "value" } }), "0.5", null],
    [categorical(), "999.99", 0n],
    [categorical(), "1000", 1n],
    [categorical(), "2000.5", 2n],
    [categorical({ rule: { type: "value" } }), "2", 2n],
    [categorical({ rule: { type: "value" } }), "3", null],
    [categorical({ rule: { type: "value" } }), "-1", null],
    [categorical({ rule: { type: "value" } }), "1.5", null],
    [numeric(), "2315.505", 231_550n],
    [numeric(), "-0.01", -1n],
  ])("%o reads %s", (schema, observed, value) => {
    expect(kindOf(schema).valueOf(parseDecimal(observed), schema)).toBe(value);
  });

  test.each<[QuestionSchema, bigint, string]>([
    [bool(), 1n, "Yes"],
    [categorical(), 2n, "high"],
    [numeric(), 231_550n, "2,315.5 USD"],
    [numeric({ unit: "" }), -5n, "-0.05"],
    [numeric(), TOO_EARLY, "too early"],
    [bool(), INVALID, "invalid"],
  ])("%o shows %s", (schema, value, label) => {
    expect(labelOf(value, schema)).toBe(label);
  });
});

const terms = (over: Partial<Terms> = {}): Terms => ({
  asker: "0x00000000000000000000000000000000000000aa",
  schema: "0x00",
  aggregation: "plurality",
  min: 0n,
  max: 1n,
  tolerance: 0n,
  opensAt: 1_750_000_000,
  deadline: 1_750_001_000,
  liveness: 60,
  reward: 0n,
  nonce: 0n,
  domain: 0,
  endsEarly: false,
  secures: 0n,
  ...over,
});

const periodNameOf = (text: string, over: Partial<Terms>) =>
  readSchema(text, terms({ aggregation: "root", domain: 2, nonce: 7n, ...over })).schema.text;

describe("what was logged", () => {
  test("a good text reads back as the schema", () => {
    expect(readSchema(schemaText(bool()), terms())).toEqual({ schema: bool(), fault: null });
  });

  test.each<[string, string, Terms, string, string]>([
    ["no JSON", "hello \u0000", terms(), "bool", "its schema cannot be read"],
    ["another shape", '{"version":2}', terms({ max: 5n }), "categorical", "its schema cannot be read"],
    [
      "deep nesting",
      "[".repeat(16_000),
      terms({ aggregation: "median", max: MAX_VALUE }),
      "numeric",
      "its schema cannot be read",
    ],
    [
      "half a character",
      canonicalJson({ ...bool(), text: "12345678\ud83c" }),
      terms(),
      "bool",
      "a text in it holds control characters or half a character",
    ],
    [
      "a moment beyond all calendars",
      canonicalJson({ ...bool(), observeAt: 900_000_000_000_000 }),
      terms(),
      "bool",
      "its schema cannot be read",
    ],
    [
      "outcomes that differ in nothing to be seen",
      canonicalJson({ ...categorical(), outcomes: ["a", "b", "a\u202e"] }),
      terms({ max: 2n }),
      "categorical",
      "two outcomes have the same name",
    ],
    [
      "terms of another kind",
      schemaText(numeric()),
      terms(),
      "bool",
      "a numeric question is decided by median, not plurality",
    ],
    [
      "a tolerance among outcomes",
      schemaText(bool()),
      terms({ tolerance: 1n }),
      "bool",
      "a bool question has no tolerance",
    ],
    ["too few values", schemaText(categorical()), terms(), "bool", "its bounds are not 0 to 2"],
    ["more outcomes than a market has", "x", terms({ max: 1000n }), "numeric", "its schema cannot be read"],
  ])("%s gives a stand-in", (_, text, asked, kind, fault) => {
    const read = readSchema(text, asked);
    expect([read.schema.kind, read.fault]).toEqual([kind, fault]);
    expect(read.schema.sources).toEqual([]);
    expect(questionSchema.parse(read.schema)).toEqual(read.schema);
    expect(JSON.stringify(read.schema)).not.toContain("\\u0000");
  });

  test("a question for the records of a period is named as such, when its terms say the same", () => {
    const records = canonicalJson({ kind: "records", domain: 2, number: 7, version: 1 });
    expect(periodNameOf(records, {})).toBe("Reputation in domain 2, period 7");
    const unread = "A question whose schema cannot be read";
    expect(periodNameOf(records, { nonce: 8n })).toBe(unread);
    expect(periodNameOf(records, { domain: 3 })).toBe(unread);
    expect(periodNameOf(records, { aggregation: "median" })).toBe(unread);
    expect(periodNameOf(canonicalJson({ kind: "records", domain: 2, number: 1e300 }), {})).toBe(unread);
  });

  test("hidden characters are not shown", () => {
    const text = canonicalJson({
      ...categorical(),
      text: "Will \u202eseod\u202c it\nrain today\u0000?",
      description: "Line\nline\u2066",
      outcomes: ["low", "\u202dmid", "high"],
    });
    expect(readSchema(text, terms({ max: 2n }))).toEqual({
      schema: {
        ...categorical(),
        text: "Will seod it rain today?",
        description: "Line\nline",
        outcomes: ["low", "mid", "high"],
      },
      fault: null,
    });
  });

  test("the last second that is a date is one", () => {
    const last = bool({ observeAt: 253_402_300_799 });
    expect(readSchema(schemaText(last), terms()).fault).toBe(null);
    expect(new Date(last.observeAt * 1000).toISOString()).toBe("9999-12-31T23:59:59.000Z");
  });
});

test("a schema without secondary sources is the text that it was before there were any", () => {
  expect(schemaText(bool())).not.toContain("secondary");
  expect(schemaText(bool({ secondary: [feed] }))).toContain('"secondary":[{"address"');
});
