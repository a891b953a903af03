import { type Address, type Amount, at, type Bps } from "@sooth/kernel";
import { describe, expect, test } from "vitest";
import type { Label } from "../analyst/label.ts";
import { scoreOpinions } from "../analyst/score.ts";
import { shareOf, tally, totalsOf } from "../rules/bands.ts";

/**
 * Somebody who brings much of a market's stake, has the loudest text, and stands where the score will come to lie once it counts. The
 * score is a mean by stake, so he moves it; these are what that gets him and what holds him.
 */

const DOLLAR = 1_000_000n;
const HONEST = 20;
const EACH = 10n * DOLLAR;
const FEE_BPS = 250n;
/** All prizes are drawn by weight: what one may expect of them is as if they were shared. */
const rule = "fourth";
const owner = (index: number): Address => `0x${index.toString(16).padStart(40, "0")}`;
const label = (stance: number): Label => ({
  stance,
  quality: 50,
  parts: { clarity: 0, insight: 0, reasoning: 0, originality: 0 },
  rejection: null,
});

/** Twenty honest people stand at 60 and mean it; the whale has `percent` of all stake, in so many hands. */
function market(percent: bigint, hands: number) {
  const staked = (BigInt(HONEST) * EACH * percent) / (100n - percent) / BigInt(hands);
  const honest = Array.from({ length: HONEST }, (_, i) => ({ owner: owner(i + 1), staked: EACH as Amount }));
  const his = Array.from({ length: hands }, (_, i) => ({
    owner: owner(1_000 + i),
    staked: staked as Amount,
  }));
  const labels = [...honest.map(() => label(2_000)), ...his.map(() => label(10_000))];
  const families = ["a", "b"].map((family) => ({ family, labels }));
  const scored = scoreOpinions([...honest, ...his], families);
  if (scored.kind !== "scored") throw new Error(scored.reason);
  return { scored, honest, his };
}

/** What he gets of each unit that he staked, in basis points, when he stands as near to the score as bands allow. */
function gets(percent: bigint, hands: number, copies = 0): number {
  const { scored, honest, his } = market(percent, hands);
  const band = Math.round(scored.score / 5);
  const opinions = [
    // The first of the honest see where he stands, while stances are open, and stand there too.
    ...honest.map(({ staked }, i) => ({ band: i < copies ? band : 12, amount: staked })),
    ...his.map(({ staked }) => ({ band, amount: staked })),
  ];
  const ended = tally(totalsOf(opinions), scored.score, rule);
  const net = (ended.total - (ended.total * FEE_BPS) / 10_000n) as Amount;
  const one = at(his, 0).staked;
  return Number((shareOf(net, { band, amount: one }, rule, ended) * 10_000n) / one);
}

describe("a whale", () => {
  test("moves the score by his share of the way, and no further", () => {
    const moved = [5n, 10n, 20n, 50n].map((percent) => market(percent, 1).scored.score);
    // From 60 towards 100.
    expect(moved).toEqual([62, 64, 68, 80]);
  });

  test("with a twentieth of the stake pays for it, with more he gains from those who did not see him", () => {
    expect([5n, 10n, 20n, 50n].map((percent) => gets(percent, 1))).toEqual([9_749, 10_884, 11_870, 13_833]);
  });

  test("gains ever less as others come to stand where he does", () => {
    const by = [0, 5, 10, 20].map((copies) => gets(20n, 1, copies));
    expect(by).toEqual(by.toSorted((a, b) => b - a));
    expect(at(by, 3)).toBe(9_750);
  });

  test("in one hand lowers confidence by what he holds above a fifth: where more is wanted, all is void", () => {
    const sure = [20n, 30n, 50n].map((percent) => Number(market(percent, 1).scored.confidence));
    expect(sure).toEqual([10_000, 9_001, 7_000]);
  });

  // What one person is, no chain tells. SECURITY.md names it among the holes that are not closed.
  test("in twenty hands is not seen", () => {
    expect(market(50n, 20).scored).toMatchObject({ score: 80, confidence: 10_000 as Bps });
    expect(gets(50n, 20)).toBe(13_833);
  });
});
