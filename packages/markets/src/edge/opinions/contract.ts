import { opinionsAbi, testDollarAbi } from "@sooth/abi";
import { askedOnce, type Chain, type Addresses } from "@sooth/chain";
import { type Address, sameAddress } from "@sooth/kernel";
import { zeroAddress } from "viem";
import type { OpinionBounds } from "../../core/index.ts";
import type { Purse } from "../contract.ts";

/** What a deployment of Opinions fixed for ever. */
export type OpinionConstants = OpinionBounds & {
  creationFee: bigint;
  /** Who approves what a market comes to; null: nobody need. */
  approver: Address | null;
  /** Seconds by which the chain's clock may run behind the beacon's. */
  clockLag: number;
};

/** @throws chain.rpc_unreachable */
export const opinionConstants = askedOnce(async (hub, addresses): Promise<OpinionConstants> => {
  const opinions = { address: addresses.opinions, abi: opinionsAbi } as const;
  const [creationFee, leastSeconds, mostSeconds, leastStake, mostStake, approver, clockLag] =
    await Promise.all([
      hub.client.readContract({ ...opinions, functionName: "CREATION_FEE" }),
      hub.client.readContract({ ...opinions, functionName: "LEAST_SECONDS" }),
      hub.client.readContract({ ...opinions, functionName: "MOST_SECONDS" }),
      hub.client.readContract({ ...opinions, functionName: "LEAST_STAKE" }),
      hub.client.readContract({ ...opinions, functionName: "MOST_STAKE" }),
      hub.client.readContract({ ...opinions, functionName: "approver" }),
      hub.client.readContract({ ...opinions, functionName: "CLOCK_LAG" }),
    ]);
  return {
    creationFee,
    leastSeconds,
    mostSeconds,
    leastStake: BigInt(leastStake),
    mostStake: BigInt(mostStake),
    approver: sameAddress(approver, zeroAddress) ? null : approver,
    clockLag,
  };
});

/** What decides whether an owner can stake, by the chain itself. */
export async function opinionPurse(hub: Chain, addresses: Addresses, owner: Address): Promise<Purse> {
  const token = { address: addresses.collateral, abi: testDollarAbi } as const;
  const [balance, allowance, nonce] = await Promise.all([
    hub.client.readContract({ ...token, functionName: "balanceOf", args: [owner] }),
    hub.client.readContract({ ...token, functionName: "allowance", args: [owner, addresses.opinions] }),
    hub.client.readContract({
      address: addresses.opinions,
      abi: opinionsAbi,
      functionName: "nonceOf",
      args: [owner],
    }),
  ]);
  return { balance, allowance, nonce };
}
