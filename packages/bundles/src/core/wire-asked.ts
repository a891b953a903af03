import { wireAddress, wireHex32, wireInteger, wireSeconds } from "@sooth/oracle/core";
import { z } from "zod";
import { MODES, MOST_LEGS } from "./types.ts";
import { wireBundle, wireLeg } from "./wire.ts";

/** JSON shapes of what is asked of the API about bundles. */
const bytes = (most: number) =>
  z
    .string()
    .regex(/^0x([0-9a-f]{2})*$/, "must be bytes as lower-case hex")
    .max(2 + 2 * most);
/** Of a key, or of a contract that speaks ERC-1271; those may be long. */
const signature = bytes(2_048);
const legs = z.array(wireLeg).min(1).max(MOST_LEGS);

export const wirePrepareBundle = z.object({
  owner: wireAddress,
  mode: z.enum(MODES),
  deadline: wireSeconds,
  /** Wei of the hub; left out: what relaying is likely to cost, with a margin. */
  fee: wireInteger.optional(),
  /** Makes two of the same differ; left out: by chance. */
  salt: wireInteger.optional(),
  legs,
  /** Whether the opening says the legs to everybody; left out: it does. */
  private: z.boolean().optional(),
});

export const wireOpenBundle = z.object({
  bundle: wireBundle,
  legs,
  /** Of the owner over the id. */
  signature,
  private: z.boolean(),
});
export const wireBundleId = z.object({ id: wireHex32 });

export const wireHandOverLegs = z.object({ bundle: wireBundle, legs });

export const wireLegHashes = z.object({ bundle: wireBundle, hashes: z.array(wireHex32) });

/** EIP-2612, for the escrow to take the token. */
export const wirePermit = z.object({
  value: wireInteger,
  deadline: wireInteger,
  v: z.number().int().min(0).max(255),
  r: wireHex32,
  s: wireHex32,
});
export const wirePayer = z.object({
  payer: wireAddress,
  leg: z
    .number()
    .int()
    .min(0)
    .max(MOST_LEGS - 1),
  /** Of the payer over the bundle's id; of the owner for a participant's leg. */
  signature,
  permit: wirePermit.optional(),
});

export type WirePrepareBundle = z.infer<typeof wirePrepareBundle>;
export type WireOpenBundle = z.infer<typeof wireOpenBundle>;
export type WirePayer = z.infer<typeof wirePayer>;
