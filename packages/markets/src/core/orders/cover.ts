import { ONE } from "../outcomes.ts";
import { buysTokens, LEAST_FILL, type SetOrder, tokenIdOf } from "./order.ts";

/** What a maker has for his orders. */
export type MakerPurse = {
  /** Collateral that the contract may take: the less of his balance and his allowance. */
  collateral: bigint;
  /** His tokens, by id. */
  tokens: ReadonlyMap<bigint, bigint>;
};
export type Coverable = { order: SetOrder; left: bigint };

/**
 * How many tokens of each order its maker's purse is good for, in the order given: what one order would take is not there for the next, so
 * all that is shown of a maker's orders together can be paid. Tokens, rounded down; 0 of what the contract would refuse as a crumb.
 */
export function coverOrders(orders: readonly Coverable[], { collateral, tokens }: MakerPurse): bigint[] {
  let money = collateral;
  const held = new Map(tokens);
  return orders.map(({ order, left }) => {
    const { side, price, question, outcome } = order;
    const isBuyer = buysTokens(side);
    const id = tokenIdOf(question, outcome, side === "sellYes" ? "yes" : "no");
    const least = (bound: bigint) => (bound < left ? bound : left);
    const covered = least(isBuyer ? (money * ONE) / price : (held.get(id) ?? 0n));
    if (covered < LEAST_FILL && covered < left) return 0n;
    if (isBuyer) money -= moneyFor(price, covered);
    else held.set(id, (held.get(id) ?? 0n) - covered);
    return covered;
  });
}

/** Up: fills of one order round each for itself, and never below nothing left. */
const moneyFor = (price: bigint, amount: bigint): bigint => (price * amount + ONE - 1n) / ONE;
/** What of a maker's collateral these orders may take. Smallest units, rounded up for each. */
export const moneyCommitted = (orders: readonly Coverable[]): bigint =>
  orders.reduce(
    (sum, { order, left }) => sum + (buysTokens(order.side) ? moneyFor(order.price, left) : 0n),
    0n,
  );
