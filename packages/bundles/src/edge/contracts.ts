import { bundleHubAbi, escrowAbi } from "@sooth/abi";
import { type Addresses, askedOnce } from "@sooth/chain";
import type { Times } from "../core/index.ts";

/** What hub and escrow were built with: seconds after a deadline, and the attesters' part of every share. */
export type Terms = Times & { reclaim: number; longestWindow: number; attesterBps: number };

export const bundleTerms = askedOnce(async (hub, { bundleHub, escrow }: Addresses): Promise<Terms> => {
  const at = { address: bundleHub, abi: bundleHubAbi } as const;
  const [grace, reclaim, longestWindow, attesterBps, escape] = await Promise.all([
    hub.client.readContract({ ...at, functionName: "GRACE_SECONDS" }),
    hub.client.readContract({ ...at, functionName: "RECLAIM_SECONDS" }),
    hub.client.readContract({ ...at, functionName: "LONGEST_WINDOW" }),
    hub.client.readContract({ ...at, functionName: "ATTESTER_BPS" }),
    hub.client.readContract({ address: escrow, abi: escrowAbi, functionName: "ESCAPE_SECONDS" }),
  ]);
  return { grace, escape, reclaim, longestWindow, attesterBps };
});
