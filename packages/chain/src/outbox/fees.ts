import type { PublicClient } from "viem";
import { type ByteFees, byteFees } from "../rpc/byte-fees.ts";

/** In wei per gas, as EIP-1559 names them. */
export type Fees = { maxFee: bigint; maxPriorityFee: bigint };
/** What the market asks, and what a gas and the bytes of a transaction sent now cost in the end: less than it offers at most. */
export type Market = Fees & { price: bigint; bytes: ByteFees };

/** A base fee can rise by an eighth per block: twice the present one holds for five blocks at least. */
const BASE_FEE_MULTIPLE = 2n;
/** The least rise by which pools accept a replacement is a tenth; clients ask for an eighth. Rounded up. */
const raised = (fee: bigint): bigint => (fee * 9n + 7n) / 8n + 1n;
/** A transaction that waits although it pays this many times the market waits for something else. */
const CEILING_MULTIPLE = 5n;

export async function marketFees(client: PublicClient): Promise<Market> {
  const [block, maxPriorityFee, bytes] = await Promise.all([
    client.getBlock({ blockTag: "latest" }),
    client.estimateMaxPriorityFeePerGas(),
    byteFees(client),
  ]);
  const baseFee = block.baseFeePerGas ?? 0n;
  return {
    maxFee: baseFee * BASE_FEE_MULTIPLE + maxPriorityFee,
    maxPriorityFee,
    price: baseFee + maxPriorityFee,
    bytes,
  };
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** Fees by which a pool takes another transaction for `last`: an eighth more and at least the market's. */
export function raisedFees(last: Fees, market: Fees): Fees {
  const maxPriorityFee = larger(raised(last.maxPriorityFee), market.maxPriorityFee);
  const maxFee = larger(raised(last.maxFee), market.maxFee);
  // The tip is part of the fee, and pools refuse one that is larger.
  return { maxFee: larger(maxFee, maxPriorityFee), maxPriorityFee };
}

/** The same, but null when more would not help. */
export function replacementFees(last: Fees, market: Fees): Fees | null {
  const worth = larger(market.maxFee * CEILING_MULTIPLE, raised(market.maxFee));
  return larger(raised(last.maxFee), market.maxFee) > worth ? null : raisedFees(last, market);
}
