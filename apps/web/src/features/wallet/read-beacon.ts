import { drandBeaconAbi, opinionsAbi } from "@sooth/abi";
import { concat, type Hex, numberToHex, type PublicClient } from "viem";

/** Whose signatures open hidden stances, and when: what the contracts themselves say, in seconds and unix seconds. */
export type BeaconFacts = { publicKey: Hex; genesis: number; period: number; clockLag: number };

export async function readBeacon(
  client: PublicClient,
  addresses: { beacon: Hex; opinions: Hex },
): Promise<BeaconFacts> {
  const beacon = { address: addresses.beacon, abi: drandBeaconAbi } as const;
  const [key, genesis, period, clockLag] = await Promise.all([
    client.readContract({ ...beacon, functionName: "publicKey" }),
    client.readContract({ ...beacon, functionName: "GENESIS" }),
    client.readContract({ ...beacon, functionName: "PERIOD" }),
    client.readContract({ address: addresses.opinions, abi: opinionsAbi, functionName: "CLOCK_LAG" }),
  ]);
  return {
    publicKey: concat(key.map((word) => numberToHex(word, { size: 32 }))),
    genesis,
    period,
    clockLag,
  };
}
