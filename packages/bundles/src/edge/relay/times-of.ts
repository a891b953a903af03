import { bundleHubAbi, escrowAbi } from "@sooth/abi";
import type { Addresses, Chain } from "@sooth/chain";
import type { Times } from "../../core/index.ts";

/** How the contracts of this deployment keep time, as they say themselves. */
export async function timesOf(
  { client }: Chain,
  { bundleHub, escrow }: Pick<Addresses, "bundleHub" | "escrow">,
): Promise<Times> {
  const [grace, escape] = await Promise.all([
    client.readContract({ address: bundleHub, abi: bundleHubAbi, functionName: "GRACE_SECONDS" }),
    client.readContract({ address: escrow, abi: escrowAbi, functionName: "ESCAPE_SECONDS" }),
  ]);
  return { grace, escape };
}
