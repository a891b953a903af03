import type { Address, Amount } from "@sooth/kernel";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Label, rejected } from "./label.ts";
import { type FamilyLabels, type OpinionStake, scoreOpinions } from "./score.ts";

const owner = (index: number): Address => `0x${index.toString(16).padStart(40, "0")}`;
const stake = (index: number, staked: bigint): OpinionStake => ({
  owner: owner(index),
  staked: staked as Amount,
});
const label = (stance: number, quality: number): Label => ({
  stance,
  quality,
  parts: { clarity: 0, insight: 0, reasoning: 0, originality: 0 },
  rejection: null,
});
const family = (name: string, ...labels: (Label | null)[]): FamilyLabels => ({ family: name, labels });

/** Ten people with equal stakes: nobody holds more than a fifth. */
const crowd = Array.from({ length: 10 }, (_, index) => stake(index, 100n));
const all = (stance: number, quality = 50): Label[] => crowd.map(() => label(stance, quality));

describe("a score", () => {
  test("is the mean of stances, weighted with stake and quality", () => {
    const scoring = scoreOpinions(
      [stake(1, 300n), stake(2, 100n)],
      [
        family("a", label(10_000, 50), label(-10_000, 50)),
        family("b", label(10_000, 10), label(-10_000, 30)),
      ],
    );
    // a: 15_000 of 20_000; b: 3_000 of 6_000. Middle of 7_500 and 5_000 is 6_250.
    expect(scoring).toMatchObject({ kind: "scored", score: 63, spreadBps: 2_500 });
  });
  test("rounds half up, to a ten-thousandth and then to a hundredth", () => {
    const scored = scoreOpinions(crowd, [family("a", ...all(-9_900)), family("b", ...all(-9_900))]);
    expect(scored).toMatchObject({ score: 1, families: [{ scoreBps: 50 }, { scoreBps: 50 }] });
    expect(scoreOpinions(crowd, [family("a", ...all(-9_902))])).toMatchObject({ score: 0 });
    expect(scoreOpinions(crowd, [family("a", ...all(-9_901))])).toMatchObject({
      families: [{ scoreBps: 50 }],
    });
  });
  test("reaches both ends", () => {
    expect(scoreOpinions(crowd, [family("a", ...all(10_000))])).toMatchObject({ score: 100 });
    expect(scoreOpinions(crowd, [family("a", ...all(-10_000))])).toMatchObject({ score: 0 });
  });
});

describe("confidence", () => {
  test("is whole when two families agree on a crowd", () => {
    expect(scoreOpinions(crowd, [family("a", ...all(4_000)), family("b", ...all(4_000))])).toMatchObject({
      score: 70,
      confidence: 10_000,
    });
  });
  test("is at most half with one family, as when the other's vendor is down", () => {
    const one = scoreOpinions(crowd, [family("a", ...all(4_000)), family("b", ...crowd.map(() => null))]);
    expect(one).toMatchObject({ score: 70, confidence: 5_000 });
  });
  test("falls with twice the spread", () => {
    const spread = scoreOpinions(crowd, [family("a", ...all(4_000)), family("b", ...all(2_000))]);
    expect(spread).toMatchObject({ score: 65, spreadBps: 1_000, confidence: 8_000 });
    const apart = scoreOpinions(crowd, [family("a", ...all(10_000)), family("b", ...all(-10_000))]);
    expect(apart).toMatchObject({ confidence: 0 });
  });
  test("falls with stake that was rejected or not labelled, by the worse family", () => {
    const few = [...all(4_000).slice(2), rejected("too_short"), null];
    expect(scoreOpinions(crowd, [family("a", ...few), family("b", ...all(4_000))])).toMatchObject({
      confidence: 8_000,
    });
  });
  test("falls with what one owner holds above a fifth, however often he stakes", () => {
    const split = [stake(1, 250n), stake(1, 250n), ...crowd.slice(2, 7)];
    const labels = split.map(() => label(4_000, 50));
    expect(scoreOpinions(split, [family("a", ...labels), family("b", ...labels)])).toMatchObject({
      confidence: 7_000,
    });
  });
});

describe("there is no score, and no 50,", () => {
  test.each<[string, OpinionStake[], FamilyLabels[], string]>([
    ["without opinions", [], [family("a")], "no_stake"],
    ["without stake", [stake(1, 0n)], [family("a", label(0, 50))], "no_stake"],
    ["without families", crowd, [], "no_labels"],
    ["when every vendor is down", crowd, [family("a", ...crowd.map(() => null))], "no_labels"],
    ["when all is rejected", crowd, [family("a", ...crowd.map(() => rejected("empty")))], "nothing_kept"],
    ["when nothing has any quality", crowd, [family("a", ...all(5_000, 0))], "no_quality"],
  ])("%s", (_, stakes, families, reason) => {
    expect(scoreOpinions(stakes, families)).toEqual({ kind: "unscored", reason });
  });
});

test("refuses labels that do not fit", () => {
  expect(() => scoreOpinions(crowd, [family("a", label(0, 1))])).toThrow("1 labels for 10 opinions");
  expect(() => scoreOpinions([], [family("a"), family("a")])).toThrow("named twice");
});

const anyLabel = fc.record({
  stance: fc.integer({ min: -10_000, max: 10_000 }),
  quality: fc.integer({ min: 0, max: 100 }),
});
const anyMarket = fc
  .array(
    fc.record({ staked: fc.bigInt({ min: 1n, max: 10n ** 30n }), a: anyLabel, b: anyLabel, c: anyLabel }),
    {
      minLength: 1,
      maxLength: 20,
    },
  )
  .map((rows) => ({
    stakes: rows.map(({ staked }, index) => stake(index, staked)),
    labels: (["a", "b", "c"] as const).map((name) =>
      rows.map((row) => label(row[name].stance, row[name].quality)),
    ),
  }));

describe("for any labels and stakes", () => {
  test("score and confidence are whole and within bounds, and do not hang on the order of families", () =>
    fc.assert(
      fc.property(anyMarket, ({ stakes, labels }) => {
        const families = labels.map((one, index) => family(`${index}`, ...one));
        const scoring = scoreOpinions(stakes, families);
        fc.pre(scoring.kind === "scored");
        expect(Number.isInteger(scoring.score) && scoring.score >= 0 && scoring.score <= 100).toBe(true);
        expect(Number.isInteger(scoring.confidence)).toBe(true);
        expect(scoring.confidence >= 0 && scoring.confidence <= 10_000).toBe(true);
        const other = scoreOpinions(stakes, families.toReversed());
        expect(other).toMatchObject({ score: scoring.score, confidence: scoring.confidence });
      }),
    ));
  test("one bought family of three leaves the score between the other two", () =>
    fc.assert(
      fc.property(
        anyMarket,
        fc.integer({ min: -10_000, max: 10_000 }),
        ({ stakes, labels: [a = [], b = []] }, bought) => {
          const honest = scoreOpinions(stakes, [family("a", ...a), family("b", ...b)]);
          const lie = family("c", ...stakes.map(() => label(bought, 100)));
          const scoring = scoreOpinions(stakes, [family("a", ...a), family("b", ...b), lie]);
          fc.pre(honest.kind === "scored" && honest.families.length === 2 && scoring.kind === "scored");
          const bounds = honest.families.map(({ scoreBps }) => scoreBps);
          expect(scoring.score).toBeGreaterThanOrEqual(Math.floor((Math.min(...bounds) + 50) / 100));
          expect(scoring.score).toBeLessThanOrEqual(Math.floor((Math.max(...bounds) + 50) / 100));
          expect(scoring.confidence).toBeLessThanOrEqual(honest.confidence);
        },
      ),
    ));
  test("more support never lowers the score", () =>
    fc.assert(
      fc.property(anyMarket, fc.nat(), ({ stakes, labels: [a = []] }, pick) => {
        const raised = a.map((one, index) => (index === pick % a.length ? { ...one, stance: 10_000 } : one));
        const [before, after] = [
          scoreOpinions(stakes, [family("a", ...a)]),
          scoreOpinions(stakes, [family("a", ...raised)]),
        ];
        fc.pre(before.kind === "scored" && after.kind === "scored");
        expect(after.score).toBeGreaterThanOrEqual(before.score);
      }),
    ));
  test("one label moves a family's score by no more than its share of stake × quality", () =>
    fc.assert(
      fc.property(anyMarket, fc.nat(), ({ stakes, labels: [a = []] }, pick) => {
        const at = pick % a.length;
        const without = a.map((one, index) => (index === at ? rejected("addresses_analyst") : one));
        const [before, after] = [
          scoreOpinions(stakes, [family("a", ...a)]),
          scoreOpinions(stakes, [family("a", ...without)]),
        ];
        fc.pre(before.kind === "scored" && after.kind === "scored");
        const weights = a.map((one, index) => (stakes[index]?.staked ?? 0n) * BigInt(one.quality));
        const total = weights.reduce((sum, weight) => sum + weight, 0n);
        const share = Number(((weights[at] ?? 0n) * 10_000n) / total);
        const moved = Math.abs((before.families[0]?.scoreBps ?? 0) - (after.families[0]?.scoreBps ?? 0));
        expect(moved).toBeLessThanOrEqual(share + 2);
      }),
    ));
});
