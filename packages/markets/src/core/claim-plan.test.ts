import { expect, test } from "vitest";
import {
  ATTEMPTS,
  type Claimable,
  CLAIMS_EACH,
  claimKey,
  type ClaimState,
  nextAttempt,
  planClaims,
} from "./claim-plan.ts";

const market = `0x${"33".repeat(32)}` as const;
const someone = (index: number): Claimable => ({
  owner: `0x${(index + 1).toString(16).padStart(40, "0")}`,
  outcome: index % 2,
  claimed: false,
});
const people = Array.from({ length: CLAIMS_EACH + 5 }, (_, index) => someone(index));
const states = (known: Record<string, ClaimState>) => (key: string) => known[key] ?? "unknown";

test("everybody is in exactly one transaction, and none holds too many", () => {
  const { send, stuck } = planClaims(market, people, states({}), false);
  expect(send.map(({ positions }) => positions.length)).toEqual([CLAIMS_EACH, 5]);
  expect(send.flatMap(({ positions }) => positions)).toEqual(people);
  expect(stuck).toEqual([]);
});

test("only what was never in one that failed is a first attempt", () => {
  const firsts = (known: Record<string, ClaimState>, again = false) =>
    planClaims(market, people, states(known), again).send.map(({ isFirst }) => isFirst);
  expect(firsts({})).toEqual([true, true]);
  const [batch, rest] = planClaims(market, people, states({}), false).send;
  const failed = { [batch?.key ?? ""]: "failed" } as const;
  expect(firsts(failed)).toEqual([false, false, true]);
  expect(firsts({ ...failed, [rest?.key ?? ""]: "mined" })).toEqual([false, false]);
  const one = people.slice(0, 1);
  const alone = (known: Record<string, ClaimState>) => planClaims(market, one, states(known), true).send;
  expect(alone({})[0]?.isFirst).toBe(true);
  expect(alone({ [claimKey(market, one)]: "failed" })[0]?.isFirst).toBe(false);
});

test("what is on its way or mined is not sent again", () => {
  const { send } = planClaims(market, people, states({}), false);
  for (const state of ["waiting", "mined"] as const)
    expect(
      planClaims(market, people, states(Object.fromEntries(send.map(({ key }) => [key, state]))), false).send,
    ).toEqual([]);
});

test("more attempts may be granted, to one payment alone", () => {
  const one = someone(0);
  const key = claimKey(market, [one]);
  const failed = states(
    Object.fromEntries(
      Array.from({ length: ATTEMPTS }, (_, index) => [index === 0 ? key : `${key}:${index + 1}`, "failed"]),
    ),
  );
  expect(nextAttempt(key, failed, true)).toEqual({ next: "give_up" });
  expect(nextAttempt(key, failed, true, ATTEMPTS + 1)).toEqual({
    next: "send",
    key: `${key}:${ATTEMPTS + 1}`,
  });
  expect(nextAttempt(key, failed, false, ATTEMPTS + 1)).toEqual({ next: "rest" });
  const granted = (of: string) => (of === key ? ATTEMPTS + 1 : ATTEMPTS);
  expect(planClaims(market, [one], failed, true).stuck).toEqual([one]);
  expect(planClaims(market, [one], failed, true, granted).send).toEqual([
    { key: `${key}:${ATTEMPTS + 1}`, positions: [one], isFirst: false },
  ]);
});

test("a batch stays the same while its members claim by themselves, and ends when all have", () => {
  const [first] = planClaims(market, people, states({}), false).send;
  const some = people.map((person, index) => Object.assign({}, person, { claimed: index < 3 }));
  expect(planClaims(market, some, states({}), false).send[0]?.key).toBe(first?.key);
  const all = people.map((person) => Object.assign({}, person, { claimed: true }));
  expect(planClaims(market, all, states({}), false).send).toEqual([]);
});

test("one position that cannot be paid is cut out, all others are paid", () => {
  const poisoned = people[13];
  if (!poisoned) throw new Error("thirteen people");
  const known = new Map<string, ClaimState>();
  const paid = new Set<Claimable>();
  for (let round = 0; round < 20; round++) {
    const { send } = planClaims(market, people, (key) => known.get(key) ?? "unknown", false);
    for (const { key, positions } of send) {
      const fails = positions.includes(poisoned);
      known.set(key, fails ? "failed" : "mined");
      if (!fails) for (const position of positions) paid.add(position);
    }
  }
  const end = (again: boolean) => planClaims(market, people, (key) => known.get(key) ?? "unknown", again);
  expect(end(false)).toEqual({ send: [], resting: [poisoned], stuck: [] });
  expect(paid.size).toBe(people.length - 1);
  // After each rest once more, until it is plain that time does not mend it.
  for (let attempt = 2; attempt <= ATTEMPTS; attempt++) {
    const { send, resting, stuck } = end(true);
    expect([send.map(({ positions }) => positions), resting, stuck]).toEqual([[[poisoned]], [], []]);
    for (const { key } of send) known.set(key, "failed");
  }
  for (const again of [false, true]) expect(end(again)).toEqual({ send: [], resting: [], stuck: [poisoned] });
});

test("an attempt that is on its way, or done, has no other beside it", () => {
  for (const state of ["waiting", "mined"] as const)
    expect(nextAttempt("fee", states({ fee: "failed", "fee:2": state }), true)).toEqual({ next: "wait" });
  expect(nextAttempt("fee", states({ fee: "failed" }), true)).toEqual({ next: "send", key: "fee:2" });
});

test("the key names the market and every position", () => {
  const keys = [
    claimKey(market, people),
    claimKey(market, people.slice(1)),
    claimKey(market, people.toReversed()),
    claimKey(`0x${"44".repeat(32)}`, people),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});
