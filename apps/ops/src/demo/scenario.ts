import { at } from "@sooth/kernel";
import type { QuestionSchema } from "@sooth/oracle/core";
import { DAY_SECONDS, type DayPrice, PRICE_DECIMALS, priceText } from "@sooth/server/simulators";
import type { Random } from "./random.ts";

const HOUR = 3_600;

/** Names of the five markets, in the order in which they end. */
export const MARKET_KEYS = ["rise", "dead", "band", "price", "early"] as const;
export type MarketKey = (typeof MARKET_KEYS)[number];

/** What the price file says must come out; the money has to agree. */
export type Expected = { outcome: number; value: bigint } | "refund";

export type PlannedMarket = {
  key: MarketKey;
  /** Without its sources: where those listen is known once they run. */
  schema: Omit<QuestionSchema, "sources">;
  /** Asks the exchanges for a market that does not exist. */
  sourceless: boolean;
  /** The figure is there this many seconds after the moment that the question names; 0 where the asker took care. */
  endsAfter: number;
  opensAt: number;
  deadline: number;
  liveness: number;
  closesAt: number;
  feeBps: number;
  /** Numeric markets: brackets, fixed point with the schema's decimals. */
  cuts: bigint[];
  outcomes: string[];
  expected: Expected;
};

export type PlannedStake = {
  trader: number;
  market: MarketKey;
  outcome: number;
  amount: bigint;
  gasless: boolean;
};

export type Scenario = {
  startsAt: number;
  days: readonly DayPrice[];
  markets: PlannedMarket[];
  stakes: PlannedStake[];
};

export const TRADERS = 30;
/** These traders own no ether at all: they sign, and the platform pays the gas. */
const GASLESS = 12;
const STAKES_EACH = 3;

/** Five markets over `days` (the first day's close is known when the demo begins) and who stakes what. Pure. */
export function planScenario(days: readonly DayPrice[], random: Random): Scenario {
  const startsAt = at(days, 1).at + HOUR;
  const markets = planMarkets(days);
  return { startsAt, days, markets, stakes: planStakes(markets, random) };
}

const closeOf = (day: DayPrice): number => day.at + DAY_SECONDS;
const usd = (price: bigint): string => `${priceText(price)} USD`;

function planMarkets(days: readonly DayPrice[]): PlannedMarket[] {
  const [known, first, second, third, fourth] = days as [DayPrice, DayPrice, DayPrice, DayPrice, DayPrice];
  const around = (percent: bigint): bigint => roundPrice((known.price * percent) / 100n);
  const [low, middle, high] = [around(90n), around(100n), around(110n)];
  const base = { version: 1 as const, unit: "USD", default: "invalid" as const, description: "" };
  const common = { sourceless: false, endsAfter: 0, liveness: 2 * HOUR, cuts: [], feeBps: 200 };

  const rise: PlannedMarket = {
    ...common,
    key: "rise",
    schema: {
      ...base,
      text: `Will ETH/USD close at or above ${usd(middle)} on ${first.date}?`,
      kind: "bool",
      outcomes: ["No", "Yes"],
      decimals: 0,
      observeAt: closeOf(first),
      rule: { type: "atLeast", threshold: priceText(middle) },
    },
    opensAt: closeOf(first),
    deadline: closeOf(first) + DAY_SECONDS,
    closesAt: closeOf(first) - 4 * HOUR,
    outcomes: ["No", "Yes"],
    expected: expect(first.price, [middle]),
  };
  const dead: PlannedMarket = {
    ...common,
    key: "dead",
    sourceless: true,
    schema: {
      ...base,
      text: `Will OLDCOIN/USD close at or above 1 USD on ${first.date}?`,
      kind: "bool",
      outcomes: ["No", "Yes"],
      decimals: 0,
      observeAt: closeOf(first),
      rule: { type: "atLeast", threshold: "1" },
      description: "No exchange lists it, so nobody can say.",
    },
    opensAt: closeOf(first),
    deadline: closeOf(first) + 6 * HOUR,
    closesAt: closeOf(first) - 4 * HOUR,
    outcomes: ["No", "Yes"],
    expected: "refund",
  };
  const bands = [
    `below ${usd(low)}`,
    `${usd(low)} to ${usd(middle)}`,
    `${usd(middle)} to ${usd(high)}`,
    `${usd(high)} or more`,
  ];
  const band: PlannedMarket = {
    ...common,
    key: "band",
    schema: {
      ...base,
      text: `In which band does ETH/USD close on ${second.date}?`,
      kind: "categorical",
      outcomes: bands,
      decimals: 0,
      observeAt: closeOf(second),
      rule: { type: "cuts", cuts: [low, middle, high].map(priceText) },
    },
    opensAt: closeOf(second),
    deadline: closeOf(second) + DAY_SECONDS,
    closesAt: closeOf(second) - 4 * HOUR,
    feeBps: 100,
    outcomes: bands,
    expected: expect(second.price, [low, middle, high]),
  };
  const brackets = [around(80n), around(90n), around(100n), around(110n)];
  const price: PlannedMarket = {
    ...common,
    key: "price",
    schema: {
      ...base,
      text: `What is the ETH/USD close of ${third.date}?`,
      kind: "numeric",
      outcomes: [],
      decimals: PRICE_DECIMALS,
      observeAt: closeOf(third),
      rule: { type: "value" },
    },
    opensAt: closeOf(third),
    deadline: closeOf(third) + DAY_SECONDS,
    closesAt: closeOf(third) - 4 * HOUR,
    feeBps: 0,
    cuts: brackets,
    outcomes: bracketLabels(brackets),
    expected: { ...expect(third.price, brackets), value: third.price },
  };
  const early: PlannedMarket = {
    ...common,
    key: "early",
    schema: {
      ...base,
      text: `Will ETH/USD close at or above ${usd(middle)} on ${fourth.date}?`,
      kind: "bool",
      outcomes: ["No", "Yes"],
      decimals: 0,
      observeAt: closeOf(fourth) - 12 * HOUR,
      rule: { type: "atLeast", threshold: priceText(middle) },
    },
    endsAfter: 12 * HOUR,
    // Half a day before the price is known: an asker's mistake that the oracle survives.
    opensAt: closeOf(fourth) - 12 * HOUR,
    liveness: 12 * HOUR,
    deadline: closeOf(fourth) + 2 * DAY_SECONDS,
    closesAt: closeOf(fourth) - 16 * HOUR,
    feeBps: 500,
    outcomes: ["No", "Yes"],
    expected: expect(fourth.price, [middle]),
  };
  return [rise, dead, band, price, early];
}

/** The outcome is the number of cuts that the price reached. */
const expect = (price: bigint, cuts: readonly bigint[]): { outcome: number; value: bigint } => {
  const outcome = cuts.filter((cut) => cut <= price).length;
  return { outcome, value: BigInt(outcome) };
};

const bracketLabels = (cuts: readonly bigint[]): string[] => [
  `below ${usd(at(cuts, 0))}`,
  ...cuts.slice(1).map((cut, index) => `${usd(at(cuts, index))} to ${usd(cut)}`),
  `${usd(at(cuts, cuts.length - 1))} or more`,
];

/** Two significant digits, so that a threshold looks like one that a person would choose. */
export function roundPrice(price: bigint): bigint {
  const unit = 10n ** BigInt(Math.max(0, String(price).length - 2));
  return ((price + unit / 2n) / unit) * unit;
}

function planStakes(markets: readonly PlannedMarket[], random: Random): PlannedStake[] {
  return Array.from({ length: TRADERS }, (_, trader) =>
    random.pick(markets, STAKES_EACH).map((market) => ({
      trader,
      market: market.key,
      outcome: random.between(0, market.outcomes.length - 1),
      // Odd amounts in millionths, so that every division has a remainder to lose.
      amount: BigInt(random.between(1_000_000, 500_000_000)),
      gasless: trader < GASLESS,
    })),
  ).flat();
}
