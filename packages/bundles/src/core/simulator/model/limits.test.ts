import { expect, test } from "vitest";
import { need } from "@sooth/kernel";
import { withLimits } from "../limited.ts";
import { planOf } from "../plan.ts";
import {
  ALL_RULES,
  apply,
  type Bounds,
  type Call,
  GENESIS,
  type Known,
  type Setting,
  type State,
} from "./index.ts";

// As the contract has them: an hour, and a half hour in which a lane rests.
const [HERE, THERE] = [10, 20];
const bounds: Bounds = {
  window: 3_600,
  spell: 1_800,
  limits: new Map([[HERE, [{ token: null, other: THERE, most: 1_000n, from: 0 }]]]),
};
const setting: Setting = {
  quorum: 0,
  times: { grace: 0, escape: 0 },
  succeeds: () => true,
  authorised: () => true,
  bounds,
  rules: ALL_RULES,
};
const by = `0x${"11".repeat(20)}` as const;

/** A bundle with a leg here, of so many units, and one there. */
function bundleOf(value: bigint, salt: number): Known {
  const limits = [{ chainId: HERE, other: THERE, most: value, token: null, from: 0 }];
  for (let seed = salt * 1_000; ; seed++) {
    const { bundles } = withLimits(planOf(seed, false, { limits: [] }), { limits });
    const found = bundles.find(
      ({ toldTo, known }) => toldTo?.includes("borrower") && known.legs[0]?.value === value,
    );
    if (found) return { ...found.known, bundle: { ...found.known.bundle, deadline: 1_000_000 } };
  }
}

const call = (
  bundle: Known,
  what: "prepare" | "finish" | "borrow",
  outcome = "committed" as "committed" | "aborted",
): Call => ({
  bundle,
  by,
  evidence: [
    {
      fact: { kind: "decision", id: bundle.id, base: 1n, outcome },
      signers: 0,
      validUntil: Number.MAX_SAFE_INTEGER,
    },
  ],
  to: "escrow",
  do: what,
  leg: 0,
});

/** Plays calls at their seconds, and says what was refused, or "". */
function play(calls: readonly (readonly [number, Call])[], start: State = GENESIS): string[] {
  let state = start;
  return calls.map(([now, one]) => {
    const done = apply(state, one, { chainId: HERE, now, height: 1, paused: false }, setting);
    if ("refused" in done) return done.refused;
    ({ state } = done);
    return "";
  });
}

const [half, most, third] = [bundleOf(500n, 1), bundleOf(1_000n, 2), bundleOf(334n, 3)];

test("a limit drains evenly in its window, and what leaves gives no room back", () => {
  expect(
    play([
      [0, call(most, "prepare")],
      [10, call(most, "finish")],
      [1_799, call(half, "prepare")],
      [1_800, call(half, "prepare")],
      [1_801, call(third, "prepare")],
    ]),
  ).toEqual(["", "", "over a limit", "", "over a limit"]);
});

test("a lane on which more came back than was paid rests to the end of the spell", () => {
  expect(
    play([
      [1_800, call(half, "prepare")],
      [1_900, call(half, "finish", "aborted")],
      [3_599, call(third, "prepare")],
      [3_600, call(third, "prepare")],
    ]),
  ).toEqual(["", "", "its lane rests", ""]);
});

test("what is paid weighs against what is given back", () => {
  const other = bundleOf(500n, 5);
  const [payment, refund] = [call(half, "finish"), call(other, "finish", "aborted")];
  const both = [
    [0, call(half, "prepare")],
    [1, call(other, "prepare")],
  ] as const;
  const next = [700, call(bundleOf(166n, 4), "prepare")] as const;
  expect(play([...both, [2, payment], [3, refund], next])).toEqual(["", "", "", "", ""]);
  expect(play([...both, [3, refund], next])).toEqual(["", "", "", "its lane rests"]);
});

test("what counts does not leave in the transaction that held it; elsewhere it may", () => {
  expect(play([[5, call(third, "borrow", "aborted")]])).toEqual(["just held"]);
  const [there] = [need(third.legs[1], "leg")];
  const free = { ...third, legs: [{ ...need(third.legs[0], "leg"), chainId: THERE }, there] };
  const done = apply(
    GENESIS,
    call(free, "borrow", "aborted"),
    { chainId: THERE, now: 5, height: 1, paused: false },
    setting,
  );
  expect("state" in done && done.state.held.get(`${third.id} 0`)?.state).toBe("returned");
});
