import { stakeManagerAbi } from "@sooth/abi";
import { askedOnce, type BlockRef } from "@sooth/chain";
import type { Deps } from "../deps.ts";
import { attesterLimits } from "../attest/attester-set.ts";
import { bundleTerms } from "../contracts.ts";
import { compareSigned, judgeSigned } from "./find-faults.ts";
import { forgetSigned } from "./forget-signed.ts";
import { readTransactions } from "./read-transactions.ts";
import { sendProofs } from "./send-proofs.ts";

const DAY = 86_400;

/** Seconds for which stake can be taken after its last seat. */
const bondedFor = askedOnce((hub, { stakeManager }) =>
  hub.client.readContract({
    address: stakeManager,
    abi: stakeManagerAbi,
    functionName: "UNBONDING_SECONDS",
  }),
);

/**
 * Watches those who attest: reads what they signed, holds it against itself and against what chains say, and has the proof sent where
 * a contract takes one. Everything is in rows, so whoever starts anew goes on. What was signed stays for as long as configured, and
 * never for less than it can cost a stake.
 */
export async function sweepAttesters(
  deps: Pick<Deps, "store" | "hub" | "rollups" | "addresses" | "log"> & {
    config: Pick<Deps["config"], "BUNDLES_EVIDENCE_DAYS">;
  },
  { timestamp }: Pick<BlockRef, "timestamp">,
): Promise<void> {
  const { store, hub, addresses } = deps;
  await readTransactions(deps);
  await compareSigned(deps);
  const [{ longestValidity }, { grace }, bonded] = await Promise.all([
    attesterLimits(hub, addresses),
    bundleTerms(hub, addresses),
    bondedFor(hub, addresses),
  ]);
  await judgeSigned(deps, { longestValidity, grace });
  await sendProofs(deps);
  const kept = Math.max(deps.config.BUNDLES_EVIDENCE_DAYS * DAY, bonded + longestValidity + grace);
  await forgetSigned(store, timestamp - kept);
}
