import { BaseError, keccak256 as viemKeccak256, toHex } from "viem";
import { expect, test } from "vitest";
import { keccak256 } from "./keccak.ts";
import { keccak256 as byScript } from "./keccak-script.ts";
import { keccak256 as byWebAssembly } from "./keccak-wasm.ts";

test("Node takes the fast one", () => {
  expect(keccak256).toBe(byWebAssembly);
  expect(keccak256("0x")).toBe("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
});

test("both hash the same, around every length at which a block ends", () => {
  // Blocks are of 136 bytes; what is handed to WebAssembly goes in parts of 16 KiB.
  const lengths = [...Array.from({ length: 300 }, (_, length) => length), 16_383, 16_384, 16_385, 100_001];
  for (const length of lengths) {
    const bytes = Uint8Array.from({ length }, (_, place) => (place * 31 + length) & 0xff);
    const expected = viemKeccak256(bytes);
    expect(byWebAssembly(bytes)).toBe(expected);
    expect(byWebAssembly(toHex(bytes))).toBe(expected);
    expect(byScript(bytes)).toBe(expected);
  }
});

test("hex is read as elsewhere: of either case, and a digit that is missing is a zero in front", () => {
  expect(byWebAssembly("0xAB")).toBe(byWebAssembly("0xab"));
  expect(byWebAssembly("0xabc")).toBe(viemKeccak256("0xabc"));
});

// viem's own takes it for text, and hashes that.
test.each(["0xzz", "0xab zz", "0xabz", "abcd", "", "0xa\u0130", "0x\u0130\u0141", "0x\u00b0b"])(
  "%j is no hex",
  (text) => {
    expect(() => byWebAssembly(text as `0x${string}`)).toThrow(BaseError);
  },
);

test("after what cannot be hashed the next one is hashed as ever", () => {
  expect(() => byWebAssembly("0xzz")).toThrow("hex");
  expect(byWebAssembly("0x61")).toBe(viemKeccak256("0x61"));
});
