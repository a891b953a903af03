import type { Chain } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import type { TriedLog } from "./attempt.ts";
import type { Desk, Job } from "./desks.ts";
import { type Saying, sayings, subjectOf } from "./sayings.ts";

/** What a transaction cost in the end, and what it said. */
export type Receipt = { wei: bigint; logs: readonly TriedLog[] };

type RawReceipt = { gasUsed: Hex; effectiveGasPrice: Hex; logs: TriedLog[]; l1Fee?: Hex };

/** What is spent on a bundle is never spent twice: a node that hiccups must not use it up. */
const ASKED_AGAIN_MS = [250, 1_000, 4_000];

/**
 * Of the one of these that is mined: they share a nonce, so no other is. Asked again for a while; null when nodes do not say.
 * @param hashes as a lane tells them
 */
export async function receiptSoon(chain: Chain, hashes: readonly Hex[]): Promise<Receipt | null> {
  for (const wait of [...ASKED_AGAIN_MS, null]) {
    const all = await Promise.all(hashes.map((hash) => receiptOf(chain, hash).catch(() => null)));
    const found = all.find((receipt) => receipt !== null) ?? null;
    if (found || wait === null) return found;
    await new Promise<void>((resolve) => setTimeout(resolve, wait).unref());
  }
  return null;
}

/** Null when the node knows none of it: another transaction took its nonce, or a reorganisation it. */
async function receiptOf({ client }: Chain, hash: Hex): Promise<Receipt | null> {
  const found = (await client.request({
    method: "eth_getTransactionReceipt",
    params: [hash],
  })) as RawReceipt | null;
  if (found === null) return null;
  // Rollups of Optimism's kind take what its bytes cost on their first layer beside the gas.
  const wei = BigInt(found.gasUsed) * BigInt(found.effectiveGasPrice) + BigInt(found.l1Fee ?? "0x0");
  return { wei, logs: found.logs };
}

/** Units of gas that a job states with what is around it: its part of a transaction's cost is by that. */
export type Weighed = { job: Job; weight: bigint };
export type Aftermath = { job: Job; said: Saying | "nothing"; wei: bigint };

/**
 * What came of each job of a transaction, and its part of the cost. Who had an effect pays no more than by what he stated at
 * `perGas` while there is one that had none, so that nobody's strangers spend his fee: what is over falls on those.
 */
export function aftermathOf(
  desk: Desk,
  weighed: readonly Weighed[],
  to: Address,
  receipt: Receipt,
  perGas: bigint,
): Aftermath[] {
  const said = sayings(receipt.logs, to);
  const whole = weighed.reduce((sum, { weight }) => sum + weight, 0n);
  const found = weighed.map(({ job, weight }): Aftermath & { most: bigint } => {
    const wei = whole === 0n ? 0n : (receipt.wei * weight) / whole;
    return { job, said: said.get(subjectOf(desk, job)) ?? "nothing", wei, most: weight * perGas };
  });
  const vain = found.filter((one) => !isEffect(one.said));
  if (vain.length === 0) return found;
  let over = 0n;
  for (const one of found) {
    if (!isEffect(one.said) || one.wei <= one.most) continue;
    over += one.wei - one.most;
    one.wei = one.most;
  }
  for (const one of vain) one.wei += over / BigInt(vain.length);
  return found;
}

export const isEffect = (said: Aftermath["said"]): boolean => said === "good" || said === "failed";
