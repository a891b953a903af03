import { outcomeTokensAbi, testDollarAbi } from "@sooth/abi";
import { type Address, at, type Hex } from "@sooth/kernel";
import { type Terms, termsToChain } from "@sooth/oracle/core";
import { encodeFunctionData, hashTypedData } from "viem";
import { ONE, type OutcomeSide, SIDES } from "../outcomes.ts";

/** Where signed orders count: one OutcomeTokens contract on one chain. */
export type OrdersDomain = { chainId: number; outcomeTokens: Address };
/**
 * What its maker signs. `amount`: tokens, in smallest units of collateral. `price`: of a whole token, in millionths of collateral; the
 * most for who buys, the least for who sells. `expiresAt`: unix seconds, inclusive.
 */
export type SetOrder = {
  maker: Address;
  question: Hex;
  /** Which of the question's outcomes it is about; 0 where there are only yes and no. */
  outcome: number;
  side: OutcomeSide;
  amount: bigint;
  price: bigint;
  nonce: bigint;
  expiresAt: number;
};
export type SignedOrder = { order: SetOrder; signature: Hex };

/** A fill is of so many tokens at least, or of all that is left of both orders. Source: OutcomeTokens.sol. */
export const LEAST_FILL = 10_000n;
export const MOST_TOKENS = (1n << 128n) - 1n;

export const buysTokens = (side: OutcomeSide): boolean => side === "buyYes" || side === "buyNo";
/** Of yes or of no. */
export const tokenOf = (side: OutcomeSide): "yes" | "no" =>
  side === "buyYes" || side === "sellYes" ? "yes" : "no";

/** As the contract's `Order`. */
export const orderToChain = ({
  maker,
  question,
  outcome,
  side,
  amount,
  price,
  nonce,
  expiresAt,
}: SetOrder) => ({
  maker,
  question,
  outcome,
  side: SIDES.indexOf(side),
  amount,
  price,
  nonce,
  expiresAt,
});

export const orderFromChain = (order: ChainOrder): SetOrder => ({
  ...order,
  maker: order.maker.toLowerCase() as Address,
  side: sideOf(order.side),
});
type ChainOrder = Omit<SetOrder, "side"> & { side: number };

/** EIP-712 of `Order`, as `OutcomeTokens.matchOrders` checks it. */
export const orderTypedData = ({ chainId, outcomeTokens }: OrdersDomain, order: SetOrder) =>
  ({
    domain: { name: "Sooth Outcome Tokens", version: "1", chainId, verifyingContract: outcomeTokens },
    types: {
      Order: [
        { name: "maker", type: "address" },
        { name: "question", type: "bytes32" },
        { name: "outcome", type: "uint8" },
        { name: "side", type: "uint8" },
        { name: "amount", type: "uint128" },
        { name: "price", type: "uint128" },
        { name: "nonce", type: "uint256" },
        { name: "expiresAt", type: "uint40" },
      ],
    },
    primaryType: "Order",
    message: orderToChain(order),
  }) as const;

export const orderDigest = (domain: OrdersDomain, order: SetOrder): Hex =>
  hashTypedData(orderTypedData(domain, order));

/** The most that a buyer pays for so many tokens: his price, down, as money has whole units. */
export const mostPaid = (price: bigint, amount: bigint): bigint => (price * amount) / ONE;
/** The least that a seller gets for them: his price, up. */
export const leastGot = (price: bigint, amount: bigint): bigint => (price * amount + ONE - 1n) / ONE;

/* WHAT IS SENT */

/** The id of a token, as ERC-6909 has it. */
export const tokenIdOf = (question: Hex, outcome: number, token: "yes" | "no"): bigint =>
  ((BigInt(question) >> 6n) << 6n) | (BigInt(outcome) << 1n) | (token === "yes" ? 0n : 1n);

export const splitData = (question: Hex, outcome: number, amount: bigint): Hex =>
  encodeFunctionData({ abi: outcomeTokensAbi, functionName: "split", args: [question, outcome, amount] });
export const mergeData = (question: Hex, outcome: number, amount: bigint): Hex =>
  encodeFunctionData({ abi: outcomeTokensAbi, functionName: "merge", args: [question, outcome, amount] });
/** Of all outcomes that the question has: `outcomesOf(terms)`. */
export const redeemData = (question: Hex, outcomes: number, owner: Address): Hex =>
  encodeFunctionData({
    abi: outcomeTokensAbi,
    functionName: "redeem",
    args: [question, 2 ** outcomes - 1, owner],
  });
/** A unit of collateral becomes a yes of each outcome of a choice. */
export const splitAllData = (terms: Terms, amount: bigint): Hex =>
  encodeFunctionData({
    abi: outcomeTokensAbi,
    functionName: "splitAll",
    args: [termsToChain(terms), amount],
  });
/** The way back: a yes of each outcome is a unit again. */
export const mergeAllData = (terms: Terms, amount: bigint): Hex =>
  encodeFunctionData({
    abi: outcomeTokensAbi,
    functionName: "mergeAll",
    args: [termsToChain(terms), amount],
  });
/** `amount` of no of each named outcome becomes as much yes of each other, and money but for one of them. */
export const convertData = (terms: Terms, outcomes: readonly number[], amount: bigint): Hex =>
  encodeFunctionData({
    abi: outcomeTokensAbi,
    functionName: "convert",
    args: [termsToChain(terms), [...new Set(outcomes)].reduce((bits, each) => bits + 2 ** each, 0), amount],
  });
export const settleData = (terms: Terms): Hex =>
  encodeFunctionData({ abi: outcomeTokensAbi, functionName: "settle", args: [termsToChain(terms)] });
export const matchData = (taker: SignedOrder, maker: SignedOrder, amount: bigint): Hex =>
  encodeFunctionData({
    abi: outcomeTokensAbi,
    functionName: "matchOrders",
    args: [orderToChain(taker.order), taker.signature, orderToChain(maker.order), maker.signature, amount],
  });
/** One call for each word of 128 nonces. */
export function cancelData(nonces: readonly bigint[]): Hex[] {
  const words = Map.groupBy(nonces, (nonce) => nonce >> 7n);
  return [...words].map(([word, inWord]) => {
    const bits = inWord.reduce((sum, nonce) => sum | (1n << (nonce & 127n)), 0n);
    return encodeFunctionData({ abi: outcomeTokensAbi, functionName: "cancel", args: [word, bits] });
  });
}
export const approveData = (outcomeTokens: Address, amount: bigint): Hex =>
  encodeFunctionData({ abi: testDollarAbi, functionName: "approve", args: [outcomeTokens, amount] });

/* AS JSON */

export const orderToWire = ({ amount, price, nonce, ...order }: SetOrder) => ({
  ...order,
  amount: String(amount),
  price: Number(price),
  nonce: String(nonce),
});
export type WireSetOrder = ReturnType<typeof orderToWire>;
export const orderFromWire = (order: {
  maker: string;
  question: string;
  outcome: number;
  side: OutcomeSide;
  amount: string;
  price: number;
  nonce: string;
  expiresAt: number;
}): SetOrder => ({
  maker: order.maker.toLowerCase() as Address,
  question: order.question.toLowerCase() as Hex,
  outcome: order.outcome,
  side: order.side,
  amount: BigInt(order.amount),
  price: BigInt(order.price),
  nonce: BigInt(order.nonce),
  expiresAt: order.expiresAt,
});

export const sideOf = (index: number): OutcomeSide => at(SIDES, index);
