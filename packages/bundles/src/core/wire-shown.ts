import { page, wireAddress, wireHex32, wireInteger, wireSeconds } from "@sooth/oracle/core";
import { z } from "zod";
import { LEG_STATUSES, MODES, OUTCOMES, WAITS } from "./types.ts";
import { wireBundle, wireLeg } from "./wire.ts";

/** JSON shapes of what is shown of bundles. Amounts are decimal strings in wei, or in the smallest unit of a token. */
const place = z.number().int().min(0).max(31);
const places = z.array(place);

export const BUNDLE_STATUSES = [
  "unopened",
  "buffered",
  "ready",
  "running",
  "compensating",
  "stuck",
  "compensated",
  "preparing",
  "prepared",
  "decided",
  "refunded",
  "completed",
] as const;

/** Mirror of {BundleStatus}. */
export const wireBundleStatus = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("unopened") }),
  z.object({ kind: z.literal("buffered") }),
  z.object({ kind: z.literal("ready"), legs: places }),
  z.object({ kind: z.literal("running"), ran: places, waiting: places }),
  z.object({ kind: z.literal("compensating"), due: places }),
  z.object({ kind: z.literal("stuck"), legs: places }),
  z.object({ kind: z.literal("compensated"), undone: places, stays: places }),
  z.object({ kind: z.literal("preparing"), held: places, missing: places }),
  z.object({ kind: z.literal("prepared") }),
  z.object({ kind: z.literal("decided"), outcome: z.enum(["committed", "aborted"]), held: places }),
  z.object({ kind: z.literal("refunded") }),
  z.object({ kind: z.literal("completed") }),
]);

/** A transaction that anybody, or the one named, may send now. */
export const wireBundleCall = z.object({
  what: z.enum([
    "open",
    "approve",
    "prepare",
    "run",
    "cancel",
    "compensate",
    "finish",
    "take_back",
    "commit",
    "abort",
    "expire",
    "settle",
    "reclaim",
  ]),
  leg: place.nullable(),
  /** Null: anybody may. */
  by: wireAddress.nullable(),
  chainId: z.number().int().positive(),
  to: wireAddress,
  data: z.string().regex(/^0x([0-9a-f]{2})*$/),
  value: wireInteger,
});

/** What became of a leg on its chain. `leg` is null while its payload is private. */
export const wireLegShown = z.object({
  place,
  /** Null while nobody has said it: an opening can keep it, and nothing was held of it. */
  hash: wireHex32.nullable(),
  chainId: z.number().int().positive().nullable(),
  leg: wireLeg.nullable(),
  state: z.enum([...LEG_STATUSES, "held", "taken_back"]),
  /** How often this compensation was tried and failed. */
  failures: z.number().int(),
  /** Why it was left alone when it was brought last; null when it never was. */
  wait: z.enum(WAITS).nullable(),
  /** Hash of what the call returned, as its receipt says it; null without one. */
  result: wireHex32.nullable(),
  /** What the call returned, where it was logged. */
  returned: z.string().nullable(),
  relayer: wireAddress.nullable(),
  transaction: wireHex32.nullable(),
  block: z.number().int().nullable(),
  at: wireSeconds.nullable(),
  /** When an escrow took it in, and by which transaction; what stands above is what came of it last. */
  heldAt: wireSeconds.nullable(),
  heldIn: wireHex32.nullable(),
  /** Gas of its transaction, shared equally among the legs in it, and what that cost; wei of its chain. */
  gasUsed: wireInteger.nullable(),
  cost: wireInteger.nullable(),
});

/** A fact that attesters signed of this bundle, and who did. */
export const wireAttestation = z.object({
  fact: z.enum(["opened", "prepared", "receipt", "decision"]),
  leg: place.nullable(),
  epoch: z.number().int(),
  seats: z.array(wireAddress),
  /** Whether these are enough. */
  quorum: z.boolean(),
  at: wireSeconds,
});

export const wireBundleRow = z.object({
  id: wireHex32,
  chainId: z.number().int(),
  owner: wireAddress,
  mode: z.enum(MODES),
  legs: z.number().int(),
  /** Ids of the chains its legs are on, as far as they are known. */
  chains: z.array(z.number().int()),
  fee: wireInteger,
  deadline: wireSeconds,
  outcome: z.enum(OUTCOMES),
  status: wireBundleStatus,
  openedAt: wireSeconds.nullable(),
  openedIn: wireHex32.nullable(),
});

export const bundlesPage = page(wireBundleRow);

export const wirePledge = z.object({ id: z.string(), says: z.string(), kept: z.boolean() });

export const wireBundleDetail = wireBundleRow.extend({
  /** Null while nobody has handed over the header. */
  bundle: wireBundle.nullable(),
  base: wireInteger.nullable(),
  shown: z.array(wireLegShown),
  pledges: z.array(wirePledge),
  attestations: z.array(wireAttestation),
  /** The clocks that count: of the hub, and of each chain with a leg. */
  clocks: z.array(
    z.object({
      chainId: z.number().int(),
      now: wireSeconds,
      paused: z.boolean(),
      reachable: z.boolean(),
      /** Whether its escrow bounds what enters by where else a bundle has legs, and so wants to see them; left out: it does not. */
      lanes: z.boolean().optional(),
    }),
  ),
  /** Of legs that are not held yet: what their escrows take now, where the way between two chains is bounded. */
  lanes: z
    .array(
      z.object({
        chainId: z.number().int(),
        other: z.number().int(),
        token: wireAddress,
        places: z.array(z.number().int()),
        wanted: wireInteger,
        room: wireInteger,
        restsUntil: wireSeconds.nullable(),
      }),
    )
    .optional(),
  /** From then on: anybody aborts without a reason; escrows give back without a signature; the owner reclaims the fee. */
  times: z.object({ abortable: wireSeconds, escape: wireSeconds, reclaimable: wireSeconds }),
  decidedAt: wireSeconds.nullable(),
  decidedIn: wireHex32.nullable(),
  fees: z.object({ paid: wireInteger, toAttesters: wireInteger, toOwner: wireInteger, left: wireInteger }),
  /** What anybody, or the owner or a payer, can send now; what a relayer does of itself stands here too. */
  calls: z.array(wireBundleCall),
});

/** What a payer has to mend before an escrow can take his tokens; in the smallest unit of the leg's token. */
export const wireLack = z.object({
  payer: wireAddress,
  balance: wireInteger,
  allowance: wireInteger,
  wanted: wireInteger,
});

/** What comes of legs that could be brought now. */
export const wireBundleTrial = z.object({
  legs: z.array(
    z.object({
      place,
      /** Why it would fail as things stand. */
      fails: z.string().nullable(),
      lacks: wireLack.nullable(),
    }),
  ),
});

/** What is wanted of a bundle that is not opened yet, and what it would cost. */
export const wireBundleQuote = z.object({
  legs: z.array(
    z.object({
      place,
      chainId: z.number().int(),
      /** Units of gas that the leg's call used when it was tried; null when it failed or stands on what is not known yet. */
      callGas: wireInteger.nullable(),
      /** Units of gas with all that is around the call, alone in its transaction and among 50. */
      gasAlone: wireInteger,
      gasBatched: wireInteger,
      gasPrice: wireInteger,
      /** Whether its escrow wants the other legs shown with it, since a lane is bounded there; left out: it does not. */
      across: z.boolean().optional(),
      /** Why it would fail as things stand. */
      fails: z.string().nullable(),
      lacks: wireLack.nullable(),
    }),
  ),
  hubGas: wireInteger,
  /** Wei of the hub: what relayers spend on it, and that with a margin. */
  cost: wireInteger,
  fee: wireInteger,
  /** Seconds from opening to the end, by block times and how long attesters wait for each chain and for what hangs on it. */
  seconds: z.number().int(),
  /** Where less than this lies between opening and deadline it cannot succeed: `prepare` refuses it. */
  leastSeconds: z.number().int(),
  /** How long attesters wait for a block before they say what is in it, of each chain, the hub first. */
  waits: z.array(
    z.object({
      chainId: z.number().int(),
      until: z.enum(["blocks", "safe", "finalized"]),
      /** So many on top of it; null where the chain's own word is waited for. */
      blocks: z.number().int().nullable(),
      seconds: z.number().int(),
    }),
  ),
});

export const wirePreparedBundle = z.object({
  id: wireHex32,
  bundle: wireBundle,
  hashes: z.array(wireHex32),
  /** EIP-712: what the owner signs, and each payer who does not call himself. */
  typedData: z.unknown(),
  pledges: z.array(wirePledge),
  calls: z.array(wireBundleCall),
});

export type WireBundleStatus = z.infer<typeof wireBundleStatus>;
export type WireBundleRow = z.infer<typeof wireBundleRow>;
export type WireBundleDetail = z.infer<typeof wireBundleDetail>;
export type WireLegShown = z.infer<typeof wireLegShown>;
export type WireBundleCall = z.infer<typeof wireBundleCall>;
export type WireLack = z.infer<typeof wireLack>;
export type WireBundleTrial = z.infer<typeof wireBundleTrial>;
export type WireBundleQuote = z.infer<typeof wireBundleQuote>;
export type WirePreparedBundle = z.infer<typeof wirePreparedBundle>;
