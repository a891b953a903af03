import { type Address, sameAddress } from "@sooth/kernel";
import { NOBODY } from "./facts.ts";
import type { Bundle, Settled } from "./types.ts";

/** Where the fee of a decided bundle goes, in wei of the hub. Mirror of FeeLedger.sol and BundleWord.sol; vectors/bundle-fees.json binds both. */

const WHOLE = 10_000n;
/** Of a share of an ordered leg that did not run. Source: BundleWord.UNRUN_PART. */
const UNRUN_PART = 4n;

/** What its owner signed, and the fee with all that it was raised by. */
export type FeeTerms = Pick<Bundle, "owner" | "mode" | "legs" | "fee">;
/** A share that went out: it is what relayer, attesters and owner have of it. */
export type PaidShare = {
  /** Whom the hub names; the zero address where the share is the owner's. */
  relayer: Address;
  /** As the hub logs it: what is due, before the attesters' part, or all of it where it is the owner's. */
  amount: bigint;
  toRelayer: bigint;
  toAttesters: bigint;
  toOwner: bigint;
};

/** A leg's part of the fee, rounded down. */
export const shareOf = ({ fee, legs }: Pick<FeeTerms, "fee" | "legs">): bigint => fee / BigInt(legs);

/** What part of a share is due, as a divisor: of an ordered leg that did not run a quarter. */
export const duePartOf = ({ mode }: Pick<FeeTerms, "mode">, status: Settled): bigint =>
  mode === "escrowed" || status === "ok" || status === "failed" ? 1n : UNRUN_PART;

/**
 * Of a leg whose receipt says so. Each part is rounded down, and what that leaves is the one before's: the attesters' the
 * relayer's, the due one the owner's.
 * @param attesterBps as the hub was built; 0 where nobody sits
 */
export function payShare(
  terms: FeeTerms,
  { status, relayer }: { status: Settled; relayer: Address },
  attesterBps: number,
): PaidShare {
  const share = shareOf(terms);
  if (BigInt(relayer) === 0n || sameAddress(relayer, terms.owner))
    return { relayer: NOBODY, amount: share, toRelayer: 0n, toAttesters: 0n, toOwner: share };
  const amount = share / duePartOf(terms, status);
  const toAttesters = (amount * BigInt(attesterBps)) / WHOLE;
  return { relayer, amount, toRelayer: amount - toAttesters, toAttesters, toOwner: share - amount };
}

/** What is left of the fee beside so many shares: the owner's with the last of them, or when he reclaims it. */
export const restOf = (terms: FeeTerms, shares: number): bigint =>
  terms.fee - shareOf(terms) * BigInt(shares);
