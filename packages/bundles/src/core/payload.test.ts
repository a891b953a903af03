import type { Hex } from "@sooth/kernel";
import { numberToHex } from "viem";
import { expect, test } from "vitest";
import { legHash } from "./hashes.ts";
import { decodeLegs, encodeLegs } from "./payload.ts";
import { chance } from "./simulator/random.ts";
import { COMPARISONS, type Leg, LEG_KINDS } from "./types.ts";

const leg: Leg = {
  chainId: 10,
  kind: "account",
  target: `0x${"ab".repeat(20)}`,
  value: 7n,
  gasLimit: 90_000,
  data: "0x01020304",
  needsOk: [0, 2],
  needsFailed: [1],
  needsSettled: [31],
  undoes: null,
  splices: [{ from: 0, source: 32, length: 32, target: 4 }],
  conditions: [{ from: 2, source: 0, comparison: "at_most", value: 2n ** 255n }],
  salt: `0x${"5a".repeat(32)}`,
};

test("legs that are logged are read as they were, and hash as they did", () => {
  const legs: Leg[] = [leg, { ...leg, kind: "shared", undoes: 0, splices: [], conditions: [] }];
  const read = decodeLegs(encodeLegs(legs));
  expect(read).toEqual(legs);
  expect(read?.map(legHash)).toEqual(legs.map(legHash));
});

test("bytes that are no legs are none", () => {
  const whole = encodeLegs([leg]);
  const kind = whole.replace(/(?<=^0x(?:.{64}){4}.{62}).{2}/, "09");
  for (const bytes of ["0x", "0x00", whole.slice(0, -64), `0x${"ff".repeat(64)}`, kind] as const)
    expect(decodeLegs(bytes as `0x${string}`), bytes).toBeNull();
});

test("whatever words somebody logs, what is read of them can be hashed", () => {
  const whole = encodeLegs([{ ...leg, undoes: 0 }]);
  const words = (whole.length - 2) / 64;
  const strange = [
    "f".repeat(64),
    (300).toString(16).padStart(64, "0"),
    (2 ** 53).toString(16).padStart(64, "0"),
  ];
  let read = 0;
  for (let word = 0; word < words; word++)
    for (const other of strange) {
      const bytes = `${whole.slice(0, 2 + 64 * word)}${other}${whole.slice(66 + 64 * word)}` as const;
      const legs = decodeLegs(bytes as `0x${string}`);
      if (legs === null) continue;
      read += 1;
      expect(() => legs.map(legHash)).not.toThrow();
      expect(encodeLegs(legs)).toBe(bytes);
    }
  // Salt, chain, and what fits its type.
  expect(read).toBeGreaterThan(5);
});

/** A leg of any shape: lists and data of any length, numbers up to the largest of their types. */
function anyLeg(seed: number): Leg {
  const { below, is, pick } = chance(seed, "leg");
  const upTo = (bits: number) => pick([0, 1, 2 ** bits - 1, below(2 ** bits)]);
  const wide = (bits: bigint) => pick([0n, 1n, (1n << bits) - 1n, BigInt(below(2 ** 48))]);
  const list = <T>(one: () => T): T[] => Array.from({ length: below(4) }, one);
  const places = () => Array.from({ length: 32 }, (_, place) => place).filter(() => is(0.2));
  const bytes = (length: number): Hex =>
    `0x${Array.from({ length }, () => numberToHex(below(256), { size: 1 }).slice(2)).join("")}`;
  return {
    chainId: pick([0, 1, 31_337, Number.MAX_SAFE_INTEGER]),
    kind: pick(LEG_KINDS),
    target: bytes(20),
    value: wide(96n),
    gasLimit: upTo(32),
    data: bytes(pick([0, 1, 4, 31, 32, 33, 64, below(200)])),
    needsOk: places(),
    needsFailed: places(),
    needsSettled: places(),
    undoes: pick([null, 0, 31, 254]),
    splices: list(() => ({ from: upTo(8), source: upTo(16), length: upTo(16), target: upTo(32) })),
    conditions: list(() => ({
      from: upTo(8),
      source: upTo(16),
      comparison: pick(COMPARISONS),
      value: wide(256n),
    })),
    salt: bytes(32),
  };
}

test("whatever legs are written, the same are read", () => {
  for (let seed = 0; seed < 300; seed++) {
    const legs = Array.from({ length: seed % 4 }, (_, place) => anyLeg(4 * seed + place));
    expect(decodeLegs(encodeLegs(legs)), `seed ${seed}`).toEqual(legs);
  }
});

test("of bytes that differ anywhere the legs that they say are read, or none", () => {
  const { below } = chance(7, "changes");
  let read = 0;
  for (let seed = 0; seed < 100; seed++) {
    const whole = encodeLegs([anyLeg(seed), anyLeg(seed + 1_000)]).slice(2);
    for (let change = 0; change < 40; change++) {
      const at = below(whole.length);
      const kept = [whole.slice(0, at), whole.slice(at + 1)];
      const bytes: Hex = `0x${kept.join(change % 4 === 0 ? "" : below(16).toString(16))}`;
      const legs = decodeLegs(bytes);
      if (legs === null) continue;
      read += 1;
      expect(encodeLegs(legs)).toBe(bytes);
    }
  }
  expect(read).toBeGreaterThan(100);
});

test("tails in another order, which decode as well, are not what encoding writes", () => {
  const legs = encodeLegs([leg, { ...leg, data: "0xaa" }]).slice(2);
  const [offset, count, first = "", second = "", ...rest] = legs.match(/.{64}/g) ?? [];
  const length = (Number.parseInt(second, 16) - Number.parseInt(first, 16)) / 32;
  const swapped = [
    offset,
    count,
    numberToHex(64 + 32 * (rest.length - length), { size: 32 }).slice(2),
    first,
    ...rest.slice(length),
    ...rest.slice(0, length),
  ];
  expect(decodeLegs(`0x${swapped.join("")}`)).toBeNull();
});
