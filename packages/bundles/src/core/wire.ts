import type { Address, Hex } from "@sooth/kernel";
import { wireAddress, wireHex32, wireInteger, wireSeconds } from "@sooth/oracle/core";
import { z } from "zod";
import { type Bundle, COMPARISONS, type Leg, LEG_KINDS, MODES, MOST_LEGS, MOST_PAYLOAD } from "./types.ts";

/** JSON shapes of bundles. Amounts are decimal strings in wei, or in the smallest unit of a token. */
const whole = (bits: number) =>
  z
    .number()
    .int()
    .min(0)
    .max(2 ** bits - 1);
const below = (bits: bigint) =>
  wireInteger.refine((text) => BigInt(text) >= 0n && BigInt(text) < 1n << bits, `from 0 to 2^${bits} - 1`);
const places = z
  .array(whole(5))
  .max(MOST_LEGS)
  .refine((list) => list.every((one, index) => index === 0 || (list[index - 1] ?? one) < one), "ascending");

export const wireBundle = z.object({
  owner: wireAddress,
  mode: z.enum(MODES),
  legs: z.number().int().min(1).max(MOST_LEGS),
  deadline: wireSeconds,
  legsHash: wireHex32,
  fee: below(96n),
  salt: below(64n),
});

export const wireLeg = z.object({
  chainId: z.number().int().positive(),
  kind: z.enum(LEG_KINDS),
  target: wireAddress,
  value: below(96n),
  gasLimit: whole(32),
  data: z
    .string()
    .regex(/^0x([0-9a-f]{2})*$/, "must be bytes as lower-case hex")
    .max(2 + 2 * MOST_PAYLOAD),
  needsOk: places,
  needsFailed: places,
  needsSettled: places,
  undoes: whole(5).nullable(),
  splices: z
    .array(z.object({ from: whole(5), source: whole(16), length: whole(16), target: whole(32) }))
    .max(MOST_LEGS),
  conditions: z
    .array(
      z.object({ from: whole(5), source: whole(16), comparison: z.enum(COMPARISONS), value: below(256n) }),
    )
    .max(MOST_LEGS),
  salt: wireHex32,
});

export type WireBundle = z.infer<typeof wireBundle>;
export type WireLeg = z.infer<typeof wireLeg>;

export const bundleToWire = (bundle: Bundle): WireBundle => ({
  ...bundle,
  fee: String(bundle.fee),
  salt: String(bundle.salt),
});

/** Whether each field is within its bounds: what a log states may be beyond them, and is then nobody's header. */
export const isHeader = (bundle: Bundle): boolean => wireBundle.safeParse(bundleToWire(bundle)).success;

export const bundleFromWire = (bundle: WireBundle): Bundle => ({
  ...bundle,
  owner: bundle.owner as Address,
  legsHash: bundle.legsHash as Hex,
  fee: BigInt(bundle.fee),
  salt: BigInt(bundle.salt),
});

export const legToWire = (leg: Leg): WireLeg => ({
  ...leg,
  value: String(leg.value),
  needsOk: [...leg.needsOk],
  needsFailed: [...leg.needsFailed],
  needsSettled: [...leg.needsSettled],
  splices: [...leg.splices],
  conditions: leg.conditions.map((one) => ({ ...one, value: String(one.value) })),
});

export const legFromWire = (leg: WireLeg): Leg => ({
  ...leg,
  target: leg.target as Address,
  value: BigInt(leg.value),
  data: leg.data as Hex,
  conditions: leg.conditions.map((one) => ({ ...one, value: BigInt(one.value) })),
  salt: leg.salt as Hex,
});
