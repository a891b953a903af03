import { expect, test } from "vitest";
import { readStatement } from "./statement.ts";
import { stemOf } from "./words.ts";

test.each<[string, number, string[]]>([
  ["We should adopt a shorter week", 1, ["shorter", "week"]],
  ["We should ban night flights", -1, ["night", "flights"]],
  ["Night flights should be banned", -1, ["night", "flights"]],
  ["Night flights should not be banned", 1, ["night", "flights"]],
  ["We should fight for the abolition of tolls", -1, ["tolls"]],
  ["We should fight for cleaner rivers", 1, ["cleaner", "rivers"]],
  ["We should end mandatory homework", -1, ["mandatory", "homework"]],
  ["Homework brings more harm than good", -1, ["homework"]],
  ["Homework brings more good than harm", 1, ["homework"]],
  ["Jaywalking should be a criminal offence", -1, ["jaywalking"]],
  ["Cities are better than villages", 1, ["cities", "better", "villages"]],
  ["", 1, []],
])("%s", (text, polarity, subject) => {
  const read = readStatement(text);
  expect(read.polarity).toBe(polarity);
  expect([...read.subject]).toEqual(subject.map(stemOf));
});
