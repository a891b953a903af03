import { expect, test } from "vitest";
import { asBrought, isDue } from "./due.ts";
import { type Leg, NO_RESULT, NOBODY, STANDALONE } from "./index.ts";

const leg = (over: Partial<Leg> = {}): Leg => ({
  ...STANDALONE,
  chainId: 1,
  kind: "shared",
  target: NOBODY,
  value: 0n,
  gasLimit: 50_000,
  data: `0x${"00".repeat(36)}`,
  salt: NO_RESULT,
  ...over,
});
const at = (outcome: "none" | "open" | "committed" | "aborted", ...states: string[]) => ({
  outcome,
  shown: states.map((state) => ({ state })),
});

test("a leg is due once, while its bundle is open", () => {
  expect(isDue(at("none", "none"), 0, leg())).toBe(true);
  expect(isDue(at("open", "none"), 0, leg())).toBe(true);
  for (const state of ["ok", "failed", "cancelled", "held"])
    expect(isDue(at("open", state), 0, leg())).toBe(false);
  for (const outcome of ["committed", "aborted"] as const)
    expect(isDue(at(outcome, "none"), 0, leg())).toBe(false);
});

test.each([
  [{ needsOk: [0] }, ["ok"]],
  [{ needsFailed: [0] }, ["failed"]],
  [{ needsSettled: [0] }, ["ok", "failed"]],
])("%o waits until it has come about", (over, right) => {
  const due = ["none", "ok", "failed"].filter((state) => isDue(at("open", state, "none"), 1, leg(over)));
  expect(due).toEqual(right);
});

test("a compensation is due when its bundle was given up and what it undoes ran", () => {
  const undo = leg({ undoes: 0 });
  expect(isDue(at("open", "ok", "none"), 1, undo)).toBe(false);
  expect(isDue(at("aborted", "failed", "none"), 1, undo)).toBe(false);
  expect(isDue(at("aborted", "ok", "none"), 1, undo)).toBe(true);
});

test("what undoes a leg that does nothing runs instead of the one that failed, or was missed, and not of one that ran", () => {
  const instead = leg({ undoes: 0, needsSettled: [1] });
  for (const state of ["failed", "missed", "cancelled"])
    expect(isDue(at("aborted", "ok", state, "none"), 2, instead)).toBe(true);
  expect(isDue(at("open", "ok", "failed", "none"), 2, instead)).toBe(false);
  expect(isDue(at("aborted", "ok", "none", "none"), 2, instead)).toBe(false);
  expect(isDue(at("committed", "ok", "ok", "none"), 2, instead)).toBe(false);
});

test("it is brought with what others returned in it, or not at all", () => {
  const word = "ab".repeat(32);
  const taking = leg({ needsOk: [0], splices: [{ from: 0, source: 0, length: 32, target: 4 }] });
  const shown = [{ state: "ok", returned: `0x${word}` }, { state: "none" }];
  expect(asBrought({ shown }, taking)).toEqual(leg({ data: `0x00000000${word}` }));
  expect(asBrought({ shown: [{ state: "ok", returned: null }] }, taking)).toBe(null);
});
