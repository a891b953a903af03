import { BPS, never } from "@sooth/kernel";

/**
 * What complete sets of yes and no are worth, and what two orders on them exchange, to the unit as `OutcomeTokens.sol` and `Sets.sol`
 * do it. Amounts of tokens and of collateral are smallest units. The cases that bind the two languages: vectors/outcomes.json
 * and vectors/choices.json.
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

/** What a unit of yes is worth: numerator / denominator of a unit of collateral. A unit of no is worth the rest. */
export type Share = { numerator: bigint; denominator: bigint };
export const bpsShare = (yesBps: bigint): Share => ({ numerator: yesBps, denominator: BPS });
/** Rounded down, to be shown. */
export const shareBps = ({ numerator, denominator }: Share): number =>
  Number((numerator * BPS) / denominator);

/**
 * What a unit of yes is worth where a question has two sides, basis points rounded down: by where the answer lies between the
 * question's bounds, held at them.
 */
export function yesShareBps(result: SetResult, { min, max }: { min: bigint; max: bigint }): bigint {
  switch (result.kind) {
    case "invalid":
      return BPS / 2n;
    case "answered":
      return ((held(result.value, min, max) - min) * BPS) / (max - min);
    default:
      return never(result);
  }
}
const held = (value: bigint, min: bigint, max: bigint): bigint =>
  value < min ? min : value > max ? max : value;

/** There are no tokens of an outcome beyond. Source: Sets.sol. */
export const MOST_OUTCOMES = 32;
type Bounds = { aggregation: "plurality" | "median" | "root"; min: bigint; max: bigint };
/** How many outcomes of a question have a yes and a no of their own: 1 of two sides, 3 to 32 of a choice; 0 where none has. */
export function outcomesOf({ aggregation, min, max }: Bounds): number {
  const width = max - min;
  if (aggregation === "root" || width <= 0n) return 0;
  if (aggregation !== "plurality" || width === 1n) return 1;
  return width < MOST_OUTCOMES ? Number(width) + 1 : 0;
}

/**
 * What settling writes down: the outcomes whose yes is worth something, and what. Of a choice the answer's yes is worth a unit; of one
 * among n without an answer each is worth 1/n, to the fraction, or no of all of them were worth more than there is.
 * @throws where the question has no outcomes
 */
export function settledAs(result: SetResult, bounds: Bounds): { outcomes: bigint; share: Share } {
  const count = outcomesOf(bounds);
  if (count === 0) throw new Error("the question has no yes and no");
  if (count === 1) return { outcomes: 1n, share: bpsShare(yesShareBps(result, bounds)) };
  if (result.kind === "invalid")
    return { outcomes: (1n << BigInt(count)) - 1n, share: { numerator: 1n, denominator: BigInt(count) } };
  const place = held(result.value, bounds.min, bounds.max) - bounds.min;
  return { outcomes: 1n << place, share: { numerator: 1n, denominator: 1n } };
}

/** What a holder of both sides of an outcome is paid, rounded down once for both. */
export const redeemed = (
  { yes, no }: { yes: bigint; no: bigint },
  { numerator, denominator }: Share,
): bigint => (yes * numerator + no * (denominator - numerator)) / denominator;

/** By outcome: how many more tokens of either side who calls has, or fewer. And what he is paid, below zero by him. */
export type Netting = { yes: readonly bigint[]; no: readonly bigint[]; paid: bigint };
export type NettingCall = "splitAll" | "mergeAll" | { convert: readonly number[] };

/**
 * What netting `amount` of the tokens of a choice among `count` does. Exactly one outcome is the answer, so yes of all is worth a unit, and
 * no of k outcomes what k-1 units and yes of the others are. Nothing rounds. Source: Choices.sol.
 */
export function nettingOf(call: NettingCall, count: number, amount: bigint): Netting {
  const ofEach = (by: (outcome: number) => bigint) => Array.from({ length: count }, (_, i) => by(i));
  if (call === "splitAll") return { yes: ofEach(() => amount), no: ofEach(() => 0n), paid: -amount };
  if (call === "mergeAll") return { yes: ofEach(() => -amount), no: ofEach(() => 0n), paid: amount };
  const given = new Set(call.convert);
  return {
    yes: ofEach((outcome) => (given.has(outcome) ? 0n : amount)),
    no: ofEach((outcome) => (given.has(outcome) ? -amount : 0n)),
    paid: BigInt(Math.max(given.size - 1, 0)) * amount,
  };
}
