import { expect, test } from "vitest";
import { FIXTURES } from "./fixtures.ts";

test.each(FIXTURES)("$rule: $about", ({ rule, fires, run }) => {
  const events = run();
  expect(events.map(({ severity, subject }) => [severity, subject])).toEqual(fires);
  for (const event of events) {
    expect(event.rule).toBe(rule);
    expect(Object.values(event.evidence).every((value) => typeof value === "string")).toBe(true);
  }
});

test("every rule has rows on which it fires and rows on which it is quiet", () => {
  const rules = [...new Set(FIXTURES.map(({ rule }) => rule))];
  expect(rules).toHaveLength(10);
  for (const rule of rules) {
    const mine = FIXTURES.filter((fixture) => fixture.rule === rule);
    expect(mine.some(({ fires }) => fires.length > 0) && mine.some(({ fires }) => fires.length === 0)).toBe(
      true,
    );
  }
});
