import type { UnixSeconds } from "@sooth/kernel";
import { expect, test } from "vitest";
import { eventId, moveEvent, openEvent, type SecurityEvent } from "./event.ts";

const at = 1_800_000_000 as UnixSeconds;
const event: SecurityEvent = {
  rule: "late-burst",
  severity: 4,
  subject: "q1",
  evidence: { a: "1", b: "2" },
  at,
};
const step = (to: "open" | "triaged" | "closed", who = "ann", why = "looked at it") => ({ to, who, why, at });

test("an event is opened, triaged, closed and may come back; every step keeps who and why", () => {
  const closed = moveEvent(
    moveEvent(openEvent(event), step("triaged")),
    step("closed", "bob", "a slow node"),
  );
  expect(closed).toMatchObject({
    state: "closed",
    steps: [step("triaged"), step("closed", "bob", "a slow node")],
  });
  expect(moveEvent(closed, step("open")).state).toBe("open");
});

test("no step back, none to itself, none without who and why", () => {
  const open = openEvent(event);
  expect(() => moveEvent(open, step("open"))).toThrow(/cannot become open/);
  expect(() => moveEvent(moveEvent(open, step("closed")), step("triaged"))).toThrow(
    /closed and cannot become triaged/,
  );
  expect(() => moveEvent(open, step("closed", " "))).toThrow(/who he is and why/);
  expect(() => moveEvent(open, step("closed", "ann", ""))).toThrow(/who he is and why/);
});

test("the same sight has one id, whatever the order of its evidence", () => {
  expect(eventId({ ...event, evidence: { b: "2", a: "1" } })).toBe(openEvent(event).id);
  expect(eventId({ ...event, subject: "q2" })).not.toBe(openEvent(event).id);
});
