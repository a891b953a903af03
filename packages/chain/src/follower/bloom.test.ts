import { type Hex, hexToBytes, keccak256, toHex } from "viem";
import { expect, test } from "vitest";
import { bloomHas } from "./bloom.ts";

/** Sets bits as a node does: bytes from the left, the lowest bit in the last byte. */
function bloomOf(values: readonly Hex[]): Hex {
  const bytes = new Uint8Array(256);
  for (const value of values) {
    const hash = Buffer.from(hexToBytes(keccak256(value)));
    for (const at of [0, 2, 4]) {
      const bit = hash.readUInt16BE(at) % 2048;
      bytes[255 - Math.floor(bit / 8)] = (bytes[255 - Math.floor(bit / 8)] ?? 0) | (1 << (bit % 8));
    }
  }
  return toHex(bytes);
}
const values = Array.from({ length: 40 }, (_, index) => keccak256(toHex(`value ${index}`)));

test("has every value that was put in", () => {
  const bloom = bloomOf(values);
  expect(values.every((value) => bloomHas(bloom, value))).toBe(true);
});
test("excludes nearly all others, and everything when empty", () => {
  const bloom = bloomOf(values);
  const others = Array.from({ length: 1_000 }, (_, index) => keccak256(toHex(`other ${index}`)));
  expect(others.filter((value) => bloomHas(bloom, value)).length).toBeLessThan(10);
  expect(values.some((value) => bloomHas(bloomOf([]), value))).toBe(false);
});

test("a full one excludes nothing, and one that a node left out everything", () => {
  expect(values.every((value) => bloomHas(`0x${"ff".repeat(256)}`, value))).toBe(true);
  expect(values.some((value) => bloomHas("0x", value))).toBe(false);
});
