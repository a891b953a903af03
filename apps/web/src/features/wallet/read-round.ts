import { drandBeaconAbi } from "@sooth/abi";
import { concat, decodeFunctionData, type Hex, numberToHex, type PublicClient, size, slice } from "viem";

export type BeaconRound = { publicKey: Hex; seed: Hex; signature: Hex | null };

/** A signature is a point of G1, the first 64 bytes of what proves a round. */
const SIGNATURE_BYTES = 64;
/** Nodes refuse longer looks; a round is proved soon after it was named. */
const BLOCKS_LOOKED_AT = 9_000n;

/**
 * A round as the chain holds it. The seed is kept there; the signature only in the call that proved it, which is looked
 * for among the last blocks.
 */
export async function readRound(client: PublicClient, beacon: Hex, round: bigint): Promise<BeaconRound> {
  const contract = { address: beacon, abi: drandBeaconAbi } as const;
  const [key, seed, head] = await Promise.all([
    client.readContract({ ...contract, functionName: "publicKey" }),
    client.readContract({ ...contract, functionName: "seedOf", args: [round] }),
    client.getBlockNumber(),
  ]);
  const [proved] = await client.getContractEvents({
    ...contract,
    eventName: "Proved",
    args: { round },
    fromBlock: head > BLOCKS_LOOKED_AT ? head - BLOCKS_LOOKED_AT : 0n,
    toBlock: head,
  });
  return {
    publicKey: concat(key.map((word) => numberToHex(word, { size: 32 }))),
    seed,
    signature: proved ? await signatureIn(client, proved.transactionHash) : null,
  };
}

/** Whoever proved it by a contract of his own hides it inside his call. */
async function signatureIn(client: PublicClient, hash: Hex): Promise<Hex | null> {
  const { input } = await client.getTransaction({ hash });
  try {
    const { functionName, args } = decodeFunctionData({ abi: drandBeaconAbi, data: input });
    const proof = functionName === "prove" ? args[1] : null;
    return proof !== null && size(proof) > SIGNATURE_BYTES ? slice(proof, 0, SIGNATURE_BYTES) : null;
  } catch {
    return null; // a call of another contract
  }
}
