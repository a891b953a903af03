import {
  page,
  wireAddress,
  wireHex32,
  wireInteger,
  wireQuestion,
  wireSeconds,
  wireTerms,
} from "@sooth/oracle/core";
import { z } from "zod";

/** JSON shapes of the markets' part of the API. Amounts are decimal strings in the collateral's smallest unit. */
export const marketStatus = z.enum(["trading", "closed", "answered", "settled", "void"]);

/** A question that is asked in the same transaction as what is prepared on it, and that nobody knows yet: as it was prepared. */
export const wireAsking = z.object({ terms: wireTerms, schemaText: z.string().max(40_000) });

export const wireOutcome = z.object({
  index: z.number().int(),
  label: z.string(),
  pool: wireInteger,
  /** Share of all stakes, basis points; the price of an outcome in a pool. */
  shareBps: z.number().int(),
  /** What one unit on this outcome would pay if it won now, in basis points of the stake; null while its pool is empty. */
  paysBps: z.number().int().nullable(),
});

export const wireMarketTerms = z.object({
  question: wireHex32,
  creator: wireAddress,
  closesAt: wireSeconds,
  feeBps: z.number().int(),
  outcomes: z.number().int(),
  cuts: z.array(wireInteger),
});

export const wireMarket = z.object({
  id: wireHex32,
  chainId: z.number().int(),
  title: z.string(),
  status: marketStatus,
  terms: wireMarketTerms,
  outcomes: z.array(wireOutcome),
  /** Sum of all pools. */
  volume: wireInteger,
  stakers: z.number().int(),
  openedAt: wireSeconds,
  openedIn: wireHex32,
  /** The outcome that won, once settled. */
  winner: z.number().int().nullable(),
  question: wireQuestion,
});

export const wirePoint = z.object({ at: wireSeconds, block: z.number().int(), pools: z.array(wireInteger) });

/** What happens in an opinion market, by its log. */
export const opinionActivityKind = z.enum([
  "announced",
  "staked",
  "revealed",
  "scored",
  "voided",
  "rearmed",
  "forgone",
  "claimed",
  "prize",
  "fee",
]);
const ofOpinions = opinionActivityKind.options.map((kind) => `opinion_${kind}` as const);

export const wireActivity = z.object({
  /** block:logIndex, unique and ordered */
  id: z.string(),
  /** Those that begin with `opinion_` are of opinion markets: `title` is the statement, `label` the stance or the score. */
  kind: z.enum([
    "asked",
    "opened",
    "staked",
    "answered",
    "reopened",
    "claimed",
    "fee",
    "reward",
    "refund",
    ...ofOpinions,
  ]),
  at: wireSeconds,
  block: z.number().int(),
  transaction: wireHex32,
  who: wireAddress.nullable(),
  market: wireHex32.nullable(),
  question: wireHex32.nullable(),
  title: z.string().nullable(),
  outcome: z.number().int().nullable(),
  label: z.string().nullable(),
  amount: wireInteger.nullable(),
});

export const wirePosition = z.object({
  market: wireMarket,
  outcome: z.number().int(),
  label: z.string(),
  staked: wireInteger,
  /** What a claim pays now; "0" when lost or not yet settled. */
  claimable: wireInteger,
  /** Paid out already. */
  claimed: wireInteger,
  /** What it would pay if this outcome won now. */
  wouldPay: wireInteger,
  state: z.enum(["open", "won", "lost", "refund", "claimed"]),
});

/** One stake by itself, as tax offices ask for it: when, how much, what came of it. */
export const wireLot = z.object({
  /** block:logIndex, unique and ordered */
  id: z.string(),
  market: wireHex32,
  title: z.string(),
  outcome: z.number().int(),
  label: z.string(),
  at: wireSeconds,
  transaction: wireHex32,
  amount: wireInteger,
  /** Of the position that it is a part of. */
  state: wirePosition.shape.state,
  /** When the market ended with what it came to; null while it is open. */
  endedAt: wireSeconds.nullable(),
  /** Its part of what the position was paid, or can claim. */
  proceeds: wireInteger.nullable(),
  /** Proceeds less the stake. */
  gain: wireInteger.nullable(),
});

/** What a market paid to its creator. */
const wireCreatorFee = z.object({
  kind: z.enum(["pool", "opinion"]),
  market: wireHex32,
  /** The pool's title, or the statement. */
  title: z.string(),
  at: wireSeconds,
  transaction: wireHex32,
  amount: wireInteger,
});

export const wirePortfolio = z.object({
  address: wireAddress,
  collateral: wireInteger,
  credit: wireInteger,
  staked: wireInteger,
  claimable: wireInteger,
  paidIn: wireInteger,
  paidOut: wireInteger,
  positions: z.array(wirePosition),
});

export const wireIntent = z.object({
  market: wireHex32,
  outcome: z.number().int().min(0).max(47),
  amount: wireInteger,
  owner: wireAddress,
  nonce: wireInteger,
  deadline: wireSeconds,
});
/** POST /v1/relay/stakes: the platform pays the gas. */
export const wireRelayStake = z.object({
  intent: wireIntent,
  signature: z.string().regex(/^0x[0-9a-fA-F]{2,2000}$/),
  permit: z
    .object({
      value: wireInteger,
      deadline: wireSeconds,
      signature: z.string().regex(/^0x[0-9a-fA-F]{130}$/),
    })
    .nullable(),
});
export const wireRelayed = z.object({
  id: z.string(),
  status: z.enum(["queued", "sent", "mined", "failed"]),
  transaction: wireHex32.nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
/** What contracts hold and what they may still have to pay, at one block. */
export const wireSolvency = z.object({
  block: z.number().int(),
  at: wireSeconds,
  contracts: z.array(
    z.object({
      name: z.string(),
      address: wireAddress,
      held: wireInteger,
      /** At most; what rounding leaves is held and owed to nobody. */
      owed: wireInteger,
    }),
  ),
  /** Contracts that this server came to follow later and whose past it still reads, with the last block of it that it has. */
  reading: z.array(z.object({ name: z.string(), address: wireAddress, through: z.number().int() })),
});
/** The money behind the tokens of one question. */
const wireOutcomeSet = z.object({
  /** The question with its lowest six bits cleared: the ids of its tokens are this and up to 63 more. */
  key: wireHex32,
  /** Null where nobody asked such a question. */
  question: wireHex32.nullable(),
  text: z.string().nullable(),
  outcomes: z.array(
    z.object({
      /** From 0; the only one where a question has two sides. */
      outcome: z.number().int(),
      /** Null where the question has two sides, or no such outcome. */
      label: z.string().nullable(),
      /** Tokens there are of either side. */
      yes: wireInteger,
      no: wireInteger,
      /** What a unit of yes is worth once it is settled, basis points rounded down; no is worth the rest. */
      yesBps: z.number().int().nullable(),
    }),
  ),
  putIn: wireInteger,
  paidOut: wireInteger,
  /** At most: all tokens in one hand, redeemed at once, down for each outcome. */
  owed: wireInteger,
  /** What rounding left of redemptions; owed to nobody. */
  dust: wireInteger,
});
export const marketPage = page(wireMarket);
export const lotPage = page(wireLot);
export const feePage = page(wireCreatorFee).extend({ total: wireInteger });
export const activityPage = page(wireActivity);
export const outcomeSetPage = page(wireOutcomeSet);
