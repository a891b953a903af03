import { attestersAbi, bundleHubAbi } from "@sooth/abi";
import { type Chain, revertOf } from "@sooth/chain";
import type { Address } from "@sooth/kernel";
import { encodeFunctionData } from "viem";
import type { Server } from "./network.ts";
import type { Call } from "./send.ts";

/** Seats of a set of signers, at most. */
const MOST_SEATS = 32;

/** What a seat of an epoch has not claimed yet, wei of the hub. */
export type Due = { epoch: number; seat: number; amount: bigint };

/**
 * What seats may claim of the pots of these many epochs, the newest first. Asked of the hub by trying it, for what was claimed is
 * nobody's to read. @throws chain.rpc_unreachable
 */
export async function duePots(
  { hub, addresses }: Pick<Server, "hub" | "addresses">,
  { client }: Chain,
  epochs: number,
): Promise<Due[]> {
  const current = await client.readContract({
    address: addresses.attesters,
    abi: attestersAbi,
    functionName: "currentEpoch",
  });
  const wanted = Array.from({ length: Math.min(epochs, current) }, (_, index) => current - index);
  const found: Due[] = [];
  for (const epoch of wanted) {
    const at = { address: hub.hub as Address, abi: bundleHubAbi } as const;
    if ((await client.readContract({ ...at, functionName: "potOf", args: [epoch] })) === 0n) continue;
    const seats = await Promise.all(
      Array.from({ length: MOST_SEATS }, async (_, seat): Promise<Due[]> => {
        try {
          const { result } = await client.simulateContract({
            ...at,
            functionName: "claimPot",
            args: [epoch, seat],
          });
          return [{ epoch, seat, amount: result }];
        } catch (error) {
          // Nobody sits there, or nothing is due.
          if (revertOf(error, bundleHubAbi) !== null) return [];
          throw error;
        }
      }),
    );
    found.push(...seats.flat());
  }
  return found;
}

/** Credits the seat's owner at the hub, whoever sends it. */
export const claimPotCall = ({ hub }: Pick<Server, "hub">, { epoch, seat }: Due): Call => ({
  what: `claim of seat ${seat} in epoch ${epoch}`,
  leg: null,
  chainId: hub.chainId,
  to: hub.hub,
  data: encodeFunctionData({ abi: bundleHubAbi, functionName: "claimPot", args: [epoch, seat] }),
  value: "0",
});
