import { expect, test } from "vitest";
import { boolSchema, numericSchema } from "../../../test/people.ts";
import { formatDecimal } from "../decimals.ts";
import { readableText } from "./prompt.ts";
import { judgeVerdict, readVerdict, type Verdict } from "./verdict.ts";

const TEXT = "On Sunday it closed at 2,315.50 USD, or \u22123.2 % on the day; volume was 1,000,000.";
const documents = [{ url: "https://a.test/", text: TEXT }];
const verdict = (over: Partial<Verdict> = {}): Verdict => ({
  verdict: "answer",
  value: "2315.5",
  outcome: null,
  confidence: 90,
  quotes: [{ document: 1, text: "closed at 2,315.50 USD" }],
  reason: "it says so",
  ...over,
});
const numeric = { schema: numericSchema(), terms: { min: 0n, max: 1_000_000n }, source: { scale: 0 } };
const judge = (over: Partial<Verdict>, question: object = {}) => {
  const judged = judgeVerdict(verdict(over), { ...numeric, ...question }, documents, 85);
  return "number" in judged ? formatDecimal(judged.number) : judged.why;
};

test.each<[string, Partial<Verdict>, string]>([
  ["a number in a literal quote counts", {}, "2315.5"],
  ["an abstention is one", { verdict: "abstain", value: null, quotes: [] }, "the witness abstains"],
  ["doubt is an abstention", { confidence: 84 }, "the witness is 84 % sure, 85 % is needed"],
  [
    "a quote of a few letters proves nothing",
    { quotes: [{ document: 1, text: "2,315.50" }] },
    "the witness quotes too little to be looked up",
  ],
  [
    "nor does white space",
    { quotes: [{ document: 1, text: " ".repeat(20) }] },
    "the witness quotes too little to be looked up",
  ],
  [
    "other white space is another text",
    { quotes: [{ document: 1, text: "closed at  2,315.50 USD" }] },
    "the witness quotes what stands in no document",
  ],
  [
    "document 0 is none",
    { quotes: [{ document: 0, text: "closed at 2,315.50 USD" }] },
    "the witness quotes what stands in no document",
  ],
  [
    "one false quote among true ones spoils the answer",
    {
      quotes: [
        { document: 1, text: "closed at 2,315.50 USD" },
        { document: 1, text: "and it was official" },
      ],
    },
    "the witness quotes what stands in no document",
  ],
  [
    "a number of no quote is calculated, not witnessed",
    { value: "2315.6" },
    "the witness gives a number that none of its quotes holds",
  ],
  [
    "part of a number is another number",
    { value: "315.5" },
    "the witness gives a number that none of its quotes holds",
  ],
  [
    "an outcome where a number is wanted is nothing",
    { value: null, outcome: 1 },
    "the witness names neither an outcome nor a number",
  ],
  ["both are nothing", { outcome: 1 }, "the witness names neither an outcome nor a number"],
  ["words are no number", { value: "about 2,315.50" }, "the witness names neither an outcome nor a number"],
])("%s", (_, over, said) => {
  expect(judge(over)).toBe(said);
});

test("bounds are those of the question, after the source's scale", () => {
  const quotes = [{ document: 1, text: "volume was 1,000,000." }];
  expect(judge({ value: "1000000", quotes })).toBe("the witness answers beyond the question's bounds");
  expect(judge({ value: "1000000", quotes }, { source: { scale: -3 } })).toBe("1000000");
});

test("a typographic minus is read as one", () => {
  const bounds = { terms: { min: -1_000n, max: 1_000n } };
  expect(judge({ value: "-3.2", quotes: [{ document: 1, text: "or \u22123.2 % on the day" }] }, bounds)).toBe(
    "-3.2",
  );
});

test("an outcome is one of the question's, and needs no number in its quote", () => {
  const schema = boolSchema({ rule: { type: "value" } });
  const bool = { schema, terms: { min: 0n, max: 1n } };
  const quotes = [{ document: 1, text: "On Sunday it closed" }];
  expect(judge({ value: null, outcome: 1, quotes }, bool)).toBe("1");
  for (const outcome of [2, -1])
    expect(judge({ value: null, outcome, quotes }, bool)).toBe(
      "the witness names neither an outcome nor a number",
    );
  expect(judge({ value: "1", outcome: 1, quotes }, bool)).toBe(
    "the witness names neither an outcome nor a number",
  );
});

test.each([
  "",
  "yes",
  "[]",
  '{"verdict":"answer"}',
  JSON.stringify({ ...verdict(), also: 1 }),
  JSON.stringify({ ...verdict(), confidence: 101 }),
  `${JSON.stringify(verdict())} indeed`,
])("%s is not the form that was asked for", (text) => {
  expect(readVerdict(text)).toBe(null);
});

test("what nobody sees is not shown to a model, what everybody sees is", () => {
  const tag = String.fromCodePoint(0xe0041);
  expect(readableText(`a\u200bb\u202ec\u00ad${tag}d\u0000\n\te \u00e9\u4e2d\u0639`)).toBe(
    "abcd\n\te \u00e9\u4e2d\u0639",
  );
  expect(readableText("\ud800x")).toBe("\ufffdx");
  expect(readableText("x".repeat(50_000))).toHaveLength(40_000);
});
