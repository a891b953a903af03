import { z } from "zod";
import { MOST_MESSAGE } from "./message.ts";

const seconds = z.number().int();

export const wireNonce = z.object({
  nonce: z.string(),
  /** To be written into the message, unix seconds: the server's clock counts. */
  issuedAt: seconds,
  /** Until when the nonce is taken. */
  expiresAt: seconds,
});
/** POST /v1/session: an EIP-4361 message and its wallet's signature, by a key, a contract (ERC-1271) or one to be (ERC-6492). */
export const wireSignIn = z.object({
  message: z.string().min(1).max(MOST_MESSAGE),
  signature: z.string().regex(/^0x[0-9a-fA-F]{2,20000}$/),
});
/** Both null: nobody is signed in. */
export const wireSession = z.object({ address: z.string().nullable(), expiresAt: seconds.nullable() });
