import type { Chain } from "@sooth/chain";
import { expect, onTestFinished, test } from "vitest";
import { addresses, asked, boolSchema, OPENS } from "../../../test/people.ts";
import { type Behaviour, startSources } from "../../../test/sources.ts";
import { encodeAnswerWord, TOO_EARLY } from "../../core/index.ts";
import { judge } from "./judge.ts";
import { openSights } from "./sights.ts";

const ZERO = `0x${"00".repeat(32)}` as const;
const DISPUTE = `0x${"d1".repeat(32)}` as const;
const MOVING = "now";
const NAMED = "{observeAt}";
const [YES, NO] = [1n, 0n];

const getBlock = async () => ({ timestamp: BigInt(OPENS + 86_400) });
/** The vote of a juror on an answer of round 1 that says Yes, a day later. */
async function vote(o: {
  url: string;
  /** What the source says by now. */
  source: Behaviour;
  /** What this node saw then, of which round. */
  saw?: { value: bigint; round: number };
  claim?: bigint;
  /** Disputes that the answer came out of. */
  disputes?: number;
}): Promise<number | null> {
  const sources = await startSources(["a"]);
  onTestFinished(() => sources.stop());
  sources.set(o.source);
  const url = `${sources.origin}/a/${o.url}`;
  const question = {
    ...asked(boolSchema({ sources: [{ name: "a", url, path: "0.4", unit: "USD" }] })),
    fault: null,
    clarifications: [],
  };
  const sights = await openSights({ file: undefined, domain: "d" });
  if (o.saw) {
    const common = { question: question.id, at: OPENS, reason: "", sources: [], clarified: null };
    await sights.keep({
      ...common,
      round: o.saw.round,
      value: String(o.saw.value),
      askAt: OPENS,
      reward: "0",
    });
  }
  const answer = {
    state: "answered",
    value: YES,
    finalizeAt: OPENS + 60,
    confidence: 7_500,
    seats: 7n,
    epoch: 1,
    round: 1,
    rewardSettled: false,
    disputes: o.disputes ?? 0,
  } as const;
  const claim = o.claim ?? NO;
  const dispute = {
    question: question.id,
    answer: encodeAnswerWord(answer),
    root: ZERO,
    disputer: addresses.markets,
    claim,
    claimRoot: ZERO,
    deposit: 1n,
    at: OPENS + 20,
  };
  return judge(
    {
      hub: { client: { getBlock } } as unknown as Chain,
      view: {
        disputes: new Map([[DISPUTE, { id: DISPUTE, dispute }]]),
        questionOf: async () => question,
      },
      sights,
      reading: { allowedOrigins: [sources.origin], retries: 0, signal: new AbortController().signal },
    },
    { about: { dispute: DISPUTE, claim } },
  );
}
const [ABOVE, BELOW] = [{ close: "2400" }, { close: "2200" }];

test("a juror votes what he saw then, whatever the source says by now", async () => {
  for (const url of [MOVING, NAMED]) {
    expect(await vote({ url, source: BELOW, saw: { value: YES, round: 1 } })).toBe(1);
    expect(await vote({ url, source: ABOVE, saw: { value: NO, round: 1 } })).toBe(2);
    expect(await vote({ url, source: "down", saw: { value: YES, round: 1 } })).toBe(1);
  }
});

test("who saw nothing then has no vote against the answer where the source moves, and one for it", async () => {
  expect(await vote({ url: MOVING, source: BELOW })).toBeNull();
  expect(await vote({ url: MOVING, source: ABOVE })).toBe(1);
  expect(await vote({ url: MOVING, source: "silent", claim: TOO_EARLY })).toBeNull();
});

test("who saw nothing then reads now where the source names the moment", async () => {
  expect(await vote({ url: NAMED, source: BELOW })).toBe(2);
  expect(await vote({ url: NAMED, source: ABOVE })).toBe(1);
  expect(await vote({ url: NAMED, source: "silent", claim: TOO_EARLY })).toBe(2);
  expect(await vote({ url: NAMED, source: "down" })).toBeNull();
});

test("a correction is judged by what was seen of what it corrects: nobody looks in its round", async () => {
  const corrected = { url: MOVING, disputes: 1, saw: { value: NO, round: 0 } };
  expect(await vote({ ...corrected, source: ABOVE })).toBe(2);
  expect(await vote({ ...corrected, source: ABOVE, saw: { value: YES, round: 1 } })).toBe(1);
});

test("what was seen in another round is no sight of this answer", async () => {
  expect(await vote({ url: MOVING, source: BELOW, saw: { value: NO, round: 0 } })).toBeNull();
});
