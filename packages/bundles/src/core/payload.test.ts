import { expect, test } from "vitest";
import { legHash } from "./hashes.ts";
import { decodeLegs, encodeLegs } from "./payload.ts";
import type { Leg } from "./types.ts";

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
