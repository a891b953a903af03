import { expect, test } from "vitest";
import { askedFor, likePattern, markedParts, partsOf } from "./search.ts";

test("what must not be there is told apart from what must", () => {
  expect(askedFor("zoos")).toEqual({ wanted: "zoos", unwanted: [] });
  expect(askedFor('cars -bus "city centre" -"old town" or trams')).toEqual({
    wanted: 'cars   "city centre"   or trams',
    unwanted: ["bus", "old town"],
  });
  // Within a word it is a hyphen; alone it is nothing.
  expect(askedFor("car-free - -")).toEqual({ wanted: "car-free - -", unwanted: [] });
  expect(askedFor('--"a-b" -"open')).toEqual({ wanted: "", unwanted: ["a b", "open"] });
});

test("a piece of a text is told in parts, with what was found marked", () => {
  expect(markedParts("the \u0002cars\u0003 and \u0002buses\u0003")).toEqual([
    { text: "the ", marked: false },
    { text: "cars", marked: true },
    { text: " and ", marked: false },
    { text: "buses", marked: true },
  ]);
  expect(markedParts("\u0002Cars\u0003")).toEqual([{ text: "Cars", marked: true }]);
  expect(markedParts("")).toEqual([]);
});

test("a pattern takes its own signs as they stand", () => {
  expect(likePattern(" 100%_\\ ＡB ")).toBe(String.raw`%100\%\_\\ ab%`);
});

test("what is wanted falls into words, those in quotes stay together", () => {
  expect(partsOf('cars "city centre"trams')).toEqual(["cars", '"city centre"', "trams"]);
  expect(partsOf('  "open end')).toEqual(['"open end']);
  expect(partsOf('"')).toEqual([]);
  expect(partsOf("")).toEqual([]);
});
