import { at } from "@sooth/kernel";
import { expect, test } from "vitest";
import type { Discussion } from "../../bench/analyst/opinions.ts";
import { seededRandom } from "../random.ts";
import { labelledMean, planOpinions } from "./plan.ts";

const discussion = (statement: string, count: number, stance = 1): Discussion => ({
  statement,
  opinions: Array.from({ length: count }, (_, index) => ({
    text: `${statement} ${index}`,
    stance,
    quality: 0.5,
  })),
});
const plan = (discussions: readonly Discussion[], { each = 5, seed = 1 } = {}) =>
  planOpinions(discussions, { each, people: each, random: seededRandom(seed), file: "f" });

const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;

test("the same seed plans the same, another one something else", () => {
  const all = [discussion("Zoos should be closed", 30), discussion("Tea beats coffee", 4, -1)];
  expect(plan(all)).toEqual(plan(all));
  expect(plan(all)).not.toEqual(plan(all, { seed: 2 }));
});

test("nobody has two opinions in a market, and no text stands there twice", () => {
  const { markets, people } = plan([discussion("Zoos", 30), discussion("Tea", 3)], { each: 20 });
  expect(people).toBe(20);
  expect(markets.map(({ opinions }) => opinions.length)).toEqual([20, 3]);
  for (const { opinions } of markets) {
    expect(new Set(opinions.map(({ person }) => person)).size).toBe(opinions.length);
    expect(new Set(opinions.map(({ text }) => text)).size).toBe(opinions.length);
    for (const { person } of opinions) expect(person).toBeLessThan(20);
  }
});

test("who writes for a statement stakes above the middle more often than below, and within the bands", () => {
  const { markets } = plan([discussion("For", 200), discussion("Against", 200, -1)], { each: 200 });
  const bands = markets.map(({ opinions }) => opinions.map(({ band }) => band));
  for (const band of bands.flat()) expect([band >= 0, band <= 20]).toEqual([true, true]);
  expect(mean(at(bands, 0))).toBeGreaterThan(13);
  expect(mean(at(bands, 1))).toBeLessThan(7);
  expect(markets.map((market) => labelledMean(market))).toEqual([100, 0]);
});

test("whatever is played, nobody needs more than the faucet gave", () => {
  const all = Array.from({ length: 300 }, (_, index) => discussion(`Statement ${index}`, 4));
  const spent = new Map<number, bigint>();
  for (const { opinions } of plan(all, { each: 4 }).markets)
    for (const { person, amount } of opinions) {
      expect(amount).toBeGreaterThanOrEqual(1_000_000n);
      spent.set(person, (spent.get(person) ?? 0n) + amount);
    }
  for (const amount of spent.values()) expect(amount).toBeLessThanOrEqual(10_000_000_000n);
});

test("texts that no server keeps are passed over, and a file that cannot be played is refused", () => {
  const { statement, opinions } = discussion("Zoos", 2);
  const bad = [" ", "x".repeat(5_001), "half \ud800"].map((text) => ({ text, stance: 1, quality: 1 }));
  const { markets } = plan([{ statement, opinions: [...bad, ...opinions] }]);
  expect(
    at(markets, 0)
      .opinions.map(({ text }) => text)
      .toSorted(),
  ).toEqual(["Zoos 0", "Zoos 1"]);
  expect(() => plan([])).toThrow("no statement");
  expect(() => plan([discussion("Zoos", 1)])).toThrow("fewer than two");
  expect(() => plan([discussion("é".repeat(141), 3)])).toThrow("more than 280 bytes");
});
