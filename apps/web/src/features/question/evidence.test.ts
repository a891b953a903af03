import { expect, test } from "vitest";
import { bundleIn, testimonyIn } from "./evidence.ts";

const record = {
  model: "m-1",
  documents: ["0xaa"],
  verdict: {
    verdict: "answer",
    value: "12",
    outcome: null,
    confidence: 93,
    quotes: [{ document: 1, text: "twelve were counted: 12" }],
    reason: "It says so.",
  },
};

test("a witness's testimony is read with its quotes", () => {
  expect(testimonyIn(JSON.stringify(record))).toEqual({
    model: "m-1",
    confidence: 93,
    reason: "It says so.",
    quotes: [{ document: 1, text: "twelve were counted: 12" }],
    documents: ["0xaa"],
  });
});

test("what was cut short, or is another thing, is no testimony", () => {
  expect(testimonyIn(JSON.stringify(record).slice(0, -9))).toBeUndefined();
  expect(testimonyIn('{"verdict":null}')).toBeUndefined();
  expect(testimonyIn("[1,2]")).toBeUndefined();
  expect(testimonyIn("<html>")).toBeUndefined();
});

test("a text that is no bundle is none", () => {
  expect(bundleIn("{}")).toBeUndefined();
});
