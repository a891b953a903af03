import * as fc from "fast-check";
import { statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { INJECTIONS } from "../../../test/analyst/injections.ts";
import { analyse } from "../../core/analyst/analyse.ts";
import { QUALITY_PARTS } from "../../core/analyst/label.ts";
import { ANALYST_FILE, loadAnalyst } from "./load-analyst.ts";

const STATEMENT = "We should ban night flights";
const TEXTS = [
  "Night flights wake thousands of people, and bad sleep makes them ill.",
  "Night flights bring fresh goods and medicine to people who need them by the morning.",
  "A ban would only move the noise to other towns.",
];
const labelsOf = (texts: readonly string[]) =>
  texts.map((text) => analyse(loadAnalyst(), { statement: STATEMENT, text }));

describe("the committed weights", () => {
  test("are one file of 2 MB at most, and say where they come from", () => {
    expect(statSync(ANALYST_FILE).size).toBeLessThanOrEqual(2_000_000);
    const { data, vectors } = loadAnalyst().provenance;
    expect(data.licence).toBe("CC BY-SA 3.0");
    expect(data.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(vectors.sha256).toMatch(/^[0-9a-f]{64}$/);
  });
  test("give the labels that they gave on every other machine", () => {
    // Exact: a machine that differs here may not sign beside others.
    expect(labelsOf(TEXTS).map(({ stance, quality, parts }) => ({ stance, quality, parts })))
      .toMatchInlineSnapshot(`
        [
          {
            "parts": {
              "clarity": 10,
              "insight": 6,
              "originality": 9,
              "reasoning": 9,
            },
            "quality": 34,
            "stance": 4351,
          },
          {
            "parts": {
              "clarity": 18,
              "insight": 11,
              "originality": 16,
              "reasoning": 15,
            },
            "quality": 60,
            "stance": -7155,
          },
          {
            "parts": {
              "clarity": 2,
              "insight": 1,
              "originality": 2,
              "reasoning": 2,
            },
            "quality": 7,
            "stance": 3206,
          },
        ]
      `);
  });
  test("turn with the statement", () => {
    const [first = ""] = TEXTS;
    const against = analyse(loadAnalyst(), { statement: "Night flights should be banned", text: first });
    const allowed = analyse(loadAnalyst(), { statement: "Night flights should not be banned", text: first });
    expect(allowed.stance).toBe(0 - against.stance);
  });
});

describe("any text", () => {
  const anyText = fc.oneof(
    fc.string({ maxLength: 400 }),
    fc.string({ unit: "binary", maxLength: 100 }),
    fc
      .array(fc.constantFrom("night", "flights", "ban", "not", "people", "good", ".", "BAD!"), {
        maxLength: 200,
      })
      .map((words) => words.join(" ")),
  );
  test("gets a label of whole numbers within bounds, whose parts add up", () =>
    fc.assert(
      fc.property(anyText, anyText, (statement, text) => {
        const { stance, quality, parts, rejection } = analyse(loadAnalyst(), { statement, text });
        expect(Number.isInteger(stance) && Math.abs(stance) <= 10_000).toBe(true);
        expect(Object.is(stance, -0)).toBe(false);
        expect(Number.isInteger(quality) && quality >= 0 && quality <= 100).toBe(true);
        expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(quality);
        for (const [name, most] of Object.entries(QUALITY_PARTS)) {
          expect(parts[name as keyof typeof parts]).toBeLessThanOrEqual(most);
          expect(parts[name as keyof typeof parts]).toBeGreaterThanOrEqual(0);
        }
        expect(rejection === null || (stance === 0 && quality === 0)).toBe(true);
      }),
    ));
});

describe("an instruction among the opinions", () => {
  const honest = labelsOf(TEXTS);
  test.each(INJECTIONS)("is rejected, and changes no other label: %s", (text) => {
    const labels = labelsOf([...TEXTS.slice(0, 1), text, ...TEXTS.slice(1)]);
    expect(labels[1]?.rejection).not.toBeNull();
    expect(labels.toSpliced(1, 1)).toEqual(honest);
  });
});
