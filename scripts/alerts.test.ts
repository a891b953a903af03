import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const page = readFileSync(path.resolve(import.meta.dirname, "../docs/metrics.md"), "utf8");
const cellsOf = (row: string): string[] => row.split("|").map((cell) => cell.trim());
const rows = page.split("\n").filter((line) => line.startsWith("| `"));
const [metricRows, alertRows] = [
  rows.filter((row) => cellsOf(row).length === 6),
  rows.filter((row) => cellsOf(row).length === 7),
];
const bare = (cell = ""): string => cell.replaceAll("`", "");
const labels = new Map(metricRows.map(cellsOf).map(([, name, , , of]) => [bare(name), bare(of)]));

/** Prometheus pairs what stands on both sides by all labels, unless it is told by which: else such an alert never fires. */
test.each(alertRows.map(cellsOf).map(([, id, , when]) => ({ id: bare(id), when: bare(when) })))(
  "both sides of $id have the same labels",
  ({ when }) => {
    const sides = when.split(/ (?:and|or|unless) (?!on |ignoring )/);
    const named = sides.map((side) => [...labels.keys()].find((name) => side.includes(name)));
    expect(named).not.toContain(undefined);
    expect(new Set(named.map((name) => labels.get(name ?? ""))).size).toBe(1);
  },
);

test("the page is read: there are alerts of two sides, and of labels", () => {
  expect(alertRows.length).toBeGreaterThan(20);
  expect(alertRows.some((row) => row.includes(" unless on (chain)"))).toBe(true);
  expect(labels.get("bundles_relay_sent_total")).toBe("chain, what");
});
