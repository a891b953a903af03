import { z } from "zod";
import { wireAddress, wireCall, wireHex32, wireInteger, wireSeconds } from "../wire.ts";
import { feedSchema } from "./schema.ts";

/** JSON shapes of the feeds' part of the API. Values are decimal strings in fixed point. */

export const wireFeed = z.object({
  id: wireHex32,
  chainId: z.number().int(),
  /** Null for a number of the contract's that has no meaning. */
  scheme: z.enum(["first-party", "values", "agreed", "aggregated"]).nullable(),
  /** Whose key alone signs it, where the scheme is first-party. */
  signer: wireAddress.nullable(),
  domain: z.number().int(),
  decimals: z.number().int(),
  /** Seconds. */
  heartbeat: z.number().int(),
  /** Null: nobody logged its terms, or programs cannot act on what was logged. */
  schema: feedSchema.nullable(),
  status: z.enum(["unknown", "fresh", "stale", "halted"]),
  value: wireInteger.nullable(),
  /** "3,182.44 USD": for people. */
  label: z.string().nullable(),
  observedAt: wireSeconds.nullable(),
  /** Seconds between the value's moment and the chain's clock. */
  age: z.number().int().nullable(),
  /** Keys that signed the newest value, as far as what they signed was handed over here, within a day. */
  signers: z.number().int(),
  /** Their share of the domain's weight, basis points; null where the signer set has changed since, or one key tells it. */
  weightBps: z.number().int().nullable(),
  /** How many values were taken. */
  round: z.number().int(),
  /** The jump, or value too far from the secondary feed, that was refused, while it holds the feed up. */
  refused: wireInteger.nullable(),
  /** The feed that this one is held against; null: none. */
  secondary: wireHex32.nullable(),
  /** How far from that a value may be, basis points; null without one. */
  apartBps: z.number().int().nullable(),
  /** Whether this server sends updates of it. */
  told: z.boolean(),
});

export const wireFeedDetail = wireFeed.extend({
  /** Of the newest moments, newest first, as far as they were handed over here. */
  reports: z.array(
    z.object({
      signer: wireAddress,
      seat: z.number().int(),
      weight: wireInteger,
      value: wireInteger,
      observedAt: wireSeconds,
      epoch: z.number().int(),
      receivedAt: wireSeconds,
    }),
  ),
});

export const wireFeedValue = z.object({
  round: z.number().int(),
  value: wireInteger,
  observedAt: wireSeconds,
  transaction: wireHex32,
});

/** The newest value that a contract would believe, with what proves it. */
export const wirePulledFeed = z.object({
  feed: wireHex32,
  chainId: z.number().int(),
  /** The feeds contract, which checks it. */
  contract: wireAddress,
  observedAt: wireSeconds,
  /** Whose signers it is signed by; the contract refuses it once the next begins. 0 where one key tells the feed. */
  epoch: z.number().int(),
  value: wireInteger,
  /** Of the signers, and of all there are. */
  weight: wireInteger,
  totalWeight: wireInteger,
  /** For `checkValues`, or `updateValues`; null where one key tells the feed. */
  entries: z
    .string()
    .regex(/^0x(?:[0-9a-f]{2})+$/)
    .nullable(),
  /**
   * For `updateFirstParty`: r and vs (EIP-2098) recover to `signer` from `digestOf(template, value, observedAt, 0)`. Null
   * where providers tell the feed.
   */
  firstParty: z
    .object({ template: wireHex32, signer: wireAddress, digest: wireHex32, r: wireHex32, vs: wireHex32 })
    .nullable(),
  /** `checkValues` as a call that costs nothing, for `eth_call`; null where one key tells the feed. */
  check: z.object({ to: wireAddress, data: z.string().regex(/^0x[0-9a-f]*$/) }).nullable(),
});

/**
 * What a provider hands over: EIP-712 `Report(momentOf(feed, observedAt), value, epoch, 0)` of the feeds contract. Of a
 * first-party feed it is signed by its key, for the template in place of the feed, with epoch 0.
 */
export const wireFeedReport = z.object({
  value: wireInteger,
  observedAt: wireSeconds,
  epoch: z.number().int().nonnegative(),
  signature: z.string().regex(/^0x[0-9a-fA-F]{130}$/),
});
export const wireFeedReceipt = z.object({
  feed: wireHex32,
  signer: wireAddress,
  seat: z.number().int(),
  observedAt: wireSeconds,
  receivedAt: wireSeconds,
  /** The same report again is answered with the first receipt. */
  repeated: z.boolean(),
});

export const wirePrepareFeed = z.object({
  schema: feedSchema,
  domain: z.number().int().min(0).max(15).default(0),
  /** Seconds: a value is told at least so often. */
  heartbeat: z.number().int().min(1).max(16_777_215),
  /** The key that alone tells it, of whoever owns the source; without one the domain's providers do. */
  signer: wireAddress.optional(),
  /** A step above so many times the trailing mean step is refused by an ordinary quorum; 0: never. 10, or 0 with `signer`. */
  jump: z.number().int().min(0).max(255).optional(),
  /** A step within these basis points of the last value is no jump. */
  bandBps: z.number().int().min(0).max(10_000).default(500),
  /** A feed of the same decimals that this one is held against while it is fresh. Not with `signer`. */
  secondary: wireHex32.optional(),
  /** How far from what that says a value may be, basis points of it; further needs nine tenths of all weight. */
  apartBps: z.number().int().min(20).max(5_100).multipleOf(20).default(500),
  nonce: wireInteger.default("0"),
});
export const wirePreparedFeed = z.object({ id: wireHex32, schemaText: z.string(), calls: z.array(wireCall) });
