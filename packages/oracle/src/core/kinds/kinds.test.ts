import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { numericSchema } from "../../../test/people.ts";
import { weightedLowerMedian } from "../aggregate.ts";
import { MAX_VALUE } from "../answer-word.ts";
import { parseDecimal } from "../decimals.ts";
import { schemaComplaint, termsComplaint } from "../schema.ts";
import {
  dispersion,
  type Interval,
  KIND_NAMES,
  kindOf,
  packInterval,
  questionKinds,
  unpackInterval,
} from "./index.ts";

const score = (over: object = {}) =>
  numericSchema({
    kind: "score",
    unit: "points",
    sources: [{ name: "k", url: "https://k.test/", path: "0", unit: "points" }],
    ...over,
  });
const worth = (over: object = {}) => numericSchema({ kind: "log-usd", decimals: 6, ...over });
const vector = (over: object = {}) =>
  numericSchema({ kind: "vector", items: { kind: "numeric", count: 3 }, ...over });
const valueOf = (schema: ReturnType<typeof score>, text: string, ...among: string[]) =>
  kindOf(schema).valueOf(parseDecimal(text), schema, among.map(parseDecimal));

test("every kind is named as it is listed", () => {
  for (const name of KIND_NAMES) expect(questionKinds[name].name).toBe(name);
});

describe("complaints", () => {
  test.each([
    ["a good score", score(), null],
    ["a score without decimals", score({ decimals: 0 }), "a score has 2 decimals"],
    ["a score with outcomes", score({ outcomes: ["a"] }), "a score has no outcomes"],
    ["a good valuation", worth(), null],
    ["a valuation in euro", worth({ unit: "EUR", sources: [] }), "a valuation is in USD"],
    [
      "a valuation with two decimals",
      worth({ decimals: 2 }),
      "a valuation has 6 decimals, those of its logarithm",
    ],
    ["a good vector", vector(), null],
    ["a vector of nothing", vector({ items: undefined }), "a vector names its items"],
    [
      "items without a vector",
      numericSchema({ items: { kind: "bool", count: 2 } }),
      "a numeric question has no items",
    ],
    [
      "a vector of vectors",
      vector({ items: { kind: "vector", count: 3 } }),
      "the items of a vector are bool, categorical, numeric, score, log-usd, not vector",
    ],
    [
      "a vector of what an object has",
      vector({ items: { kind: "toString", count: 3 } }),
      "the items of a vector are bool, categorical, numeric, score, log-usd, not toString",
    ],
    [
      "neither count nor names",
      vector({ items: { kind: "numeric" } }),
      "a vector has a count of items or their names",
    ],
    [
      "a name twice",
      vector({ items: { kind: "numeric", names: ["a", "a"] } }),
      "two items have the same name",
    ],
    [
      "items that are wrong",
      vector({ items: { kind: "bool", count: 3 } }),
      'a bool question has the outcomes ["No", "Yes"]',
    ],
    [
      "an item in a host",
      vector({ sources: [{ name: "k", url: "https://{item}.test/", path: "0", unit: "USD" }] }),
      "the host of source k holds a placeholder",
    ],
    [
      "a dot in a path",
      vector({
        items: { kind: "numeric", names: ["a.b"] },
        sources: [{ name: "k", url: "https://k.test/", path: "{item}.0", unit: "USD" }],
      }),
      "an item has a dot in its name, and source k has it in its path",
    ],
    ["an answer as default", score({ default: "50" }), null],
    ["a default that is none", score({ default: "101" }), "its default, 101, is no answer to it"],
    ["a default of words", score({ default: "fair" }), '"fair" is not a decimal number'],
    ["a default of a vector's items", vector({ default: "1.5" }), null],
    ["a negative tolerance", score({ tolerance: "-1" }), "the tolerance is negative or does not fit 96 bits"],
    [
      "a cut-off before its moment",
      score({ discloseBy: 1 }),
      "the cut-off lies before the moment that is asked about",
    ],
  ])("%s", (_, schema, complaint) => {
    expect(schemaComplaint(schema)).toBe(complaint);
  });

  test("terms hold the tolerance and the early end that the schema tells", () => {
    const terms = {
      aggregation: "median",
      min: 0n,
      max: 10_000n,
      tolerance: 1_000n,
      endsEarly: false,
    } as const;
    expect(termsComplaint(terms, score())).toBe(null);
    expect(termsComplaint(terms, score({ tolerance: "10" }))).toBe(null);
    expect(termsComplaint(terms, score({ tolerance: "10.01" }))).toBe(
      "its tolerance is 1000, and its schema says 10.01",
    );
    expect(termsComplaint({ ...terms, max: 9_999n }, score())).toBe("its bounds are not 0 to 10000");
    expect(termsComplaint(terms, score({ endsEarly: "a knock-out" }))).toContain("do not let it");
    expect(termsComplaint({ ...terms, endsEarly: true }, score({ endsEarly: "a knock-out" }))).toBe(null);
    expect(termsComplaint({ ...terms, endsEarly: true }, score())).toBe(null);
  });
});

test.each([
  ["73.255", 7_326n],
  ["73.245", 7_324n],
  ["0", 0n],
  ["100", 10_000n],
  ["100.01", null],
  ["-0.01", null],
])("a score of %s", (text, value) => {
  expect(valueOf(score(), text)).toBe(value);
});

const wide = (centre: bigint) => packInterval({ centre, half: 77n });

describe("valuations", () => {
  const interval = fc.record({
    centre: fc.bigInt({ min: -6_000_000n, max: 18_000_000n }),
    half: fc.bigInt({ min: 0n, max: 12_000_000n }),
  });
  test("an interval survives its word, which fits and orders by centres", () => {
    fc.assert(
      fc.property(interval, interval, (a: Interval, b: Interval) => {
        const value = packInterval(a);
        expect(unpackInterval(value)).toEqual(a);
        expect(value > -MAX_VALUE && value <= MAX_VALUE).toBe(true);
        const { min, max } = kindOf(worth()).bounds(worth());
        expect(value >= min && value <= max).toBe(true);
        expect(a.centre >= b.centre || value < packInterval(b)).toBe(true);
      }),
    );
  });
  test("the median of words has the median of the centres, and somebody's interval", () => {
    fc.assert(
      fc.property(fc.array(interval, { minLength: 1, maxLength: 9 }), (all) => {
        const entries = all.map((each, index) => ({ value: packInterval(each), weight: BigInt(index + 1) }));
        const centres = all.map(({ centre }, index) => ({ value: centre, weight: BigInt(index + 1) }));
        const median = unpackInterval(weightedLowerMedian(entries));
        expect(median.centre).toBe(weightedLowerMedian(centres));
        expect(all).toContainEqual(median);
      }),
    );
  });
  test("within tolerance is within it by the centres, but for a millionth", () => {
    const tolerance = kindOf(worth()).toleranceOf?.(parseDecimal("0.05"), worth()) ?? 0n;
    fc.assert(
      fc.property(interval, interval, (a, b) => {
        const far = packInterval(a) - packInterval(b);
        const apart = a.centre < b.centre ? b.centre - a.centre : a.centre - b.centre;
        const within = (far < 0n ? -far : far) <= tolerance;
        expect(apart > 50_000n || within).toBe(true);
        expect(apart <= 50_001n || !within).toBe(true);
      }),
    );
  });
  test("the interval holds four readings of five", () => {
    const value = valueOf(worth(), "1000000", "900000", "1000000", "1100000", "1000000", "5000000") ?? 0n;
    expect(unpackInterval(value)).toEqual({ centre: 6_000_000n, half: 45_757n });
    expect(kindOf(worth()).label(value, worth())).toBe("1,000,000 USD (80 %: 900,000 to 1,111,000)");
    expect(unpackInterval(valueOf(worth(), "0.00125", "0.00125") ?? 0n)).toEqual({
      centre: -2_903_090n,
      half: 0n,
    });
    expect(valueOf(worth(), "0")).toBe(null);
  });
  test("bounds are dollars, and hold the centre while the interval stays", () => {
    const kind = kindOf(worth());
    const bounds = kind.boundsOf?.({ min: parseDecimal("1000"), max: parseDecimal("1000000") }, worth());
    if (!bounds) throw new Error("a valuation has bounds");
    expect(unpackInterval(kind.hold(wide(9_000_000n), bounds))).toEqual({ centre: 6_000_000n, half: 77n });
    expect(unpackInterval(kind.hold(wide(-9n), bounds))).toEqual({ centre: 3_000_000n, half: 77n });
    expect(kind.hold(wide(6_000_000n), bounds)).toBe(wide(6_000_000n));
    expect(() => kind.boundsOf?.({ min: parseDecimal("0") }, worth())).toThrow("not above zero");
  });
  test("providers who disagree are told of beside the interval that was signed", () => {
    const reports = [5_000_000n, 6_000_000n, 7_000_000n].map((centre) => ({
      value: packInterval({ centre, half: 10n }),
      weight: 1n,
    }));
    expect(dispersion(6_000_000n, reports)).toBe(1_000_000n);
    const value = packInterval({ centre: 6_000_000n, half: 10n });
    expect(kindOf(worth()).remark?.(value, reports, worth())).toContain("between 100,000 and 10,000,000 USD");
    expect(kindOf(worth()).remark?.(value, reports.slice(1, 2), worth())).toBe(null);
  });
});
