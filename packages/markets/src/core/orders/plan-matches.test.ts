import { numberToHex } from "viem";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { exchangeOf, ONE, type OutcomeSide, SIDES } from "../outcomes.ts";
import { bookOf } from "./book.ts";
import { coverOrders } from "./cover.ts";
import { LEAST_FILL, mostPaid } from "./order.ts";
import { amountBetween, bidsYes, type Match, type OpenOrder, planMatches, yesPrice } from "./plan-matches.ts";

const QUESTION = numberToHex(0xabcden, { size: 32 });
const person = (index: number) => numberToHex(index + 0xa000, { size: 20 });

let made = 0;
function order(
  side: OutcomeSide,
  price: number,
  amount: number,
  o: { by?: number; covered?: number; left?: number } = {},
): OpenOrder {
  made += 1;
  const left = BigInt(o.left ?? amount);
  return {
    digest: numberToHex(made, { size: 32 }),
    order: {
      maker: person(o.by ?? made),
      question: QUESTION,
      outcome: 0,
      side,
      amount: BigInt(amount),
      price: BigInt(price),
      nonce: BigInt(made),
      expiresAt: 9,
    },
    left,
    covered: BigInt(o.covered ?? Number(left)),
    place: made,
  };
}
const told = (matches: readonly Match[]) =>
  matches.map(({ taker, maker, amount }) => [taker.order.side, maker.order.side, Number(amount)]);

test("a buyer meets the cheapest first, whether he sells yes or buys no, and who was there first is the maker", () => {
  const dear = order("sellYes", 600_000, 1_000_000);
  const cheap = order("buyNo", 450_000, 400_000);
  const bid = order("buyYes", 600_000, 1_000_000);
  expect(planMatches([bid, dear, cheap])).toMatchObject([
    { taker: { digest: bid.digest }, maker: { digest: cheap.digest }, amount: 400_000n },
    { taker: { digest: bid.digest }, maker: { digest: dear.digest }, amount: 600_000n },
  ]);
});

test("prices that do not meet, orders of one kind, and one's own are left alone", () => {
  expect(planMatches([order("buyYes", 400_000, 100_000), order("sellYes", 400_001, 100_000)])).toEqual([]);
  expect(planMatches([order("buyYes", 900_000, 100_000), order("sellNo", 10_000, 100_000)])).toEqual([]);
  const own = [order("buyYes", 900_000, 100_000, { by: 7 }), order("sellYes", 10_000, 100_000, { by: 7 })];
  expect(planMatches(own)).toEqual([]);
});

test("an amount that would round beyond the taker's price is cut to one that comes out even", () => {
  const odd = [order("sellYes", 333_333, 5_000_007), order("buyYes", 333_333, 5_000_007)];
  expect(told(planMatches(odd))).toEqual([["buyYes", "sellYes", 5_000_000]]);
  // Where his price leaves room nothing has to be cut.
  const roomy = [order("sellYes", 333_333, 5_000_007), order("buyYes", 340_000, 5_000_007)];
  expect(told(planMatches(roomy))).toEqual([["buyYes", "sellYes", 5_000_007]]);
});

test("no more than makers have money for, and no crumbs", () => {
  expect(
    told(
      planMatches([
        order("sellYes", 500_000, 100_000, { covered: 30_000 }),
        order("buyYes", 500_000, 100_000),
      ]),
    ),
  ).toEqual([["buyYes", "sellYes", 30_000]]);
  expect(
    planMatches([order("sellYes", 500_000, 100_000, { left: 8_000 }), order("buyYes", 500_000, 90_000)]),
  ).toEqual([]);
  // All that is left of both is a fill, however little.
  expect(
    told(
      planMatches([
        order("sellYes", 500_000, 100_000, { left: 8_000 }),
        order("buyYes", 500_000, 100_000, { left: 8_000 }),
      ]),
    ),
  ).toEqual([["buyYes", "sellYes", 8_000]]);
});

const anyOrders = fc.array(
  fc.record({
    side: fc.constantFrom(...SIDES),
    // Close to each other, so that many cross; cents and odd prices both.
    price: fc.oneof(
      fc.integer({ min: 40, max: 60 }).map((cents) => cents * 10_000),
      fc.integer({ min: 400_000, max: 600_000 }),
    ),
    amount: fc.integer({ min: 10_000, max: 9_000_000 }),
    covered: fc.integer({ min: 0, max: 9_000_000 }),
    by: fc.integer({ min: 0, max: 5 }),
  }),
  { maxLength: 12 },
);

test("every match of a plan is one that the contract takes, together they use no more than there is, and none that fits is left", () => {
  fc.assert(
    fc.property(anyOrders, (wanted) => {
      const orders = wanted.map(({ side, price, amount, covered, by }) =>
        order(side, price, amount, { by, covered: Math.min(amount, covered) }),
      );
      const plan = planMatches(orders);
      const left = new Map(orders.map((one) => [one.digest, { ...one }]));
      for (const { taker, maker, amount } of plan) {
        const exchange = exchangeOf(taker.order, maker.order, amount);
        expect(exchange.does).not.toBe("refuse");
        expect(taker.place).toBeGreaterThan(maker.place);
        expect(taker.order.maker).not.toBe(maker.order.maker);
        for (const { digest } of [taker, maker]) {
          const one = left.get(digest);
          if (!one) throw new Error("an order that was not there");
          expect(amount >= LEAST_FILL || amount === one.left).toBe(true);
          one.left -= amount;
          one.covered -= amount;
          expect(one.left >= 0n && one.covered >= 0n).toBe(true);
        }
      }
      const rest = [...left.values()];
      const fitting = rest.flatMap((bid) =>
        rest.filter((ask) => {
          if (!bidsYes(bid.order) || bidsYes(ask.order) || bid.order.maker === ask.order.maker) return false;
          if (yesPrice(bid.order) < yesPrice(ask.order)) return false;
          return (bid.place < ask.place ? amountBetween(ask, bid) : amountBetween(bid, ask)) > 0n;
        }),
      );
      expect(fitting).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test("what is shown of a maker's orders together can be paid, fill by fill", () => {
  const money = fc.bigInt({ min: 0n, max: 20_000_000n });
  fc.assert(
    fc.property(anyOrders, money, money, (wanted, collateral, yes) => {
      const orders = wanted.map(({ side, price, amount }) => order(side, price, amount, { by: 1 }));
      const yesId = (BigInt(QUESTION) >> 1n) << 1n;
      const covered = coverOrders(orders, { collateral, tokens: new Map([[yesId, yes]]) });
      const pairs = orders.map((one, index) => ({ ...one, covered: covered[index] ?? 0n }));
      const spent = pairs
        .filter(({ order: { side } }) => side.startsWith("buy"))
        .reduce((sum, one) => sum + mostPaid(one.order.price, one.covered), 0n);
      expect(spent <= collateral).toBe(true);
      const given = pairs
        .filter(({ order: { side } }) => side === "sellYes")
        .reduce((sum, one) => sum + one.covered, 0n);
      expect(given <= yes).toBe(true);
      // He holds no "no".
      expect(
        pairs.filter(({ order: { side } }) => side === "sellNo").every((one) => one.covered === 0n),
      ).toBe(true);
      expect(pairs.every((one) => one.covered <= one.left)).toBe(true);
    }),
  );
});

test("a book shows both sides by the price of yes, the best first", () => {
  const book = bookOf([
    order("buyYes", 400_000, 100_000),
    order("sellNo", 600_000, 50_000),
    order("buyYes", 410_000, 20_000),
    order("buyNo", 500_000, 30_000),
    order("sellYes", 450_000, 70_000),
    order("sellYes", 450_000, 70_000, { covered: 0 }),
  ]);
  expect(book).toEqual({
    bids: [
      { price: 410_000n, amount: 20_000n, orders: 1 },
      { price: 400_000n, amount: 150_000n, orders: 2 },
    ],
    asks: [
      { price: 450_000n, amount: 70_000n, orders: 1 },
      { price: 500_000n, amount: 30_000n, orders: 1 },
    ],
  });
  expect(ONE).toBe(1_000_000n);
});

test("orders that are done hold up none that come behind them in a full book", () => {
  const tiny = Array.from({ length: 499 }, () => [
    order("buyYes", 600_000, 200_000),
    order("buyNo", 600_000, 200_000),
  ]).flat();
  const honest = [order("buyYes", 500_000, 1_000_000), order("buyNo", 500_000, 1_000_000)];
  const matches = planMatches([...tiny, ...honest], 1_000);
  expect(matches).toHaveLength(500);
  expect(matches.at(-1)).toMatchObject({ amount: 1_000_000n });
});
