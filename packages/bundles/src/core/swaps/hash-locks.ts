import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import { sha256 } from "viem";
import { BundlesError } from "../errors.ts";

/** Mirror of contracts/src/bundles/orders/IHashLocks.sol. */
export type HashLock = {
  payer: Address;
  recipient: Address;
  token: Address;
  amount: bigint;
  /** sha256 of the secret's 32 bytes. */
  hash: Hex;
  /** Unix seconds: the first in which it cannot be claimed. */
  until: number;
  salt: bigint;
};
export type LockOn = { chainId: number; lock: HashLock };

/**
 * Seconds between the ends of both locks, at least. Whoever locked second sees the secret when the second lock is claimed, at its last
 * moment maybe, and must then get a transaction into the other chain: rollups may refuse one for 12 to 24 hours.
 */
export const SWAP_MARGIN = 36 * 3_600;

export const hashOfSecret = (secret: Hex): Hex => sha256(secret);

/** The two locks of a swap. `drawer` drew the secret: he locks first, for longer, and claims the second. */
export type HashSwap = {
  hash: Hex;
  drawer: Address;
  other: Address;
  gives: { chainId: number; token: Address; amount: bigint };
  wants: { chainId: number; token: Address; amount: bigint };
  /** Until when the drawer may claim; unix seconds. */
  until: number;
  salt: bigint;
};

/** @throws bundles.bad_swap */
export function planHashSwap(swap: HashSwap, now: number, margin = SWAP_MARGIN) {
  const { hash, drawer, other, gives, wants, until, salt } = swap;
  const first: LockOn = {
    chainId: gives.chainId,
    lock: {
      payer: drawer,
      recipient: other,
      token: gives.token,
      amount: gives.amount,
      hash,
      until: until + margin,
      salt,
    },
  };
  const second: LockOn = {
    chainId: wants.chainId,
    lock: { payer: other, recipient: drawer, token: wants.token, amount: wants.amount, hash, until, salt },
  };
  checkHashSwap(first, second, now, margin);
  return { first, second };
}

/**
 * What whoever locks second must look at before he does, with the first lock as it stands on its chain; the contract of a
 * lock knows nothing of the other. @throws bundles.bad_swap
 */
export function checkHashSwap(first: LockOn, second: LockOn, now: number, margin = SWAP_MARGIN): void {
  const [one, two] = [first.lock, second.lock];
  if (one.hash !== two.hash) refuse("the locks are of two secrets");
  if (!sameAddress(one.payer, two.recipient) || !sameAddress(one.recipient, two.payer))
    refuse("who pays in one lock is not who is paid by the other");
  if (sameAddress(one.payer, one.recipient)) refuse("both are one");
  if (one.amount <= 0n || two.amount <= 0n) refuse("an amount is 0");
  if (two.until <= now) refuse(`the second lock ended at ${two.until}`);
  if (one.until - two.until < margin)
    refuse(
      `the first lock ends ${one.until - two.until} seconds after the second, and ${margin} are the least`,
    );
}

function refuse(why: string): never {
  throw BundlesError.bad_swap({ why });
}
