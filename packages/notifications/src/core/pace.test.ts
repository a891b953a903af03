import { expect, test } from "vitest";
import { waitFor } from "./pace.ts";

const limits = { aDay: 20, gapSeconds: 600 };
const waits = (inADay: number, urgent: boolean, o: { last?: number; each?: number } = {}) =>
  waitFor(
    { inADay, last: o.last ?? 0 },
    { ...limits, ...(o.each !== undefined && { each: o.each }) },
    { urgent, now: 1_000 },
  );

test("what strangers bring about waits for the gap and the day; what is due waits for neither, a few times", () => {
  expect([waits(19, false), waits(20, false), waits(1, false, { last: 900 })]).toEqual([false, true, true]);
  expect([waits(1, true, { last: 900 }), waits(24, true), waits(25, true)]).toEqual([false, false, true]);
  // One that is told is a message to each browser.
  expect([waits(34, true, { each: 3 }), waits(35, true, { each: 3 })]).toEqual([false, true]);
});
