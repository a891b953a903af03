import type { Deps } from "../deps.ts";
import { attesterLimits } from "../attest/attester-set.ts";
import { bundleTerms } from "../contracts.ts";
import { compareSigned, judgeSigned } from "./find-faults.ts";
import { readTransactions } from "./read-transactions.ts";
import { sendProofs } from "./send-proofs.ts";

/**
 * Watches those who attest: reads what they signed, holds it against itself and against what chains say, and has the proof sent where
 * a contract takes one. Everything is in rows, so whoever starts anew goes on.
 */
export async function sweepAttesters(
  deps: Pick<Deps, "store" | "hub" | "rollups" | "addresses" | "log">,
): Promise<void> {
  await readTransactions(deps);
  await compareSigned(deps);
  const [{ longestValidity }, { grace }] = await Promise.all([
    attesterLimits(deps.hub, deps.addresses),
    bundleTerms(deps.hub, deps.addresses),
  ]);
  await judgeSigned(deps, { longestValidity, grace });
  await sendProofs(deps);
}
