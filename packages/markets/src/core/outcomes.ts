import { BPS, never } from "@sooth/kernel";

/**
 * What complete sets of yes and no are worth, and what two orders on them exchange, to the unit as `OutcomeTokens.sol` and `Sets.sol`
 * do it. Amounts of tokens and of collateral are smallest units. The cases that bind the two languages: vectors/outcomes.json.
 */

/** What an order wants, as `Side` of the contract counts it. */
export const SIDES = ["buyYes", "buyNo", "sellYes", "sellNo"] as const;
export type OutcomeSide = (typeof SIDES)[number];
/** `price`: of a whole token in millionths of collateral; the most for who buys, the least for who sells. */
export type OutcomeOrder = { side: OutcomeSide; price: bigint };

/** Millionths: what a whole token costs at most. Source: OutcomeTokens.sol. */
export const ONE = 1_000_000n;

/** What the two pay, or get where they sell; `price` is a whole token's of the taker's side. */
export type Exchange =
  | { does: "trade" | "mint" | "merge"; price: bigint; takers: bigint; makers: bigint }
  | { does: "refuse"; why: "no_match" | "prices_do_not_meet" }
  | { does: "refuse"; why: "rounds_beyond_price"; price: bigint; takers: bigint };

const buys = (side: OutcomeSide): boolean => side === "buyYes" || side === "buyNo";
const wantsYes = (side: OutcomeSide): boolean => side === "buyYes" || side === "sellYes";

/**
 * Of `amount` tokens. The maker's price holds: down for him where he buys, up where he sells. What rounding costs is the taker's,
 * and where that is beyond his own price nothing happens.
 */
export function exchangeOf(taker: OutcomeOrder, maker: OutcomeOrder, amount: bigint): Exchange {
  const [takerBuys, makerBuys] = [buys(taker.side), buys(maker.side)];
  const sameToken = wantsYes(taker.side) === wantsYes(maker.side);
  // A buyer and a seller of one token, or two buyers or two sellers of either.
  if (sameToken === (takerBuys === makerBuys)) return { does: "refuse", why: "no_match" };
  const price = sameToken ? maker.price : ONE - maker.price;
  if (takerBuys ? taker.price < price : taker.price > price)
    return { does: "refuse", why: "prices_do_not_meet" };
  const makers = (amount * maker.price + (makerBuys ? 0n : ONE - 1n)) / ONE;
  // Two of a kind make or end sets: together exactly what those are worth.
  const takers = sameToken ? makers : amount - makers;
  const limit = amount * taker.price;
  if (takerBuys ? takers * ONE > limit : takers * ONE < limit)
    return { does: "refuse", why: "rounds_beyond_price", price, takers };
  return { does: sameToken ? "trade" : takerBuys ? "mint" : "merge", price, takers, makers };
}

/** How a question ended: without an answer, either side is worth half. */
export type SetResult = { kind: "answered"; value: bigint } | { kind: "invalid" };

/** What a unit of yes is worth, basis points rounded down: by where the answer lies between the question's bounds, held at them. */
export function yesShareBps(result: SetResult, { min, max }: { min: bigint; max: bigint }): bigint {
  switch (result.kind) {
    case "invalid":
      return BPS / 2n;
    case "answered": {
      const within = result.value < min ? min : result.value > max ? max : result.value;
      return ((within - min) * BPS) / (max - min);
    }
    default:
      return never(result);
  }
}

/** What a holder of both sides is paid, rounded down once for both. */
export const redeemed = ({ yes, no }: { yes: bigint; no: bigint }, yesBps: bigint): bigint =>
  (yes * yesBps + no * (BPS - yesBps)) / BPS;
