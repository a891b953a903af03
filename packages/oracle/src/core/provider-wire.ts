import { z } from "zod";
import {
  page,
  wireAddress,
  wireCall,
  wireHex32,
  wireInteger,
  wireProvider,
  wireSeconds,
  wireTypedData,
} from "./wire.ts";

/** JSON shapes of one provider's page and of what his wallet is asked to do. Amounts are decimal strings, smallest unit. */

/** What the stake manager was given at its construction. Seconds. */
export const wireProviderRules = z.object({
  minStake: wireInteger,
  unbondingSeconds: z.number().int(),
  epochSeconds: z.number().int(),
  seatsPerDomain: z.number().int(),
});

export const wireProviderList = page(wireProvider).extend({
  /** Of all who hold a seat, whatever page they are on. */
  totalWeight: wireInteger,
  rules: wireProviderRules,
});

/** Where a provider stands in one domain. */
export const wireStanding = z.object({
  domain: z.number().int(),
  /** In the current signer set; null on the bench. */
  seat: z.number().int().nullable(),
  weight: wireInteger,
  totalWeight: wireInteger,
  epoch: z.number().int(),
  /** Whether the next signer set holds him. */
  next: z.boolean(),
  /** His part of all weight in each signer set that there was, basis points rounded down, oldest first. */
  history: z.array(z.object({ epoch: z.number().int(), at: wireSeconds, share: z.number().int() })),
  /** What proved epoch records said of him, oldest first; empty while there is none. */
  records: z.array(
    z.object({
      epoch: z.number().int(),
      at: wireSeconds,
      /** Reputation, 0 to 1000, and what of his stake counts because of it, basis points. */
      score: z.number().int(),
      factorBps: z.number().int(),
      /** Rounds missed in a row. */
      strikes: z.number().int(),
      /** No seat before; 0 when not suspended. */
      suspendedUntil: wireSeconds,
      /** Who counts as one with him; 0 for none. */
      cluster: z.number().int(),
      /** Whether his part of a reward is twice as large. */
      premium: z.boolean(),
    }),
  ),
});

/** One answer that he could have signed. */
export const wireServed = z.object({
  question: wireHex32,
  text: z.string(),
  at: wireSeconds,
  /** `counted`: in the answer. `late`: handed over, and not in it. `missed`: not handed over here. */
  did: z.enum(["counted", "late", "missed"]),
});

export const wireProviderDetail = wireProvider.extend({
  joinedAt: wireSeconds,
  /** Every key that he ever named: all of them earn for him. */
  signers: z.array(wireAddress),
  standings: z.array(wireStanding),
  /** Of the newest 1,000 answers that he could have signed, with those that were missed or came late, newest first. */
  served: z.array(wireServed),
  missed: z.number().int(),
  late: z.number().int(),
  /** From when on he may withdraw; null while he has not left, or still holds a seat that he left. */
  stakeFreeAt: wireSeconds.nullable(),
  rules: wireProviderRules,
});

const owner = wireAddress;
const signature = z.string().regex(/^0x([0-9a-fA-F]{128}|[0-9a-fA-F]{130})$/);
const domains = z.array(z.number().int().min(0).max(15)).max(16);
/** Of language models that he answers by: 1 to 255; 0 for a person. Left out, it stays as it is. */
const family = z.number().int().min(0).max(255).optional();

export const wirePrepareJoin = z.object({
  owner,
  signer: wireAddress,
  stake: wireInteger,
  domains,
  family,
  /** By the signing key, over `possession` of the answer. Without it, and with a key that is not the owner's, no calls come back. */
  possession: signature.optional(),
});
export const wirePrepareRotate = z.object({ owner, signer: wireAddress, possession: signature.optional() });
export const wirePrepareOwner = z.object({ owner });
export const wirePrepareStake = z.object({ owner, amount: wireInteger });
export const wirePrepareDomains = z.object({ owner, domains, family });
export const wirePrepareSeat = z.object({ owner, domain: z.number().int().min(0).max(15) });
export const wirePrepareJuror = z.object({ owner, willing: z.boolean() });

/** What a wallet is about to be asked, and what follows from it. */
export const wirePreparedProvider = z.object({
  /** In this order; empty while a signature is missing or there is nothing to do. */
  calls: z.array(wireCall),
  /** What the signing key has to sign first; null when nothing is missing. */
  possession: wireTypedData.nullable(),
  /** Collateral that leaves the wallet, and that comes to it. */
  takes: wireInteger,
  pays: wireInteger,
  /** Unix seconds by the chain's clock: from when it holds; null: at once. The earliest, somebody has to start the epoch. */
  holdsFrom: wireSeconds.nullable(),
  /** When the stake may be withdrawn, null where that does not change. */
  freeAt: wireSeconds.nullable(),
  /** Whose place is taken: the smallest stake's, where all are taken. */
  displaces: wireAddress.nullable(),
});
