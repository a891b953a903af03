import { wireAddress, wireHex32, wireSeconds } from "@sooth/oracle/core";
import { z } from "zod";
import { MOST_CHARACTERS, MOST_SHEET_BYTES } from "./text.ts";

const signature = z.string().regex(/^0x[0-9a-fA-F]{2,20000}$/);

/** POST /v1/content */
export const wirePostText = z.object({
  /** An opinion as people read it: 1 to 5,000 characters, 16,384 bytes of UTF-8 at most. */
  text: z.string().min(1).max(MOST_CHARACTERS),
});
/** POST /v1/content/sheets: canonical JSON, with EIP-712 `Sheet(bytes32 sha256)` by a provider's signing key. */
export const wirePostSheet = z.object({
  sheet: z.string().min(2).max(MOST_SHEET_BYTES),
  signer: wireAddress,
  signature,
});
export const wireContent = z.object({
  /** Version 1, raw, SHA-256. */
  cid: z.string(),
  /** Of the bytes: what a stake names as its opinion. */
  sha256: wireHex32,
  size: z.number().int(),
});
/**
 * POST /v1/content/{name}/erase: EIP-712 `Erasure(bytes32 sha256,address owner,uint64 deadline)` by who staked with it first;
 * POST /v1/content/{name}/keep takes that back: `Keeping` with the same fields.
 */
export const wireErase = z.object({ owner: wireAddress, deadline: wireSeconds, signature });
/** What became, or is to become, of a text that somebody wants erased. */
export const wireErasure = z.object({
  cid: z.string(),
  erased: z.boolean(),
  /** Who may ask: who staked with it first in an announced market; where it stands in none of those, who alone did. */
  author: wireAddress.nullable(),
  /** For how many seconds nobody may ask yet: who brought it may be about to stake with it. */
  young: z.number().int(),
  /** Null where nobody waits for it. */
  request: z
    .object({
      owner: wireAddress,
      askedAt: wireSeconds,
      /** Not before: by then stakes that were on their way are known. */
      notBefore: wireSeconds,
      /** How many markets it waits for: each has a stake with this text from before, and has not ended. */
      markets: z.number().int(),
      /** Those of them that close last, 20 at most. */
      waitsFor: z.array(z.object({ market: wireHex32, statement: z.string(), closesAt: wireSeconds })),
    })
    .nullable(),
});
