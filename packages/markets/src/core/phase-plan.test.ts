import { expect, test } from "vitest";
import { type ClaimState, keyOfAttempt } from "./claim-plan.ts";
import { PHASE_ATTEMPTS, type PhaseFailures, planPhase } from "./phase-plan.ts";

const KEY = "opinions:score:0x01";

const retried = (known: PhaseFailures | undefined): PhaseFailures | undefined =>
  known && { ...known, giveUpAt: known.failures + PHASE_ATTEMPTS, againBlock: 0, againAt: null };

/** The blocks in which a phase is sent, of those up to `until`, a second apart; `fails`: which attempts fail, in the block after. */
function sentIn(until: number, fails: (attempt: number) => boolean, retryIn?: number): number[] {
  const states = new Map<string, ClaimState>();
  let known: PhaseFailures | undefined;
  const [blocks, keys]: [number[], string[]] = [[], []];
  for (let number = 1; number <= until; number++) {
    if (number === retryIn) known = retried(known);
    const plan = planPhase(KEY, (key) => states.get(key) ?? "unknown", { number, timestamp: number }, known);
    known = plan.failed ?? known;
    if (plan.send !== null) {
      blocks.push(number);
      keys.push(plan.send);
      states.set(plan.send, fails(blocks.length) ? "failed" : "mined");
    }
  }
  expect(keys).toEqual(keys.map((_, index) => keyOfAttempt(KEY, index + 1)));
  return blocks;
}

test("a phase that succeeds is sent once", () => {
  expect(sentIn(10_000, () => false)).toEqual([1]);
});

test("one that heals is tried 4 and then 16 blocks after it was seen to fail, and no more", () => {
  expect(sentIn(10_000, (attempt) => attempt <= 2)).toEqual([1, 6, 23]);
});

test("one that reverts for ever is given up after three, and tried once an hour", () => {
  expect(sentIn(24 + 3_599, () => true)).toEqual([1, 6, 23]);
  expect(sentIn(24 + 7_300, () => true)).toEqual([1, 6, 23, 3_624, 7_225]);
});

test("a person has it tried three times more, beginning at once", () => {
  expect(sentIn(3_000, () => true, 100)).toEqual([1, 6, 23, 100, 105, 122]);
  expect(sentIn(3_000, (attempt) => attempt <= 3, 100)).toEqual([1, 6, 23, 100]);
});

test("nothing is sent while one is under way, or after its failures were seen by another machine", () => {
  const head = { number: 50, timestamp: 50 };
  const waiting = (key: string): ClaimState => (key === `${KEY}:2` ? "waiting" : "failed");
  const known = { failures: 1, giveUpAt: 3, againBlock: 10, againAt: null };
  expect(planPhase(KEY, waiting, head, known)).toEqual({ send: null, failed: null });
  const failedTwice = (key: string): ClaimState => (key === `${KEY}:3` ? "unknown" : "failed");
  expect(planPhase(KEY, failedTwice, head, known)).toEqual({
    send: null,
    failed: { failures: 2, giveUpAt: 3, againBlock: 66, againAt: null },
  });
});
