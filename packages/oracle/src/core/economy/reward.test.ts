import { type Amount, at } from "@sooth/kernel";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bigints, vectors } from "../../../test/vectors.ts";
import { isPremium, PROVIDERS_BPS, splitReward } from "./reward.ts";

type Case = {
  reward: string;
  providersBps: number;
  reports: string[];
  premium: string[];
  shares: string[];
  toTreasury: string;
};
const file = vectors<{
  cases: Case[];
  premium: { score: number; rounds: number; least: number; premium: boolean }[];
}>("economy/reward");

test.each(file.cases)("vector: $reward for $reports", (each) => {
  // Numbers beyond 2^53 would be rounded; the one case that has them has them all alike.
  const work = each.reports.map((count, i) => ({ reports: Number(count), premium: each.premium[i] === "1" }));
  expect(splitReward(BigInt(each.reward) as Amount, each.providersBps, work)).toEqual({
    shares: bigints(each.shares),
    toTreasury: BigInt(each.toTreasury),
  });
});

test.each(file.premium)("vector: premium with $score and $rounds of $least", (each) => {
  expect(isPremium(each.score, each.rounds, each.least)).toBe(each.premium);
});

test("four fifths go to the work, twice for premium, and nothing is lost or made", () => {
  const one = { reports: 1, premium: false };
  expect(splitReward(1_000n as Amount, PROVIDERS_BPS, [one, { reports: 1, premium: true }, one])).toEqual({
    shares: [200n, 400n, 200n],
    toTreasury: 200n,
  });
  const work = fc.array(fc.record({ reports: fc.nat(1_000), premium: fc.boolean() }), { maxLength: 32 });
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 1n << 95n }), fc.nat(10_000), work, (reward, bps, drawn) => {
      const { shares, toTreasury } = splitReward(reward as Amount, bps, drawn);
      expect(shares.reduce<bigint>((sum, share) => sum + share, toTreasury)).toBe(reward);
      expect(toTreasury * 10_000n).toBeGreaterThanOrEqual(reward * BigInt(10_000 - bps));
      const points = drawn.map(({ reports, premium }) => reports * (premium ? 2 : 1));
      const overtaken = points.filter((more, i) =>
        points.some((less, j) => more >= less && at(shares, i) < at(shares, j)),
      );
      expect(overtaken).toEqual([]);
    }),
  );
});
