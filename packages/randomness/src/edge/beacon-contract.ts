import { drandBeaconAbi } from "@sooth/abi";
import type { Addresses, Chain } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { BaseError, concat, ContractFunctionRevertedError, numberToHex } from "viem";
import type { BeaconIdentity } from "./beacon-source.ts";

const known = new WeakMap<Chain, Map<string, Promise<BeaconIdentity>>>();

/** Key and schedule that the contract was built with. Asked of the chain once: they never change. @throws chain.rpc_unreachable */
export function beaconIdentity(hub: Chain, { beacon }: Pick<Addresses, "beacon">): Promise<BeaconIdentity> {
  const ofChain = known.get(hub) ?? new Map<string, Promise<BeaconIdentity>>();
  known.set(hub, ofChain);
  const held = ofChain.get(beacon);
  if (held) return held;
  const asked = readIdentity(hub, beacon);
  ofChain.set(beacon, asked);
  asked.catch(() => ofChain.delete(beacon));
  return asked;
}

async function readIdentity(hub: Chain, address: Hex): Promise<BeaconIdentity> {
  const contract = { address, abi: drandBeaconAbi } as const;
  const [key, genesis, period] = await Promise.all([
    hub.client.readContract({ ...contract, functionName: "publicKey" }),
    hub.client.readContract({ ...contract, functionName: "GENESIS" }),
    hub.client.readContract({ ...contract, functionName: "PERIOD" }),
  ]);
  return { publicKey: concat(key.map((word) => numberToHex(word, { size: 32 }))), genesis, period };
}

/** The seed that the contract holds, or null while nobody has proved the round. @throws chain.rpc_unreachable */
export async function provedSeed(
  hub: Chain,
  { beacon }: Pick<Addresses, "beacon">,
  round: bigint,
): Promise<Hex | null> {
  try {
    return await hub.client.readContract({
      address: beacon,
      abi: drandBeaconAbi,
      functionName: "seedOf",
      args: [round],
    });
  } catch (error) {
    const reverted =
      error instanceof BaseError
        ? error.walk((cause) => cause instanceof ContractFunctionRevertedError)
        : null;
    if (
      reverted instanceof ContractFunctionRevertedError &&
      reverted.data?.errorName === "Randomness_NotProved"
    )
      return null;
    throw error;
  }
}
