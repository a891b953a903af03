import { at, type Hex } from "@sooth/kernel";
import { exchangeOf, ONE } from "../outcomes.ts";
import { LEAST_FILL, type SetOrder } from "./order.ts";

/** An order as far as it can be matched now. */
export type OpenOrder = {
  digest: Hex;
  order: SetOrder;
  /** Tokens that nobody matched yet. */
  left: bigint;
  /** Of those, what its maker has the money or the tokens for. */
  covered: bigint;
  /** Orders in which they came: of two with one price the first goes first, and its price holds. */
  place: number;
};
export type Match = { taker: OpenOrder; maker: OpenOrder; amount: bigint };

/** The price of yes that an order stands for: who buys no at 0.4 offers yes at 0.6. Millionths. */
export const yesPrice = ({ side, price }: Pick<SetOrder, "side" | "price">): bigint =>
  side === "buyYes" || side === "sellYes" ? price : ONE - price;
/** Whether it wants the price of yes low: it buys yes, or sells no. */
export const bidsYes = ({ side }: Pick<SetOrder, "side">): boolean => side === "buyYes" || side === "sellNo";

/** Whether a fill of `amount` is one that the contract takes of this order. */
const fits = ({ left, covered }: Pick<OpenOrder, "left" | "covered">, amount: bigint): boolean =>
  amount > 0n && amount <= left && amount <= covered && (amount >= LEAST_FILL || amount === left);

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b));

/**
 * The most tokens that two orders exchange now, 0 where they do not. Money has whole units: an amount that comes out beyond the
 * taker's price is refused by the contract, so the next one below is taken that makes whole units at the maker's price.
 */
export function amountBetween(taker: OpenOrder, maker: OpenOrder): bigint {
  const most = [taker.left, taker.covered, maker.left, maker.covered].reduce((a, b) => (a < b ? a : b));
  const granule = ONE / gcd(maker.order.price, ONE);
  for (const amount of [most, most - (most % granule)]) {
    if (!fits(taker, amount) || !fits(maker, amount)) continue;
    if (exchangeOf(taker.order, maker.order, amount).does !== "refuse") return amount;
  }
  return 0n;
}

/** Pairs that are looked at: a book full of orders which cross, but of which rounding refuses each pair, ends after as many. */
const MOST_PAIRS = 50_000;

/**
 * Which orders on one outcome of a question to match with which, the best prices first, and of equal prices the first come. The one that
 * was there first is the maker, whose price holds. All of them can be sent together: none takes what another used. Nobody is matched
 * with himself.
 */
export function planMatches(orders: readonly OpenOrder[], most = 100): Match[] {
  const open = orders.map((one) => ({ ...one }));
  const dearestFirst = (a: OpenOrder, b: OpenOrder) =>
    compare(yesPrice(b.order), yesPrice(a.order)) || a.place - b.place;
  const cheapestFirst = (a: OpenOrder, b: OpenOrder) =>
    compare(yesPrice(a.order), yesPrice(b.order)) || a.place - b.place;
  const bids = open.filter(({ order }) => bidsYes(order)).toSorted(dearestFirst);
  const asks = open.filter(({ order }) => !bidsYes(order)).toSorted(cheapestFirst);
  const matches: Match[] = [];
  let pairs = 0;
  for (const bid of bids)
    for (let index = 0; index < asks.length && !isUsed(bid);) {
      if (matches.length >= most || ++pairs > MOST_PAIRS) return matches;
      const ask = at(asks, index);
      if (yesPrice(bid.order) < yesPrice(ask.order)) break;
      index += 1;
      if (bid.order.maker === ask.order.maker) continue;
      const [taker, maker] = bid.place < ask.place ? [ask, bid] : [bid, ask];
      const amount = amountBetween(taker, maker);
      if (amount === 0n) continue;
      matches.push({ taker: { ...taker }, maker: { ...maker }, amount });
      for (const one of [taker, maker]) {
        one.left -= amount;
        one.covered -= amount;
      }
      if (isUsed(ask)) asks.splice(--index, 1);
    }
  return matches;
}

const isUsed = ({ left, covered }: OpenOrder): boolean => left === 0n || covered === 0n;
const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
