import { KernelError } from "./kernel-error.ts";

/** Collateral in its smallest unit (a test dollar has 6 decimals). Never negative. */
export type Amount = bigint & { readonly unit: "collateral" };
/** Basis points: 10_000 is the whole. */
export type Bps = number & { readonly unit: "bps" };
/** Seconds since 1970 by the clock of a chain, not of this machine. */
export type UnixSeconds = number & { readonly unit: "s" };
export type ChainId = number & { readonly unit: "chain" };
export type Hex = `0x${string}`;
/** Checksummed or lower-case; compare with `sameAddress`. */
export type Address = `0x${string}`;

/** The whole in basis points, to reckon shares of bigints. */
export const BPS = 10_000n;

const MAX_UINT256 = (1n << 256n) - 1n;

/** @throws kernel.not_an_amount when negative or above 2^256-1. */
export function amount(value: bigint): Amount {
  if (value < 0n || value > MAX_UINT256) throw KernelError.not_an_amount({ value: String(value) });
  return value as Amount;
}

/** Rounds down: the remainder stays with the pool, never with the caller. */
export const takeBps = (whole: Amount, bps: Bps): Amount => ((whole * BigInt(bps)) / BPS) as Amount;

export const sameAddress = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
