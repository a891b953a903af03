import { bidsYes, type OpenOrder, yesPrice } from "./plan-matches.ts";

/** One price of a book, and the tokens that are to be had at it. Price in millionths of collateral, of a whole yes. */
export type Level = { price: bigint; amount: bigint; orders: number };

/** Orders on one outcome by the price of its yes: an order for no stands on the other side, at what is left of 1. The best first. */
export function bookOf(orders: readonly Pick<OpenOrder, "order" | "covered">[]): {
  bids: Level[];
  asks: Level[];
} {
  const shown = orders.filter(({ covered }) => covered > 0n);
  const levels = (which: boolean): Level[] =>
    [
      ...Map.groupBy(
        shown.filter(({ order }) => bidsYes(order) === which),
        ({ order }) => yesPrice(order),
      ),
    ]
      .map(([price, at]) => ({
        price,
        amount: at.reduce((sum, { covered }) => sum + covered, 0n),
        orders: at.length,
      }))
      .toSorted((a, b) => (a.price < b.price === which ? 1 : -1));
  return { bids: levels(true), asks: levels(false) };
}
