import { describe, expect, test } from "vitest";
import { INVALID, TOO_EARLY } from "./answer-word.ts";
import { findBySecondary, findValue, lateFrom, type Reading } from "./consensus.ts";
import { parseDecimal } from "./decimals.ts";
import { questionSchema } from "./wire.ts";

const schemaOf = (names: readonly string[], over: object = {}) =>
  questionSchema.parse({
    version: 1,
    text: "The price of ETH?",
    kind: "numeric",
    decimals: 2,
    unit: "USD",
    observeAt: 1_750_000_000,
    sources: names.map((name) => ({ name, url: "https://a.test/", path: "0", unit: "USD" })),
    ...over,
  });
const bounds = { min: 1n, max: 10_000_000n };
/** Numbers as texts; null: no figure yet; undefined: down. */
const find = (said: (string | null | undefined)[], over: object = {}, limits = bounds) => {
  const names = said.map((_, index) => `s${index}`);
  const readings = said.map((text, index): Reading => {
    const source = `s${index}`;
    if (text === null) return { source, said: "silent" };
    return text === undefined
      ? { source, said: "nothing", why: "is down" }
      : { source, said: "number", number: parseDecimal(text) };
  });
  return findValue(schemaOf(names, over), limits, readings);
};
const valueOf = (finding: ReturnType<typeof find>) => (finding.do === "sign" ? finding.value : null);
const droppedOf = (finding: ReturnType<typeof find>) => [...finding.dropped.keys()];

describe("numbers", () => {
  test("the lower median, never the mean of two", () => {
    expect(valueOf(find(["100", "101", "102"]))).toBe(10_100n);
    expect(valueOf(find(["102", "100", "101.555", "101"]))).toBe(10_100n);
    expect(valueOf(find(["100", "102"]))).toBe(10_000n);
  });
  test("a source that is down costs its own voice", () => {
    const found = find(["100", undefined, "101"]);
    expect([valueOf(found), droppedOf(found)]).toEqual([10_000n, ["s1"]]);
    expect(found.dropped.get("s1")).toBe("is down");
  });
  test("a liar is dropped and named", () => {
    const found = find(["100", "101", "500"]);
    expect([valueOf(found), droppedOf(found)]).toEqual([10_000n, ["s2"]]);
    expect(found.dropped.get("s2")).toContain("20 %");
    expect(droppedOf(find(["100", "100", "79"]))).toEqual(["s2"]);
  });
  test("far off the others but within a fifth stays", () => {
    expect(droppedOf(find(["100", "100", "119"]))).toEqual([]);
  });
  test("of two nobody is judged", () => {
    expect(droppedOf(find(["100", "500"]))).toEqual([]);
  });
  test("zero is no price", () => {
    const found = find(["0", "100", "101"]);
    expect([valueOf(found), droppedOf(found)]).toEqual([10_000n, ["s0"]]);
    expect(droppedOf(find(["0", "1", "1"], {}, { min: -5n, max: 500n }))).toEqual(["s0"]);
  });
  test("without a majority of the sources named it abstains", () => {
    expect(find(["100", undefined]).do).toBe("abstain");
    expect(find(["100", "101", undefined, undefined]).do).toBe("abstain");
    expect(find(["100", null, undefined]).do).toBe("abstain");
    expect(find([]).do).toBe("abstain");
  });
  test("no figure in most of them: too early", () => {
    expect(valueOf(find([null, null, "100"]))).toBe(TOO_EARLY);
    expect(valueOf(find([null, null, undefined]))).toBe(TOO_EARLY);
    expect(find([null, "100"]).do).toBe("abstain");
  });
  test("beyond the bounds: held at the nearer one, so that nobody is refunded for having drawn them", () => {
    const above = find(["100001", "100001"]);
    expect(valueOf(above)).toBe(10_000_000n);
    expect(above).toMatchObject({
      reason:
        "the median of 2 of 2 sources is 100001, above the question's largest value, and is held at it: 100,000 USD",
    });
    const below = find(["2.4", "2.5", "2.6"], {}, { min: 300n, max: 500n });
    expect(valueOf(below)).toBe(300n);
    expect(below).toMatchObject({
      reason:
        "the median of 3 of 3 sources is 2.5, below the question's least value, and is held at it: 3 USD",
    });
    expect(valueOf(find(["-4", "-4"], {}, { min: -300n, max: 500n }))).toBe(-300n);
  });
  test("at the bounds nothing is held", () => {
    for (const [said, value] of [
      ["3", 300n],
      ["5", 500n],
    ] as const) {
      const found = find([said, said], {}, { min: 300n, max: 500n });
      expect(valueOf(found)).toBe(value);
      expect(found).toMatchObject({ reason: expect.not.stringContaining("held") });
    }
  });
  test("zero or less in all sources is the least value, even where bounds rule it out", () => {
    expect(valueOf(find(["0", "0", "0"]))).toBe(1n);
    expect(valueOf(find(["-37.63", "-37", "-38"]))).toBe(1n);
  });
});

describe("codes", () => {
  const codes = { kind: "categorical", outcomes: ["a", "b", "c"], rule: { type: "value" }, decimals: 0 };
  const limits = { min: 0n, max: 2n };
  test("are counted, not ordered", () => {
    expect(valueOf(find(["2", "0", "2"], codes, limits))).toBe(2n);
    expect(find(["0", "1", "2"], codes, limits).do).toBe("abstain");
    expect(find(["0", "2", "2", "0"], codes, limits).do).toBe("abstain");
  });
  test("that name no outcome are dropped", () => {
    const found = find(["2", "7", "2"], codes, limits);
    expect([valueOf(found), droppedOf(found)]).toEqual([2n, ["s1"]]);
  });
  test("a threshold is applied to the median", () => {
    const rule = { kind: "bool", outcomes: ["No", "Yes"], rule: { type: "atLeast", threshold: "100.5" } };
    expect(valueOf(find(["100", "101", "102"], rule, { min: 0n, max: 1n }))).toBe(1n);
    expect(valueOf(find(["100", "100", "900"], rule, { min: 0n, max: 1n }))).toBe(0n);
  });
});

const CUT_OFF = 1_750_000_100;
/** As `find`, with the moment at which each figure became public. */
const judge = (said: readonly ([string, number?] | null | undefined)[], over: object = {}, late = false) => {
  const readings = said.map((each, index): Reading => {
    const source = `s${index}`;
    if (each === null) return { source, said: "silent" };
    if (each === undefined) return { source, said: "nothing", why: "is down" };
    const [text, publicAt] = each;
    return {
      source,
      said: "number",
      number: parseDecimal(text),
      ...(publicAt === undefined ? {} : { publicAt }),
    };
  });
  return findValue(
    schemaOf(
      said.map((_, index) => `s${index}`),
      over,
    ),
    bounds,
    readings,
    late,
  );
};

describe("a cut-off", () => {
  const discloseBy = CUT_OFF;
  test("what became public after it does not count, what tells no time does", () => {
    const found = judge([["100", CUT_OFF], ["500", CUT_OFF + 1], ["101"]], { discloseBy });
    expect([valueOf(found), found.dropped.get("s1")]).toEqual([
      10_000n,
      "tells what became public after the cut-off",
    ]);
    expect(valueOf(judge([["100", CUT_OFF], ["500", CUT_OFF + 1], ["501"]]))).toBe(50_000n);
  });
  test("when most sources tell nothing else, the default holds at once", () => {
    const late = [["500", CUT_OFF + 1], ["500", CUT_OFF + 9], null] as const;
    expect(valueOf(judge([...late] as never, { discloseBy }))).toBe(INVALID);
    expect(valueOf(judge([...late] as never, { discloseBy, default: "7" }))).toBe(700n);
    expect(valueOf(judge([["500", CUT_OFF + 1], null, null], { discloseBy }))).toBe(TOO_EARLY);
  });
});

describe("a default", () => {
  test("holds when it is late and most sources are silent, not when they are down", () => {
    expect(valueOf(judge([null, null, ["1"]], { default: "7" }))).toBe(TOO_EARLY);
    expect(valueOf(judge([null, null, ["1"]], { default: "7" }, true))).toBe(700n);
    expect(valueOf(judge([null, null, ["1"]], {}, true))).toBe(TOO_EARLY);
    expect(judge([undefined, undefined, null], { default: "7" }, true).do).toBe("abstain");
  });
  test("it is late in the last quarter, an hour at most", () => {
    expect(lateFrom({ opensAt: 1_000, deadline: 1_100 })).toBe(1_075);
    expect(lateFrom({ opensAt: 0, deadline: 1_000_000 })).toBe(996_400);
  });
});

describe("in the order of the list", () => {
  const order = "first";
  test("the first that speaks decides alone, and silence passes the word on", () => {
    expect(valueOf(judge([["100"], ["500"], ["501"]], { order }))).toBe(10_000n);
    expect(valueOf(judge([null, ["500"], ["100"]], { order }))).toBe(50_000n);
    expect(valueOf(judge([["0"], ["500"]], { order }))).toBe(50_000n);
    expect(valueOf(judge([["100", CUT_OFF + 1], ["500"]], { order, discloseBy: CUT_OFF }))).toBe(50_000n);
  });
  test("one that is down may have spoken: it is waited for until it is late", () => {
    expect(judge([undefined, ["500"]], { order }).do).toBe("abstain");
    expect(valueOf(judge([undefined, ["500"]], { order }, true))).toBe(50_000n);
    expect(valueOf(judge([["500"], undefined], { order }))).toBe(50_000n);
    expect(judge([undefined, null], { order }, true).do).toBe("abstain");
  });
  test("when all are silent it is too early, and late the default", () => {
    expect(valueOf(judge([null, null], { order }))).toBe(TOO_EARLY);
    expect(valueOf(judge([null, null], { order, default: "7" }, true))).toBe(700n);
  });
});

/** What becomes of a question whose own sources failed, when its secondary ones say this. */
const resort = (said: readonly (string | null | undefined)[], over: object = {}) => {
  const names = said.map((_, index) => `t${index}`);
  const { sources: secondary } = schemaOf(names);
  const first = {
    do: "abstain",
    why: "only 1 of 3 sources can be counted",
    dropped: new Map([["s1", "is down"]]),
  } as const;
  const readings = said.map((text, index): Reading => {
    const source = `t${index}`;
    if (text === null) return { source, said: "silent" };
    if (text === undefined) return { source, said: "nothing", why: "is down too" };
    return { source, said: "number", number: parseDecimal(text) };
  });
  return findBySecondary(schemaOf(["s0", "s1", "s2"], { secondary, ...over }), bounds, first, readings);
};

describe("secondary sources", () => {
  test("are joined as the others are, and the others count for nothing then", () => {
    const found = resort(["100", "102", "101"]);
    expect(found).toMatchObject({
      do: "sign",
      value: 10_100n,
      reason:
        "only 1 of 3 sources can be counted; of the secondary ones, the median of 3 of 3 sources is 101: 101 USD",
    });
    expect([...found.dropped]).toEqual([
      ["s0", "too few of the sources can be counted"],
      ["s1", "is down"],
      ["s2", "too few of the sources can be counted"],
    ]);
  });
  test("half of them are not enough, and each that is down is named", () => {
    const found = resort(["100", undefined]);
    expect([found.do, found.dropped.get("t1")]).toEqual(["abstain", "is down too"]);
  });
  test("their silence chooses no default and is not too early", () => {
    expect(resort([null], { default: "7" })).toMatchObject({
      do: "abstain",
      why: "only 1 of 3 sources can be counted; of the secondary ones, 1 of 1 sources have no figure yet",
    });
  });
});
