import { commitLimits, depositLimits, signerSet } from "@sooth/oracle";
import { quorumSecures, USUAL_DOMAIN } from "@sooth/oracle/core";
import type { z } from "zod";
import type { wireOpinionLimits } from "../../core/index.ts";
import { givesAdvice } from "../advice/advise.ts";
import type { Deps } from "../deps.ts";
import { opinionConstants } from "./contract.ts";
import { leastFamilies } from "./opinion-checks.ts";

/** What putting a statement up costs here, and within what its terms and its question stay. @throws chain.rpc_unreachable */
export async function opinionLimits(deps: Deps): Promise<z.infer<typeof wireOpinionLimits>> {
  const { hub, addresses, store } = deps;
  const [constants, { tier }, { leastDeposit, mostDeposit }, { seats }] = await Promise.all([
    opinionConstants(hub, addresses),
    commitLimits(hub, addresses),
    depositLimits(hub, addresses),
    signerSet(store.db, USUAL_DOMAIN),
  ]);
  const { creationFee, leastStake, mostStake, leastSeconds, mostSeconds, approver } = constants;
  return {
    leastSeconds,
    mostSeconds,
    needsApproval: approver !== null,
    leastFamilies: leastFamilies(deps),
    advice: givesAdvice(deps.config),
    creationFee: String(creationFee),
    leastStake: String(leastStake),
    mostStake: String(mostStake),
    mostSecured: seats.length === 0 ? null : String(quorumSecures(seats.map(({ weight }) => weight))),
    commitTier: String(tier),
    leastDeposit,
    mostDeposit,
  };
}
