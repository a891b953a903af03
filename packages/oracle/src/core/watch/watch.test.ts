import { keccak256, numberToHex } from "viem";
import { expect, test } from "vitest";
import { boolSchema, numericSchema, termsFor } from "../../../test/people.ts";
import { INVALID, TOO_EARLY } from "../answer-word.ts";
import type { Finding } from "../consensus.ts";
import { questionId } from "../terms.ts";
import {
  catchRecord,
  findingToWire,
  silenceReading,
  watcherClaimFrom,
  inTurn,
  judgeAnswer,
  leftOfDay,
  type KnownAnswer,
  plantControl,
  plantError,
  seedOf,
  type Shadow,
  wireWatchFinding,
} from "./index.ts";

const signs = (value: bigint): Finding => ({ do: "sign", value, reason: "read", dropped: new Map() });
const MEDIAN = { aggregation: "median", tolerance: 10n } as const;
const OUTCOME = { aggregation: "plurality", tolerance: 0n } as const;

test.each<[string, bigint, bigint, typeof MEDIAN | typeof OUTCOME, string]>([
  ["the same", 5_000n, 5_000n, MEDIAN, "right"],
  ["within tolerance", 5_010n, 5_000n, MEDIAN, "right"],
  ["just beyond", 5_011n, 5_000n, MEDIAN, "wrong 2"],
  ["ten times", 5_100n, 5_000n, MEDIAN, "wrong 3"],
  ["a hundred times", 6_000n, 5_000n, MEDIAN, "wrong 4"],
  ["beyond measure", 6_001n, 5_000n, MEDIAN, "wrong 5"],
  ["less than a thousandth of a large number", 5_000_011n, 5_000_000n, MEDIAN, "wrong 1"],
  ["another outcome", 1n, 0n, OUTCOME, "wrong 5"],
  ["invalid for a value", INVALID, 1n, OUTCOME, "wrong 3"],
  ["a value where it is too early", 1n, TOO_EARLY, OUTCOME, "wrong 4"],
  ["both too early", TOO_EARLY, TOO_EARLY, OUTCOME, "right"],
])("%s", (_, got, own, terms, said) => {
  const judged = judgeAnswer(got, terms, signs(own));
  expect(judged.verdict === "wrong" ? `wrong ${judged.severity}` : judged.verdict).toBe(said);
});

test("who cannot tell accuses nobody", () => {
  const judged = judgeAnswer(1n, OUTCOME, { do: "abstain", why: "all down", dropped: new Map() });
  expect(judged).toEqual({ verdict: "unknown", why: "all down" });
});

const SECRET = keccak256("0x5ec2e7");
const numeric: KnownAnswer = {
  schema: numericSchema(),
  terms: termsFor(numericSchema(), { min: 0n, max: 1_000_000n, tolerance: 10n }),
  right: 231_550n,
};
const outcome: KnownAnswer = { schema: boolSchema(), terms: termsFor(boolSchema()), right: 1n };
const many = (known: KnownAnswer, count = 200): Shadow[] =>
  Array.from({ length: count }, (_, number) => plantError(known, seedOf(SECRET, number))).filter(
    (shadow) => shadow !== null,
  );

test("planted errors are wrong, within bounds, repeatable and of all sizes", () => {
  const shadows = many(numeric);
  expect(shadows).toHaveLength(200);
  for (const { shown, right, terms, question } of shadows) {
    expect(shown >= terms.min && shown <= terms.max).toBe(true);
    expect((shown > right ? shown - right : right - shown) > terms.tolerance).toBe(true);
    expect(question).toBe(questionId(terms));
  }
  expect(many(numeric)).toEqual(shadows);
  expect(new Set(shadows.map(({ question }) => question)).size).toBe(200);
  expect(new Set(shadows.map(({ shown }) => shown)).size).toBeGreaterThan(80);
  expect(shadows.some(({ shown, right }) => shown > right)).toBe(true);
  expect(shadows.some(({ shown, right }) => shown < right)).toBe(true);
  expect(new Set(many(outcome).map(({ shown }) => shown))).toEqual(new Set([0n]));
});

test("at the edge of the bounds the error goes the other way, and where none fits there is none", () => {
  const edge = { ...numeric, right: 1_000_000n };
  expect(many(edge, 50).every(({ shown }) => shown < 1_000_000n)).toBe(true);
  const tight = { ...numeric, terms: { ...numeric.terms, min: 231_545n, max: 231_555n } };
  expect(plantError(tight, seedOf(SECRET, 0))).toBe(null);
});

test("a shadow's asker is nobody: another for each seed, and never the real one", () => {
  const shadows = many(numeric, 20);
  expect(new Set(shadows.map(({ terms }) => terms.asker)).size).toBe(20);
  expect(shadows.some(({ terms }) => terms.asker === numeric.terms.asker)).toBe(false);
});

const found = (shadow: Shadow, expected = shadow.right, got = shadow.shown) => ({
  question: shadow.question,
  expected,
  got,
  evidence: numberToHex(1, { size: 32 }),
  severity: 3 as const,
});

test("a watcher is measured by what he caught, less the alarms about what was right", () => {
  const wrong = many(numeric, 4);
  const controls = [4, 5].map((number) => plantControl(numeric, seedOf(SECRET, number)));
  const shadows = [...wrong, ...controls];
  const rate = (findings: Parameters<typeof catchRecord>[1]) => catchRecord(shadows, findings).rate;
  expect(
    catchRecord(
      shadows,
      wrong.slice(0, 3).map((shadow) => found(shadow)),
    ),
  ).toEqual({
    planted: 4,
    caught: 3,
    controls: 2,
    falseAlarms: 0,
    rate: 7_500,
  });
  // Who cries about everything without looking catches nothing, and pays for it.
  expect(rate(shadows.map((shadow) => found(shadow, shadow.shown + 1n)))).toBe(0);
  expect(rate(shadows.map((shadow) => found(shadow)))).toBe(0);
  expect(rate(wrong.map((shadow) => found(shadow, shadow.right + 10n)))).toBe(10_000);
  expect(rate(wrong.map((shadow) => found(shadow, shadow.right + 11n)))).toBe(0);
  expect(rate([])).toBe(0);
  expect(catchRecord([], []).rate).toBe(0);
});

test("a finding becomes a row", () => {
  const [shadow] = many(numeric, 1) as [Shadow];
  const row = findingToWire(found(shadow));
  expect(wireWatchFinding.parse(row)).toEqual(row);
  expect(row.expected).toBe("231550");
});

const TERMS = { min: 0n, max: 100n, tolerance: 2n, secures: 100n };
const PURSE = { deposit: 250n, most: 250n, left: 250n, credit: 250n };
const reads = (now: Finding, first: bigint | null = 7n, over = {}) =>
  silenceReading(TERMS, { first, now }, 300n, { ...PURSE, ...over });
const secured = (secures: bigint, totalWeight: bigint) =>
  silenceReading({ ...TERMS, secures }, { first: 7n, now: signs(7n) }, totalWeight, PURSE).do;
const seen = (at: number, deadline: number) => ({ look: { at }, word: { deadline } });

test("a watcher objects to silence late, with what it read, and with no more than it may", () => {
  expect(watcherClaimFrom({ opensAt: 1_000, deadline: 2_000 }, { notBefore: 1_000 })).toBe(1_938);
  expect(reads(signs(7n))).toEqual({ do: "claim", value: 7n });
  expect(reads(signs(7n), 7n, { most: 249n }).do).toBe("give_up");
  for (const short of [{ credit: 249n }, { left: 249n }])
    expect(reads(signs(7n), 7n, short)).toMatchObject({ do: "wait", why: expect.stringContaining("249") });
  const away: Finding = { do: "abstain", why: "k is down", dropped: new Map() };
  expect(reads(away)).toEqual({ do: "wait", why: "k is down" });
  for (const value of [INVALID, TOO_EARLY, 101n]) expect(reads(signs(value)).do).toBe("give_up");
});

test("a watcher puts nothing down where no re-report can stand", () => {
  expect([secured(100n, 300n), secured(101n, 300n), secured(0n, 1n), secured(0n, 0n)]).toEqual([
    "claim",
    "give_up",
    "claim",
    "give_up",
  ]);
});

test("nor by one look, nor where two say different things; of two the first counts", () => {
  expect(reads(signs(7n), null).do).toBe("wait");
  expect([reads(signs(10n), 7n).do, reads(signs(7n), 10n).do]).toEqual(["give_up", "give_up"]);
  expect(reads(signs(9n), 7n)).toEqual({ do: "claim", value: 7n });
});

test("a dozen that were looked at wait for one that was not", () => {
  const slow = Array.from({ length: 12 }, (_, i) => seen(100 + i, 10 + i));
  const [fresh, sooner] = [seen(0, 900), seen(0, 800)];
  expect(inTurn([...slow, fresh, sooner]).slice(0, 3)).toEqual([sooner, fresh, slow[0]]);
});

test("what was put down in the last day is not there once more", () => {
  const put = [
    { deposit: 300n, at: 1_000 },
    { deposit: 500n, at: 50_000 },
  ];
  expect([50_000, 87_400, 136_400].map((now) => leftOfDay(1_000n, put, now))).toEqual([200n, 500n, 1_000n]);
  expect(leftOfDay(100n, put, 50_000)).toBe(0n);
});
