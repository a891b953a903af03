import { courtAbi, ladderAbi, oracleAbi } from "@sooth/abi";
import { askedOnce } from "@sooth/chain";
import type { CourtWindows, LadderWindows } from "../core/index.ts";

/** What ladder, court and oracle were built with. Seconds on the court clock; `unit` smallest units of collateral. */
export type DisputeWindows = { ladder: LadderWindows; court: CourtWindows; unit: bigint };

/** @throws chain.rpc_unreachable */
export const disputeWindows = askedOnce(async (hub, addresses): Promise<DisputeWindows> => {
  const ladder = { address: addresses.ladder, abi: ladderAbi } as const;
  const court = { address: addresses.court, abi: courtAbi } as const;
  const [rereport, appeal, evidence, commit, reveal, unit] = await Promise.all([
    hub.client.readContract({ ...ladder, functionName: "REREPORT_SECONDS" }),
    hub.client.readContract({ ...ladder, functionName: "APPEAL_SECONDS" }),
    hub.client.readContract({ ...court, functionName: "EVIDENCE_SECONDS" }),
    hub.client.readContract({ ...court, functionName: "COMMIT_SECONDS" }),
    hub.client.readContract({ ...court, functionName: "REVEAL_SECONDS" }),
    hub.client.readContract({ address: addresses.oracle, abi: oracleAbi, functionName: "UNIT" }),
  ]);
  return { ladder: { rereport, appeal }, court: { evidence, commit, reveal }, unit };
});
