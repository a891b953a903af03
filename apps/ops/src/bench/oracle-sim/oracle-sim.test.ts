import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { svgOf } from "./chart.ts";
import { overturnedSlash, seatWeights } from "./economy.ts";
import { fill, runBlock, smallRun, thresholdsBlock } from "./page.ts";
import { seeded } from "./random.ts";

const DOCS = path.resolve(import.meta.dirname, "../../../../../docs");
const page = (): string => readFileSync(path.join(DOCS, "oracle-simulation.md"), "utf8");

test("the page tells what this model says: its small run and the thresholds are those of the code", () => {
  const run = smallRun();
  const text = page();
  // Differs: npm run bench -- oracle-sim --pictures docs/pictures
  expect(fill(text, [runBlock("small run", run, run), thresholdsBlock()])).toBe(text);
});

test("every picture of the page is there, and every one that is there is shown", () => {
  const shown = [...page().matchAll(/\(pictures\/(oracle-[a-z-]+\.svg)\)/g)].map(([, file]) => file ?? "");
  const there = readdirSync(path.join(DOCS, "pictures")).filter((file) => file.startsWith("oracle-"));
  expect(shown.toSorted()).toEqual(there.toSorted());
});

const draws = (seed: number): number[] => Array.from({ length: 5 }, seeded(seed));

test("the same seed gives the same world, another seed another", () => {
  expect(draws(1)).toEqual(draws(1));
  expect(draws(1)).not.toEqual(draws(2));
  const many = Array.from({ length: 20_000 }, seeded(3));
  expect(many.reduce((sum, one) => sum + one, 0) / many.length).toBeCloseTo(0.5, 2);
});

test("no provider weighs more than a quarter, no cluster more than a seventh", () => {
  const seats = Array.from({ length: 12 }, (_, index) => ({
    stake: index === 0 ? 10_000 : 100,
    factor: 1,
    cluster: index > 8 ? 1 : null,
  }));
  const weights = seatWeights(seats);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  expect((weights[0] ?? 0) / total).toBeCloseTo(0.25, 6);
  expect(weights.slice(9).reduce((sum, weight) => sum + weight, 0) / total).toBeCloseTo(1 / 7, 4);
  expect(overturnedSlash(1, 0)).toBeCloseTo(0.2);
  expect(overturnedSlash(1, 9)).toBe(1);
});

test("a chart names its axes and lines, and writes the same text each time", () => {
  const chart = {
    title: "A < B",
    x: { label: "share, %", ticks: [0, 10] },
    y: { label: "dollars", max: 5, ticks: [0, 5] },
    lines: [{ name: "cost", points: [[0, 1] as const, [10, 9] as const] }],
  };
  const svg = svgOf(chart);
  expect(svg).toContain("A &lt; B");
  for (const text of ["share, %", "dollars", "cost", "prefers-color-scheme: dark"])
    expect(svg).toContain(text);
  // What lies above the axis is drawn at its end, not outside the picture.
  expect(svg).toContain('points="74.0,269.2 736.0,50.0"');
  expect(svgOf(chart)).toBe(svg);
});
