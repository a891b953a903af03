import { expect, test } from "vitest";
import { runChecks } from "./run-checks.ts";

test("a check that throws has failed, and the next one still runs", async () => {
  const results = await runChecks([
    { id: "a.holds", why: "it must", run: () => Promise.resolve({ ok: true }) },
    { id: "b.breaks", why: "it may", run: () => Promise.reject(new Error("no database")) },
    { id: "c.fails", why: "it should", run: () => Promise.resolve({ ok: false, found: "3 are missing" }) },
  ]);
  expect(results.map(({ id, ok, found }) => ({ id, ok, found }))).toEqual([
    { id: "a.holds", ok: true, found: "" },
    { id: "b.breaks", ok: false, found: "no database" },
    { id: "c.fails", ok: false, found: "3 are missing" },
  ]);
});
