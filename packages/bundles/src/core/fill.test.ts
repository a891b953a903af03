import { at, type Hex } from "@sooth/kernel";
import { readFileSync } from "node:fs";
import { keccak256, numberToHex } from "viem";
import { describe, expect, test } from "vitest";
import { filled } from "./fill.ts";
import { placesIn } from "./hashes.ts";
import { COMPARISONS, type Leg, type Splice } from "./types.ts";

const leg: Leg = {
  chainId: 10,
  kind: "shared",
  target: `0x${"22".repeat(20)}`,
  value: 0n,
  gasLimit: 1,
  data: `0x${"00".repeat(36)}`,
  needsOk: [0, 1],
  needsFailed: [],
  needsSettled: [],
  undoes: null,
  splices: [],
  conditions: [],
  salt: `0x${"00".repeat(32)}`,
};
const word = (value: bigint): Hex => numberToHex(value, { size: 32 });
const returned = (place: number): Hex | null => [word(7n), `0xaabb` as Hex][place] ?? null;

test("bytes of what others returned stand where the leg wants them", () => {
  const splices = [
    { from: 0, source: 31, length: 1, target: 4 },
    { from: 1, source: 0, length: 2, target: 34 },
    { from: 1, source: 2, length: 0, target: 36 },
  ];
  expect(filled({ ...leg, splices }, returned)).toBe(`0x${"00".repeat(4)}07${"00".repeat(29)}aabb`);
});

test.each([
  ["past what was returned", { from: 1, source: 1, length: 2, target: 0 }],
  ["past the calldata", { from: 0, source: 0, length: 32, target: 5 }],
  ["of a leg that was never called", { from: 2, source: 0, length: 1, target: 0 }],
])("a splice %s does not fit", (_, splice) => {
  expect(filled({ ...leg, splices: [splice] }, returned)).toBeNull();
});

test.each([
  ["equal", 7n, true],
  ["equal", 8n, false],
  ["at_least", 7n, true],
  ["at_least", 8n, false],
  ["at_most", 7n, true],
  ["at_most", 6n, false],
] as const)("7 is %s %s: %s", (comparison, value, holds) => {
  const found = filled({ ...leg, conditions: [{ from: 0, source: 0, comparison, value }] }, returned);
  expect(found).toBe(holds ? leg.data : null);
});

test("a condition on a word that is not there does not hold", () => {
  const conditions = [{ from: 1, source: 0, comparison: "at_least" as const, value: 0n }];
  expect(filled({ ...leg, conditions }, returned)).toBeNull();
});

/** Cases that contracts/test/bundles/InputVectors.t.sol puts to the library itself. */
const { cases } = JSON.parse(
  readFileSync(new URL("../../../../vectors/bundle-inputs.json", import.meta.url), "utf8"),
) as {
  cases: {
    needsOk: number;
    needsFailed: number;
    data: Hex;
    returned: Hex[];
    results: Hex[];
    splices: Splice[];
    conditions: { from: number; source: number; comparison: number; value: string }[];
    fits: boolean;
    filled: Hex;
  }[];
};

describe("as the settler fills it", () => {
  test.each(cases.map((one, index) => [index, one] as const))("case %i", (_, its) => {
    const [needsOk, needsFailed] = [placesIn(its.needsOk), placesIn(its.needsFailed)];
    const needed = [...needsOk, ...needsFailed].toSorted((a, b) => a - b);
    const conditions = its.conditions.map((one) => ({
      ...one,
      comparison: at(COMPARISONS, one.comparison),
      value: BigInt(one.value),
    }));
    const { data, splices } = its;
    const found = filled({ ...leg, needsOk, needsFailed, data, splices, conditions }, (place) => {
      const bytes = its.returned[needed.indexOf(place)];
      // Who was never called has no result, and returned nothing that could be read.
      return bytes !== undefined && its.results[needed.indexOf(place)] === keccak256(bytes) ? bytes : null;
    });
    expect(found).toBe(its.fits ? its.filled : null);
  });
});
