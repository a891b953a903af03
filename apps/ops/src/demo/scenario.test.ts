import { AppError } from "@sooth/kernel";
import { type DayPrice, parsePrices, priceText } from "@sooth/server/simulators";
import { expect, test } from "vitest";
import { readPrices, wildestDays } from "./prices.ts";
import { seededRandom } from "./random.ts";
import { MARKET_KEYS, planScenario, roundPrice } from "./scenario.ts";

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
  return "no error";
};
const days = (...prices: string[]): DayPrice[] =>
  parsePrices(prices.map((price, index) => `2021-05-${String(index + 10)},${price}`).join("\n"));

test("the shipped file has sixty-two days, and its wildest week is the crash of May 2021", () => {
  const shipped = readPrices();
  expect([shipped.length, shipped[0]?.date, shipped.at(-1)?.date]).toEqual([62, "2021-04-15", "2021-06-15"]);
  expect(wildestDays(shipped).map((day) => day.date)).toEqual([
    "2021-05-15",
    "2021-05-16",
    "2021-05-17",
    "2021-05-18",
    "2021-05-19",
  ]);
});

const plan = (...prices: string[]) =>
  planScenario(days(...prices), seededRandom(1)).markets.map(({ key, expected }) => [
    key,
    expected === "refund" ? "refund" : expected.outcome,
  ]);
const stakes = (seed: number) => planScenario(wildestDays(readPrices()), seededRandom(seed)).stakes;

test("a run with a gap is not played, and neither is one of dust", () => {
  const gap = parsePrices("2021-05-01,1\n2021-05-02,9\n2021-05-04,1\n2021-05-05,9\n2021-05-06,1");
  expect(codeOf(() => wildestDays(gap))).toBe("simulator.too_few_prices");
  expect(codeOf(() => wildestDays(days("0.00000001", "1", "1", "1", "1")))).toBe("simulator.too_few_prices");
  expect(codeOf(() => wildestDays([]))).toBe("simulator.too_few_prices");
});

test("a missing price file is named", () => {
  expect(codeOf(() => readPrices("/nowhere/prices.csv"))).toBe("ops.unreadable");
});

test("five markets, in order of their ends, each closed to stakes before it can be answered", () => {
  const { markets, startsAt } = planScenario(wildestDays(readPrices()), seededRandom(1));
  expect(markets.map((market) => market.key)).toEqual(MARKET_KEYS);
  for (const market of markets) {
    expect(market.closesAt).toBeGreaterThan(startsAt);
    expect(market.closesAt).toBeLessThanOrEqual(market.opensAt);
    expect(market.deadline).toBeGreaterThan(market.opensAt);
    expect(market.cuts.length === 0 || market.cuts.length + 1 === market.outcomes.length).toBe(true);
  }
  const early = markets.find((market) => market.key === "early");
  expect(early?.endsAfter).toBe(12 * 3_600);
  expect((early?.opensAt ?? 0) % 86_400).toBe(12 * 3_600);
});

test("what must come out follows from the prices alone", () => {
  expect(plan("1000", "1000", "1000", "1000", "1000")).toEqual([
    ["rise", 1],
    ["dead", "refund"],
    ["band", 2],
    ["price", 3],
    ["early", 1],
  ]);
  expect(plan("1000", "999.99", "899.99", "1100", "999")).toEqual([
    ["rise", 0],
    ["dead", "refund"],
    ["band", 0],
    ["price", 4],
    ["early", 0],
  ]);
});

test("thresholds stay apart at every size of price", () => {
  for (let size = 0.00002; size < 1_000_000; size *= 1.37) {
    const text = size.toFixed(8);
    const { markets } = planScenario(days(text, text, text, text, text), seededRandom(1));
    expect(markets.map(({ cuts }) => new Set(cuts).size)).toEqual(markets.map(({ cuts }) => cuts.length));
  }
  expect(priceText(roundPrice(328_073_000_000n))).toBe("3300.00");
});

test("the same seed plans the same stakes, another seed others", () => {
  expect(stakes(7)).toEqual(stakes(7));
  expect(stakes(8)).not.toEqual(stakes(7));
  expect(stakes(7)).toHaveLength(90);
  expect(new Set(stakes(7).map((stake) => stake.market)).size).toBe(5);
  expect(stakes(7).filter((stake) => stake.gasless).length).toBe(36);
});
