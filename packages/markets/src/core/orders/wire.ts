import {
  wireAddress,
  wireCall,
  wireHex32,
  wireInteger,
  wireSeconds,
  wireTypedData,
} from "@sooth/oracle/core";
import { z } from "zod";
import { SIDES } from "../outcomes.ts";

/** JSON shapes of orders on outcome tokens. Amounts are decimal strings in the collateral's smallest unit, prices millionths of it. */
export const orderSide = z.enum(SIDES);
const unsigned = z.string().regex(/^[0-9]{1,78}$/);
const millionths = z.number().int().min(1).max(999_999);
/** Of a question; 0 where there are only yes and no. */
export const outcomeIndex = z.number().int().min(0).max(254);

export const wireSetOrder = z.object({
  maker: wireAddress,
  question: wireHex32,
  outcome: outcomeIndex,
  side: orderSide,
  /** Tokens. */
  amount: unsigned,
  /** Of a whole token: the most for who buys, the least for who sells. */
  price: millionths,
  nonce: unsigned,
  /** Inclusive. */
  expiresAt: wireSeconds,
});
export const wirePostOrder = z.object({
  order: wireSetOrder,
  /** Of the maker's key (65 bytes), or what his contract wallet takes for one (ERC-1271). */
  signature: z.string().regex(/^0x([0-9a-fA-F]{2}){0,1000}$/),
});

/** An order as it stands: whoever has it may match it with another himself. */
export const wireOpenOrder = wirePostOrder.extend({
  /** EIP-712 digest, which names the order. */
  digest: wireHex32,
  /** Tokens that nobody matched yet. */
  left: unsigned,
  /** Of those, what its maker has money or tokens for beside his older orders; what is beyond can not be matched now. */
  covered: unsigned,
  placedAt: wireSeconds,
  /** Whether a full book dropped it for a better-priced one: it is back once there is room, and on chain it is good all the time. */
  dropped: z.boolean(),
});
export const wireLevel = z.object({
  /** Of a whole yes. */
  price: millionths,
  amount: unsigned,
  orders: z.number().int(),
});
export const wireOrderBook = z.object({
  /** Orders as the chain stood at this time at the earliest. */
  now: wireSeconds,
  /** Of all orders on the outcome that was asked for; null where none was. An order for no stands on the other side, at what is left of 1. */
  levels: z.object({ bids: z.array(wireLevel), asks: z.array(wireLevel) }).nullable(),
  /** In the order in which they came; those that match best first are for who looks to find. */
  orders: z.array(wireOpenOrder),
});

export const wireTrade = z.object({
  /** block:logIndex, unique and ordered */
  id: z.string(),
  at: wireSeconds,
  transaction: wireHex32,
  outcome: z.number().int(),
  taker: wireAddress,
  maker: wireAddress,
  /** The taker's. */
  side: orderSide,
  amount: unsigned,
  /** Of a whole token of the taker's side. */
  price: z.number().int(),
  /** The same as a price of yes. */
  yesPrice: z.number().int(),
});
export const wireOutcomeTokens = z.object({
  outcome: z.number().int(),
  label: z.string(),
  /** ERC-6909 ids. */
  yesId: unsigned,
  noId: unsigned,
  /** What a unit of yes is worth, basis points; null until that is written down. */
  yesBps: z.number().int().nullable(),
  /** Tokens of `owner`; null where nobody was asked about. */
  yes: unsigned.nullable(),
  no: unsigned.nullable(),
  /** The last trade as a price of yes. */
  last: z.number().int().nullable(),
});
export const wireQuestionOutcomes = z.object({
  question: wireHex32,
  /** The last second that an order placed now may be good for; null: none is taken any more. */
  latest: wireSeconds.nullable(),
  outcomes: z.array(wireOutcomeTokens),
  /** Of `owner`: collateral, and how much of it the contract may take. */
  purse: z.object({ collateral: unsigned, allowance: unsigned }).nullable(),
  /** The newest first, 30 at most. */
  trades: z.array(wireTrade),
});

export const wirePrepareOrder = z.object({
  maker: wireAddress,
  question: wireHex32,
  outcome: outcomeIndex.default(0),
  side: orderSide,
  amount: wireInteger,
  price: millionths,
  /** Left out: as long as an order may be good. */
  expiresAt: wireSeconds.optional(),
});
export const wirePreparedOrder = z.object({
  order: wireSetOrder,
  typedData: wireTypedData,
  /** What has to be sent before, with gas of one's own: the allowance that is missing. */
  calls: z.array(wireCall),
  /** Who buys: the most that all of it costs. */
  pays: unsigned,
  /** Who sells: the least that all of it brings. */
  gets: unsigned,
});
export const wirePrepareSets = z.object({
  does: z.enum(["split", "merge", "redeem", "settle", "splitAll", "mergeAll", "convert"]),
  owner: wireAddress,
  outcome: outcomeIndex.default(0),
  /** To split, merge or convert: tokens of each kind. */
  amount: wireInteger.optional(),
  /** To convert: the outcomes whose no is given up. */
  outcomes: z.array(outcomeIndex).min(1).max(32).optional(),
});
export const wirePrepareCancel = z.object({
  maker: wireAddress,
  /** Digests of orders here. */
  orders: z.array(wireHex32).min(1).max(100),
});
export const wireCalls = z.object({ calls: z.array(wireCall) });

export type WireOpenOrder = z.infer<typeof wireOpenOrder>;
export type WireOrderBook = z.infer<typeof wireOrderBook>;
export type WireQuestionOutcomes = z.infer<typeof wireQuestionOutcomes>;
export type WirePreparedOrder = z.infer<typeof wirePreparedOrder>;
