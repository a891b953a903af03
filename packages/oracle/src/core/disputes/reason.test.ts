import * as fc from "fast-check";
import { expect, test } from "vitest";
import { cutReason, MOST_REASON_BYTES, reasonComplaint, reasonHash } from "./reason.ts";

const bytes = (text: string) => new TextEncoder().encode(text).length;

test("a reason is known by the hash of its UTF-8", () => {
  expect(reasonHash("")).toBe("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  expect(reasonHash("a")).not.toBe(reasonHash("a "));
});

test("nothing, too much and what is no text is refused", () => {
  expect(reasonComplaint(" \n")).toMatch(/nothing/);
  expect(reasonComplaint("x".repeat(MOST_REASON_BYTES))).toBeNull();
  expect(reasonComplaint("x".repeat(MOST_REASON_BYTES + 1))).toMatch(/8193 bytes/);
  expect(reasonComplaint("ü".repeat(MOST_REASON_BYTES / 2 + 1))).toMatch(/bytes/);
  expect(reasonComplaint("the page says\n> 3\u0000")).toMatch(/no text/);
  expect(reasonComplaint("half a \ud83d")).toMatch(/no text/);
  expect(reasonComplaint("https://one.example says\n> closed at 2,998.50\t(noon)")).toBeNull();
});

test("what is cut fits, and breaks no character", () => {
  expect(cutReason("short")).toBe("short");
  fc.assert(
    fc.property(fc.constantFrom("a", "ü", "€", "🙂"), fc.nat(9_000), fc.nat(9_000), (sign, before, times) => {
      const text = "x".repeat(before) + sign.repeat(times);
      const cut = cutReason(text);
      expect(bytes(cut)).toBeLessThanOrEqual(MOST_REASON_BYTES);
      expect(cut).not.toContain("\ufffd");
      expect(cut === text || cut.endsWith("…")).toBe(true);
    }),
  );
});
