import { describe, expect, test } from "vitest";
import { boolSchema, numericSchema, OPENS, termsFor } from "../../../test/people.ts";
import { INVALID, TOO_EARLY } from "../answer-word.ts";
import type { QuestionSchema } from "../wire.ts";
import { firstLook, isInTime, mayReportAnew, patienceOf, voteOn } from "./looking-back.ts";

const web = (name: string, url: string) => ({ name, unit: "USD", url, path: "p" });
const NAMED = web("named", "https://a.test/{observeAt}");
const MOVING = web("moving", "https://b.test/now");
const CHAIN = {
  type: "chain",
  name: "c",
  unit: "USD",
  chainId: 1,
  address: `0x${"ab".repeat(20)}`,
  function: "function supply() view returns (uint256)",
};
const questionOn = (...sources: object[]): { terms: ReturnType<typeof termsFor>; schema: QuestionSchema } => {
  const schema = boolSchema({ sources });
  return { schema, terms: termsFor(schema) };
};
const YES = { answer: 1n, claim: 0n };
const late = (value: bigint) => ({ value, inTime: false });
const inTime = (value: bigint) => ({ value, inTime: true });

describe("a vote", () => {
  test("rests on what was seen in time, whatever the source", () => {
    for (const sources of [[MOVING], [NAMED], [CHAIN]])
      expect([1n, 0n, INVALID].map((value) => voteOn(inTime(value), questionOn(...sources), YES))).toEqual([
        1, 2, 3,
      ]);
  });

  test("goes by a late reading where every source names the moment", () => {
    expect([1n, 0n, INVALID].map((value) => voteOn(late(value), questionOn(NAMED, CHAIN), YES))).toEqual([
      1, 2, 3,
    ]);
  });

  test.each<[string, object[]]>([
    ["the source", [MOVING]],
    ["one of three", [NAMED, CHAIN, MOVING]],
    ["a page of a witness", [{ type: "witness", name: "w", unit: "USD", urls: [NAMED.url, MOVING.url] }]],
  ])("finds no fault by a late reading when %s moves, and still bears out", (_, sources) => {
    expect([1n, 0n, INVALID].map((value) => voteOn(late(value), questionOn(...sources), YES))).toEqual([
      1,
      null,
      null,
    ]);
    // Nor that it was too early.
    expect(voteOn(late(TOO_EARLY), questionOn(...sources), { answer: 1n, claim: TOO_EARLY })).toBeNull();
  });

  test("a secondary source that moves is one that moves", () => {
    const schema = boolSchema({ sources: [NAMED], secondary: [MOVING] });
    expect(voteOn(late(0n), { schema, terms: termsFor(schema) }, YES)).toBeNull();
  });

  test("what lies within tolerance bears out", () => {
    const schema = numericSchema({ sources: [MOVING] });
    const asked = { schema, terms: termsFor(schema, { tolerance: 5n }) };
    const o = { answer: 100n, claim: 200n };
    expect([105n, 106n, 200n].map((value) => voteOn(late(value), asked, o))).toEqual([1, null, null]);
    expect(voteOn(inTime(200n), asked, o)).toBe(2);
  });
});

test("who looks again signs what he saw in time, or what agrees, or what names the moment", () => {
  const [moving, named] = [questionOn(MOVING), questionOn(NAMED)];
  expect([
    mayReportAnew(inTime(0n), moving, 1n),
    mayReportAnew(late(1n), moving, 1n),
    mayReportAnew(late(0n), named, 1n),
    mayReportAnew(late(0n), moving, 1n),
  ]).toEqual([true, true, true, false]);
});

test("a look is in time until a moment after the answer: half of the time to object, thirty seconds at most", () => {
  expect([1, 20, 3_600].map((liveness) => patienceOf({ liveness }))).toEqual([1, 10, 30]);
  const nows = [OPENS - 5, OPENS + 10, OPENS + 11];
  expect(nows.map((now) => isInTime({ liveness: 20 }, now, OPENS))).toEqual([true, true, false]);
  expect(isInTime({ liveness: 20 }, OPENS + 9_999, null)).toBe(true);
});

test("signers look when it has opened, at the moment that is asked about, and after the cut-off", () => {
  const schema = boolSchema();
  expect([
    firstLook({ opensAt: OPENS }, schema),
    firstLook({ opensAt: OPENS + 5 }, schema),
    firstLook({ opensAt: OPENS }, { ...schema, discloseBy: OPENS + 9 }),
  ]).toEqual([OPENS, OPENS + 5, OPENS + 9]);
});
