import { expect, test } from "vitest";
import { relatedWords } from "./meaning.ts";

/** Two numbers a word, around (10, 10), which all have in common. */
const near = (words: Record<string, readonly [number, number]>) =>
  relatedWords({
    words: new Map(Object.keys(words).map((word, index) => [word, index])),
    vectors: Float64Array.from(Object.values(words).flat(), (value) => value + 10),
  });
const WORDS = {
  car: [5, 0],
  cars: [5, 0.1],
  truck: [4, 1],
  bus: [4, 2],
  dove: [-5, 0],
  sky: [-4, -4.1],
  the: [5, 0],
  ox: [5, 0],
  "car's": [5, 0],
} as const;

test("words of a like direction are near, the nearest first, whatever all have in common", () => {
  const related = near(WORDS)("car");
  expect(related.map(({ word }) => word)).toEqual(["truck", "bus"]);
  const [truck, bus] = related.map(({ similarity }) => similarity);
  expect(truck).toBeGreaterThan(bus ?? 1);
  expect(truck).toBeLessThan(1);
});

test("a word that is not known, or that says nothing by itself, has none", () => {
  const related = near(WORDS);
  for (const word of ["tram", "the", "ox", "car's", ""]) expect(related(word)).toEqual([]);
});

test("at most eight, whatever the number of words", () => {
  const many = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [
      `w${"abcdefghijklmnopqrst"[index]}${"tsrqponmlkjihgfedcba"[index]}k`,
      [5, index / 100] as const,
    ]),
  );
  expect(near({ ...many, other: [-100, 0] })("watk")).toHaveLength(8);
});
