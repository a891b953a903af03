import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { analyst } from "./index.ts";
import { lexiconStance } from "./lexicon.ts";
import { ranks, spearman } from "./rank.ts";

const folder = mkdtempSync(path.join(tmpdir(), "analyst-bench-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (text: string): string => {
  const name = path.join(folder, "opinions.jsonl");
  writeFileSync(name, text);
  return name;
};

describe("rank correlation", () => {
  test.each([
    ["is 1 for the same order", [1, 5, 9], [2, 3, 40], 1],
    ["is -1 for the reverse", [1, 2, 3], [9, 8, 7], -1],
    ["is 0 where nothing differs", [1, 1, 1], [1, 2, 3], 0],
    // 1 - 6 × (1 + 1) / (4 × 15).
    ["is the textbook's", [1, 2, 3, 4], [2, 1, 3, 4], 0.8],
  ])("%s", (_, a, b, expected) => expect(spearman(a, b)).toBeCloseTo(expected, 12));
  test("shares the places of equals", () => expect(ranks([5, 1, 5])).toEqual([1.5, 0, 1.5]));
});

test.each([
  ["We should adopt kites", "they are wonderful", 1],
  ["We should ban kites", "they are wonderful", -1],
  ["We should ban kites", "they are horrible", 1],
  ["We should ban kites", "they are kites", 0],
])("the lexicon, on %s: %s", (statement, text, expected) => {
  expect(lexiconStance(statement, text)).toBe(expected);
});

test("measures a file, overall and by statement", async () => {
  const opinions = [
    { text: "Night flights wake people up, and bad sleep makes them ill.", stance: 1, quality: 0.9 },
    { text: "100", stance: -1, quality: 0.1 },
  ];
  const lines = ["We should ban night flights", "Night flights should be banned"].map((statement) =>
    JSON.stringify({ statement, opinions }),
  );
  const rows = await analyst.run(() => undefined, { opinions: file(lines.join("\n")) });
  const value = (name: string) => rows.find((row) => row.name === `analyst.${name}`)?.value;
  expect(value("stance")).toBe(0.5);
  expect(value("rejected")).toBe(0.5);
  expect(value("quality_by_statement")).toBe(1);
});

test("says which file it cannot read", async () => {
  const name = file('{"statement": "x"}');
  await expect(async () => analyst.run(() => undefined, { opinions: name })).rejects.toThrow(name);
});
