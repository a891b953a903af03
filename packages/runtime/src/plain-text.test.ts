import { expect, test } from "vitest";
import { plainText, withoutControls } from "./plain-text.ts";

const text = plainText({ min: 1, max: 100 });

test.each([
  ["emoji with joiners", "👩‍👩‍👧 wins 🏆"],
  ["Arabic and Hebrew", "هل ترتفع؟ האם"],
  ["right-to-left and left-to-right marks", "a\u200Fb\u200E"],
  ["a newline", "a\nb"],
  ["combining marks", "e\u0301"],
])("takes %s", (_, value) => {
  expect(text.parse(value)).toBe(value);
});

test.each([
  ["NUL", "a\u0000b"],
  ["tab", "a\tb"],
  ["carriage return", "a\rb"],
  ["escape", "\u001B[31m"],
  ["delete", "a\u007F"],
  ["C1 control", "a\u0085"],
  ["override", "a\u202Eb"],
  ["embedding", "a\u202Ab"],
  ["isolate", "a\u2066b"],
  ["pop isolate", "a\u2069b"],
  ["a lone high surrogate", "a\uD83D"],
  ["a lone low surrogate", "\uDE00a"],
  ["nothing", ""],
  ["too much", "a".repeat(101)],
])("refuses %s", (_, value) => {
  expect(text.safeParse(value).success).toBe(false);
});

test("a megabyte is refused by its length alone", () => {
  const result = text.safeParse("\u202E".repeat(1_000_000));
  expect(result.error?.issues.map((issue) => issue.code)).toEqual(["too_big"]);
});

test("what a stranger wrote cannot repaint a terminal", () => {
  expect(withoutControls("sent\u001B[2J\rnothing\u009B1A \u202Eabc\nnext 👩‍👩‍👧 ")).toBe(
    "sent\uFFFD[2J\uFFFDnothing\uFFFD1A \uFFFDabc\nnext 👩‍👩‍👧 ",
  );
});
