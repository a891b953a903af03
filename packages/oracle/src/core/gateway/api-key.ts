import type { Hex } from "@sooth/kernel";
import { sha256 } from "viem";
import { z } from "zod";

/** What a key can be good for. `admin` sees and revokes all keys, and is given by an operator alone. */
export const KEY_SCOPES = ["read", "events", "report-receipts", "admin"] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];
/** What whoever signs for it can have. */
export const OWN_SCOPES = ["read", "events", "report-receipts"] as const satisfies readonly KeyScope[];

/** How every key begins. Nothing else of ours does, so that a key is found wherever it should not be. */
export const KEY_PREFIX = "sooth_";
const KEY = /^sooth_([0-9a-f]{12})_([0-9a-f]{64})$/;
export const wireKeyId = z.string().regex(/^[0-9a-f]{12}$/);

/** Neither a line feed nor an escape sequence: names stand in logs and terminals. */
export const keyName = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,59}$/u, "letters, digits, spaces, dots and dashes, 60 at most");

export const DAY = 86_400;
export const MOST_DAYS = 366;
export const USUAL_DAYS = 90;
/** For how long a key is good after another has taken its place. */
export const USUAL_GRACE_SECONDS = 86_400;
export const MOST_GRACE_SECONDS = 7 * DAY;
export const MOST_OWN_KEYS = 5;

/** The key as its holder shows it: `id` finds it, `secret`, 32 bytes, proves it. */
export const keyText = (id: string, secret: Hex): string => `${KEY_PREFIX}${id}_${secret.slice(2)}`;

export function readKey(text: string): { id: string; secret: Hex } | null {
  const found = KEY.exec(text);
  return found?.[1] && found[2] ? { id: found[1], secret: `0x${found[2]}` } : null;
}

/** All that is stored of a secret. 256 random bits need no salt and no slow hash: nobody can try them all. */
export const secretHash = (secret: Hex): Hex => sha256(secret);

/** Why a key opens nothing at `now` (unix seconds), or null. */
export const keyFault = (
  key: { expiresAt: number; revokedAt: number | null },
  now: number,
): "revoked" | "expired" | null =>
  key.revokedAt !== null ? "revoked" : now >= key.expiresAt ? "expired" : null;
