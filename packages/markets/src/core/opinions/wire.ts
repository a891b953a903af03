import {
  page,
  wireAddress,
  wireCall,
  wireHex32,
  wireInteger,
  wireQuestion,
  wireSeconds,
  wireTypedData,
} from "@sooth/oracle/core";
import { z } from "zod";
import { BANDS, RULES } from "../rules/bands.ts";
import { opinionActivityKind, wireAsking } from "../wire.ts";

/** JSON shapes of opinion markets. Amounts are decimal strings in the collateral's smallest unit. */
export const opinionStatus = z.enum(["open", "revealing", "judging", "drawing", "settled", "void"]);
const band = z
  .number()
  .int()
  .min(0)
  .max(BANDS - 1);
const basisPoints = z.number().int().min(0).max(10_000);
const seconds32 = z.number().int().min(0).max(4_294_967_295);
const bytes = z.string().regex(/^0x([0-9a-fA-F]{2}){0,1024}$/);

export const wireOpinionTerms = z.object({
  question: wireHex32,
  /** SHA-256 of the statement's text. */
  statement: wireHex32,
  /** SHA-256 of how opinions are graded. */
  rubric: wireHex32,
  creator: wireAddress,
  closesAt: wireSeconds,
  revealSeconds: seconds32,
  quietSeconds: seconds32,
  feeBps: basisPoints,
  prizeBps: basisPoints,
  prizes: z.number().int(),
  minConfidence: basisPoints,
  rule: z.enum(RULES),
  leastStake: wireInteger,
  mostStake: wireInteger,
  quietMost: wireInteger,
});

export const wireBand = z.object({
  band,
  /** 0, 5 to 100 */
  stance: z.number().int(),
  staked: wireInteger,
  opinions: z.number().int(),
});

/** A prize that is drawn. */
export const wirePrize = z.object({
  prize: z.number().int(),
  /** Where the draw fell: a unit of a band. */
  band,
  offset: wireInteger,
  winner: wireAddress,
  amount: wireInteger,
  /** Null until it is paid; the treasury once nobody claimed it for half a year. */
  paidTo: wireAddress.nullable(),
});

export const wireOpinionResult = z.object({
  score: z.number().int().min(0).max(100),
  confidence: basisPoints,
  /** Staked with a stance, and by how many. */
  total: wireInteger,
  count: z.number().int(),
  /** What `BandRule.factsOf` comes to; with it every pay-out follows. */
  facts: wireInteger,
  /** Shared by closeness, with what was forfeit by stances that nobody told. */
  net: wireInteger,
  fee: wireInteger,
  feePaid: z.boolean(),
  /** Of each prize; "0": nothing is drawn. */
  prize: wireInteger,
  /** The beacon's round that draws; null: nothing is drawn. */
  round: wireInteger.nullable(),
  /** Null until the round is proved. */
  seed: wireHex32.nullable(),
  /** When that was; null too of draws from before servers kept it. */
  drawnAt: wireSeconds.nullable(),
  /** No seed came: what was for prizes is shared like the rest. */
  undrawn: z.boolean(),
  at: wireSeconds,
  transaction: wireHex32,
});

export const wireOpinionMarket = z.object({
  id: wireHex32,
  chainId: z.number().int(),
  statement: z.string(),
  status: opinionStatus,
  terms: wireOpinionTerms,
  /** What a stake brings along in place of the terms. */
  termsHash: wireHex32,
  door: wireInteger,
  /** From then on a stake is `quietMost` at most. */
  quietFrom: wireSeconds,
  revealsUntil: wireSeconds,
  /** 21 of them; hidden stances are in none. */
  bands: z.array(wireBand),
  hidden: z.object({ staked: wireInteger, opinions: z.number().int() }),
  /** All stakes, hidden ones too. */
  volume: wireInteger,
  opinions: z.number().int(),
  /** Why its score is not read from its own opinions alone, whatever its page says of analysts; null: it is. No stake is taken here else. */
  readsElsewhere: z.string().nullable(),
  /** Why money should not rest on its question's answer, by who answers it, what it secures and how long there is to object; null: it may. No stake is taken here else. */
  undersecured: z.string().nullable(),
  /** What the answer of its question secures. The contract takes more; this server takes no stake beyond. */
  secures: wireInteger,
  /** What may be staked until stakes are as much. */
  room: wireInteger,
  /** Mean stance by stake, 0 to 100 in hundredths; null while nobody told one. */
  crowd: z.number().int().nullable(),
  announcedAt: wireSeconds,
  announcedIn: wireHex32,
  /** When the answer is final as it stands; null while there is none, or it is disputed. */
  finalAt: wireSeconds.nullable(),
  result: wireOpinionResult.nullable(),
  /** Empty until the round is proved. */
  prizes: z.array(wirePrize),
  /** invalid, confidence, weights or expired. */
  voidBecause: z.string().nullable(),
  /** What may still be claimed, and by how many. */
  owed: z.object({ amount: wireInteger, opinions: z.number().int() }),
  question: wireQuestion,
});

export const wireOpinion = z.object({
  market: wireHex32,
  owner: wireAddress,
  /** 1 is the market's first. */
  number: z.number().int(),
  /** Null while it is hidden. */
  band: band.nullable(),
  stance: z.number().int().nullable(),
  /** Where its units begin among those of its band. */
  start: wireInteger.nullable(),
  amount: wireInteger,
  /** SHA-256 of the text. */
  opinion: wireHex32,
  /** Null where this server has no text of that hash. */
  text: z.string().nullable(),
  /** Whether the text is to be erased, as who staked with it first asked, or is erased, on his word or the operator's. */
  erasure: z.enum(["asked", "erased"]).nullable(),
  commitment: wireHex32.nullable(),
  at: wireSeconds,
  block: z.number().int(),
  transaction: wireHex32,
  /** What a claim pays now. */
  due: wireInteger,
  /** Paid by claims so far. */
  paid: wireInteger,
  /** Won in draws, paid or not. */
  won: wireInteger,
});

export const wireOpinionActivity = z.object({
  /** block:logIndex, unique and ordered */
  id: z.string(),
  kind: opinionActivityKind,
  at: wireSeconds,
  block: z.number().int(),
  transaction: wireHex32,
  market: wireHex32,
  statement: z.string(),
  who: wireAddress.nullable(),
  band: band.nullable(),
  /** Staked, paid, or the score of what was scored. */
  amount: wireInteger.nullable(),
});

/** What stood in a market after one of its stakes, or after a stance was told. */
export const wireOpinionPoint = z.object({
  at: wireSeconds,
  block: z.number().int(),
  /** All stakes so far, hidden ones too. */
  staked: wireInteger,
  opinions: z.number().int(),
  /** Mean stance by stake, 0 to 100 in hundredths; null while nobody told one. */
  crowd: z.number().int().nullable(),
});

/** A market whose score is written, as the history of what crowds came to tells it. */
export const wireScored = z.object({
  market: wireHex32,
  statement: z.string(),
  closedAt: wireSeconds,
  /** When the score was written, and in which transaction. */
  at: wireSeconds,
  transaction: wireHex32,
  score: z.number().int().min(0).max(100),
  confidence: basisPoints,
  /** Mean stance by stake, 0 to 100 in hundredths: what the crowd itself said; null where nobody told a stance. */
  crowd: z.number().int().nullable(),
  volume: wireInteger,
  opinions: z.number().int(),
});
export const scoredPage = page(wireScored);
/** Where a market says what was searched for. */
export const wireFound = z.object({
  /** Its statement does. */
  statement: z.boolean(),
  /** Null where what was searched for stands there. Else the words of it that have to do with that, as they stand there. */
  by: z.array(z.string()).nullable(),
  /** The opinion that says it best; null where none does. Never one whose stance is still hidden, nor a text that is erased. */
  opinion: z
    .object({
      owner: wireAddress,
      number: z.number().int(),
      /** Of the text. */
      sha256: wireHex32,
      /** A piece of it, with the words that were found marked. */
      excerpt: z.array(z.object({ text: z.string(), marked: z.boolean() })),
    })
    .nullable(),
});
export const opinionMarketPage = page(
  wireOpinionMarket.extend({
    /** Null where nothing was searched for. */
    found: wireFound.nullable(),
  }),
);
export const opinionPage = page(wireOpinion);
export const opinionActivityPage = page(wireOpinionActivity);

/** GET /v1/wallets/{address}/opinions */
export const wireWalletOpinions = z.object({
  address: wireAddress,
  /** At work in markets that have not ended. */
  staked: wireInteger,
  claimable: wireInteger,
  paidIn: wireInteger,
  paidOut: wireInteger,
  items: z.array(wireOpinion.extend({ on: wireOpinionMarket })),
  next: z.string().nullable(),
});

/** What a deployment fixed for all its opinion markets. */
export const wireOpinionLimits = z.object({
  /** To the treasury, never returned. */
  creationFee: wireInteger,
  leastSeconds: z.number().int(),
  mostSeconds: z.number().int(),
  leastStake: wireInteger,
  mostStake: wireInteger,
  /** Whether people approve what a market comes to. */
  needsApproval: z.boolean(),
  /** From how many families of models each provider must have labels: the question's source of opinions names as many. */
  leastFamilies: z.number().int(),
  /** Whether a language model gives advice on a wording here. */
  advice: z.boolean(),
  /** The most that a question may secure here and still be answered while providers are away; its signers stake three times as much. Null while this server knows nobody who sits. */
  mostSecured: wireInteger.nullable(),
  /** From what a question secures on its answer is made of values that were committed to first. */
  commitTier: wireInteger,
  /** What an objection costs, in whole units: half a percent of what is secured, within these. */
  leastDeposit: z.number().int(),
  mostDeposit: z.number().int(),
});

/* WHAT IS ASKED FOR */

export const wirePrepareOpinionMarket = wireOpinionTerms.omit({ statement: true, rubric: true }).extend({
  statement: z.string().min(1).max(280),
  rubric: z.string().min(1).max(20_000),
  asking: wireAsking.optional(),
});
export const wirePreparedOpinionMarket = z.object({
  id: wireHex32,
  terms: wireOpinionTerms,
  /** To the treasury, never returned. */
  creationFee: wireInteger,
  calls: z.array(wireCall),
});

export const wireOpinionIntent = z.object({
  market: wireHex32,
  /** 31: hidden. */
  band: z.number().int().min(0).max(31),
  amount: wireInteger,
  opinion: wireHex32,
  commitment: wireHex32,
  owner: wireAddress,
  nonce: wireInteger,
  deadline: wireSeconds,
  sealed: bytes,
});
export const wirePrepareOpinion = z.object({
  owner: wireAddress,
  amount: wireInteger,
  opinion: wireHex32,
  /** Null where stances stay hidden: then `commitment` is wanted. */
  band: band.nullable(),
  commitment: wireHex32.optional(),
  sealed: bytes.optional(),
});
export const wirePreparedOpinion = z.object({
  intent: wireOpinionIntent,
  /** To be signed as well, unless an allowance is there already or the collateral takes no permits. */
  permit: wireTypedData.nullable(),
  typedData: wireTypedData,
  /** The way with gas of one's own. */
  calls: z.array(wireCall),
});
/** What its owner kept when he hid his stance. */
export const wirePrepareReveal = z.object({ owner: wireAddress, band, salt: wireHex32 });
/** POST /v1/relay/opinions: the platform pays the gas. */
export const wireRelayOpinion = z.object({
  intent: wireOpinionIntent,
  signature: z.string().regex(/^0x[0-9a-fA-F]{2,2000}$/),
  permit: z
    .object({
      value: wireInteger,
      deadline: wireSeconds,
      signature: z.string().regex(/^0x[0-9a-fA-F]{130}$/),
    })
    .nullable(),
});
