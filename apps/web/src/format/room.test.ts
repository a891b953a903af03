import { expect, test } from "vitest";
import { characters, roomWords, tooLong } from "./room.ts";

test("far from the end nothing is said", () => {
  expect(roomWords("", characters(10))).toEqual({});
  expect(roomWords("1234567", characters(10))).toEqual({});
});

test("near the end it says what is left, beyond it what is too much", () => {
  expect(roomWords("12345678", characters(10))).toEqual({ left: "2 characters left" });
  expect(roomWords("123456789", characters(10))).toEqual({ left: "1 character left" });
  expect(roomWords("1234567890", characters(10))).toEqual({ left: "0 characters left" });
  expect(roomWords("12345678901", characters(10))).toEqual({ over: "1 character too many: 10 at most." });
  expect(tooLong("x".repeat(9_000), characters(8_000))).toBe("1,000 characters too many: 8,000 at most.");
});

test("bytes are those of UTF-8", () => {
  const room = { most: 8, unit: "bytes" } as const;
  expect(tooLong("üüüü", room)).toBeUndefined();
  expect(tooLong("üüüüx", room)).toBe("1 byte too many: 8 at most.");
  expect(roomWords("€€", room)).toEqual({});
  expect(roomWords("€€x", room)).toEqual({ left: "1 byte left" });
});
