import { expect, test } from "vitest";
import { phaseText } from "./phase.ts";

const jury = { phase: "evidence", evidenceEndsAt: 100, commitEndsAt: 200, revealEndsAt: 300 } as const;
const drawn = { ...jury, jurors: [1] };
const undrawn = { ...jury, jurors: [] };

test("a phase whose time is over is not told any more, whatever the server saw last", () => {
  expect(phaseText(drawn, 40)).toBe("Jurors read the evidence, 1 min left");
  expect(phaseText(drawn, 100)).toMatch(/^Votes are sealed and handed over, /);
  expect(phaseText(drawn, 250)).toMatch(/^Votes are opened, 50 s left/);
  expect(phaseText(drawn, 300)).toBe("Over: the result is being counted");
  expect(phaseText({ ...drawn, phase: "ended" }, 300)).toBe("Decided");
});

test("nobody reads or votes before somebody is drawn", () => {
  expect(phaseText(undrawn, 50)).toMatch(/^Evidence is gathered, and jurors are to be drawn, /);
  expect(phaseText(undrawn, 150)).toMatch(/^Time to vote, and nobody is drawn yet, /);
  expect(phaseText(undrawn, 250)).toMatch(/^Nobody was drawn in time to vote, /);
});
