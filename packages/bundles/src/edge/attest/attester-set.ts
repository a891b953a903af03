import { attestersAbi } from "@sooth/abi";
import { askedOnce, type Chain } from "@sooth/chain";
import type { Address } from "@sooth/kernel";
import { decodeSignerSet, type SignerSet } from "@sooth/oracle/core";

/** The attesters that a chain believes now; of none epoch 0. */
export async function attestersOn(chain: Chain, attesters: Address): Promise<SignerSet> {
  const contract = { address: attesters, abi: attestersAbi } as const;
  const epoch = await chain.client.readContract({ ...contract, functionName: "currentEpoch" });
  if (epoch === 0) return decodeSignerSet(0, undefined);
  const [blob] = await chain.client.readContract({ ...contract, functionName: "epochOf", args: [epoch] });
  return decodeSignerSet(epoch, await chain.client.getCode({ address: blob }));
}

/** What the contract was built with. */
export const attesterLimits = askedOnce(async (hub, { attesters }) => {
  const contract = { address: attesters, abi: attestersAbi } as const;
  const read = (functionName: "QUORUM_BPS" | "LONGEST_VALIDITY" | "DOMAIN") =>
    hub.client.readContract({ ...contract, functionName });
  const [quorumBps, longestValidity, domain] = await Promise.all([
    read("QUORUM_BPS"),
    read("LONGEST_VALIDITY"),
    read("DOMAIN"),
  ]);
  return { quorumBps: BigInt(quorumBps), longestValidity, domain };
});
