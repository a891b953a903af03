import { courtAbi, ladderAbi, oracleAbi } from "@sooth/abi";
import type { Addresses, Chain } from "@sooth/chain";
import type { CourtWindows, LadderWindows } from "../core/index.ts";

/** What ladder, court and oracle were built with. Seconds on the court clock; `unit` smallest units of collateral. */
export type DisputeWindows = { ladder: LadderWindows; court: CourtWindows; unit: bigint };

const known = new WeakMap<Chain, Promise<DisputeWindows>>();

/** Asked of the chain once: immutables do not change. @throws chain.rpc_unreachable */
export function disputeWindows(hub: Chain, addresses: Addresses): Promise<DisputeWindows> {
  const held = known.get(hub);
  if (held) return held;
  const asked = readWindows(hub, addresses);
  known.set(hub, asked);
  asked.catch(() => known.delete(hub));
  return asked;
}

async function readWindows(hub: Chain, addresses: Addresses): Promise<DisputeWindows> {
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
}
