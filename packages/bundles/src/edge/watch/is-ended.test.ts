import { expect, test } from "vitest";
import type { Bundle } from "../../core/index.ts";
import { isEnded, isEndedUnknown, type Standing } from "./is-ended.ts";

const DEADLINE = 1_000_000;
const DAY = 86_400;
type State = Standing["shown"][number]["state"];
const standing = (o: {
  mode?: Bundle["mode"];
  hub?: Partial<Standing["hub"]>;
  legs: readonly State[];
}): Standing => ({
  bundle: { mode: o.mode ?? "ordered", deadline: DEADLINE } as Bundle,
  hub: { base: 7n, outcome: "open", fee: 0n, settled: false, ...o.hub },
  shown: o.legs.map((state) => ({ state })),
});
const ESCAPE = 36 * 3_600;
const [BEFORE, OVERDUE, LATE] = [DEADLINE - 1, DEADLINE + 3_601, DEADLINE + 14 * DAY + 1];
const committed = { outcome: "committed" } as const;
const aborted = { outcome: "aborted" } as const;

test.each<[string, Standing, boolean[]]>([
  // At a time before the deadline, an hour behind it, and two weeks behind it.
  ["free and committed", standing({ hub: committed, legs: ["ok", "none"] }), [true, true, true]],
  [
    "with a fee that nobody claims",
    standing({ hub: { ...committed, fee: 1n }, legs: ["ok"] }),
    [false, false, true],
  ],
  ["paid", standing({ hub: { ...committed, fee: 1n, settled: true }, legs: ["ok"] }), [true, true, true]],
  [
    "aborted, with a compensation that is due",
    standing({ hub: aborted, legs: ["ok", "failed", "none"] }),
    [false, false, false],
  ],
  [
    "reclaimed, with one that is due",
    standing({ hub: { ...aborted, settled: true }, legs: ["ok", "none"] }),
    [false, false, false],
  ],
  ["aborted and undone", standing({ hub: aborted, legs: ["ok", "failed", "ok"] }), [true, true, true]],
  ["open, and nothing ran", standing({ legs: ["none", "none"] }), [false, false, true]],
  ["open, and something ran", standing({ legs: ["ok", "none"] }), [false, false, false]],
  [
    "held, and decided",
    standing({ mode: "escrowed", hub: committed, legs: ["ok", "held"] }),
    [false, false, false],
  ],
  [
    "aborted, and not held yet",
    standing({ mode: "escrowed", hub: aborted, legs: ["cancelled", "none"] }),
    [false, true, true],
  ],
  [
    "held by nobody, and never decided",
    standing({ mode: "escrowed", legs: ["taken_back", "none"] }),
    [false, false, true],
  ],
  ["never opened", standing({ hub: { base: null, outcome: "none" }, legs: ["none"] }), [false, true, true]],
])("%s", (_, view, expected) => {
  expect([BEFORE, OVERDUE, LATE].map((now) => isEnded(view, now, ESCAPE))).toEqual(expected);
});

const unopened = { base: null, outcome: "none" } as const;
const held = (hub: Partial<Standing["hub"]>) => standing({ mode: "escrowed", hub, legs: ["held"] });
test.each<[string, Partial<Standing["hub"]>, boolean[]]>([
  // A day behind the escape, a moment later, and when fees are claimed no more.
  ["of one that nobody opened", unopened, [false, true, true]],
  ["of one that was aborted", aborted, [false, true, true]],
  ["of one that nobody decided", {}, [false, false, true]],
  ["of one that was committed, which is owed to others", committed, [false, false, false]],
])("what is held is remembered until payers take it back by themselves: %s", (_, hub, expected) => {
  const free = DEADLINE + ESCAPE + DAY;
  expect([free, free + 1, LATE].map((now) => isEnded(held(hub), now, ESCAPE))).toEqual(expected);
  expect(isEnded(held(hub), LATE, null)).toBe(false);
});

test("of a header that nobody told the deadline is as late as an escrow allows", () => {
  const newest = 5_000_000;
  const free = newest + 7 * DAY + ESCAPE + DAY;
  expect([free, free + 1].map((now) => isEndedUnknown(newest, now, ESCAPE))).toEqual([false, true]);
  expect(isEndedUnknown(newest, Number.MAX_SAFE_INTEGER, null)).toBe(false);
});
