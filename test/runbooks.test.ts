import "@sooth/server";
import { alerts } from "@sooth/runtime";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "..");
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, "")
    .replaceAll(" ", "-");

function anchorsOf(file: string): string[] {
  const text = readFileSync(path.join(root, file), "utf8");
  return [...text.matchAll(/^## (.+)$/gm)].map(([, heading = ""]) => anchor(heading));
}

// Tests of the runtime register alerts of their own in the same process.
const shipped = alerts.filter(({ runbook }) => !runbook.startsWith("docs/runbooks/test.md"));

test("there are alerts", () => {
  expect(shipped.length).toBeGreaterThan(8);
});

test.each(shipped.map(({ id, runbook }) => [id, runbook]))(
  "alert %s has a place that says what to do",
  (_, runbook) => {
    const [file = "", heading = ""] = runbook.split("#");
    expect(anchorsOf(file)).toContain(heading);
  },
);
