import { expect, test } from "vitest";
import { nextSteps, type Situation, situationText } from "./situation.ts";

const NOW = 1_800_000_000;
const calm: Situation = {
  chainId: 31_337,
  now: NOW,
  guardian: `0x${"11".repeat(20)}`,
  pause: null,
  windowFactor: 1,
  tables: {
    hour: { value: 10_000_000n, answers: 1, limit: 20_000_000n },
    disputes: { open: 1, limit: 4 },
    notFinal: 3,
    nextFinal: NOW + 40,
    unheld: 0,
    events: [],
  },
};
const tables = (over: Partial<NonNullable<Situation["tables"]>>): Situation => ({
  ...calm,
  tables: { ...(calm.tables as NonNullable<Situation["tables"]>), ...over },
});
const grave = [{ id: "0x01", rule: "watcher", severity: 5, summary: "it is wrong" }];

test("calm asks for nothing", () => {
  expect(nextSteps(calm)).toEqual(["nothing: no event waits, nothing is near its limit"]);
});

test("a grave event asks to be read, and then to object or to pause, unless it is paused already", () => {
  expect(nextSteps(tables({ events: grave }))).toEqual([
    expect.stringContaining("security list"),
    expect.stringContaining("emergency pause"),
  ]);
  const paused = { ...tables({ events: grave, unheld: 2 }), pause: { number: 1, until: NOW + 60 } };
  expect(nextSteps(paused)).toEqual([
    expect.stringContaining("security list"),
    expect.stringContaining("emergency hold --all"),
    expect.stringContaining("object to every wrong answer"),
  ]);
});

test("what is beyond its limit asks for a trip; without tables that is said first", () => {
  const beyond = tables({ hour: { value: 3n, answers: 1, limit: 2n }, disputes: { open: 5, limit: 4 } });
  expect(nextSteps(beyond)).toEqual([
    expect.stringContaining("value breaker"),
    expect.stringContaining("dispute breaker"),
  ]);
  expect(nextSteps({ ...calm, tables: null })).toEqual([expect.stringContaining("tables cannot be read")]);
});

test("figures are told in words", () => {
  const text = Object.fromEntries(situationText(calm));
  expect(text).toMatchObject({
    pause: "none, and none before",
    windows: "as usual",
    value: "10 in one hour (1 answers), limit 20",
    disputes: "1 open, more than 4 trips",
    answers: "3 not final, the next in 40 s",
  });
  const over = Object.fromEntries(
    situationText({ ...calm, guardian: `0x${"00".repeat(20)}`, pause: { number: 2, until: NOW - 60 } }),
  );
  expect(over["guardian"]).toBe("nobody");
  expect(over["pause"]).toBe("over; no other before 2027-01-18 07:59:00");
});
