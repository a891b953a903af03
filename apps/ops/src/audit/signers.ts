import { signerOf } from "@sooth/chain";
import type { ProofLog } from "@sooth/markets/core";
import { type ProofDomain, type Signed, signedStatements, type SignerOf } from "@sooth/oracle/core";

/** A signature has one signer for ever, and recovering him is what a replay takes longest for. */
const recovered = new Map<string, string | null>();

const keyOf = ({ digest, signature }: Signed): string => `${digest} ${signature}`;

/** Recovers the signer of every statement in the logs; one whose signature is no signature has none. */
export const recoverSigners = (logs: readonly ProofLog[], domain: ProofDomain): SignerOf =>
  recoverAll(signedStatements(logs, domain));

/** The same for these statements. */
export function recoverAll(statements: readonly Signed[]): SignerOf {
  for (const signed of statements)
    if (!recovered.has(keyOf(signed)))
      recovered.set(keyOf(signed), signerOf(signed.digest, signed.signature));
  return (signed) => recovered.get(keyOf(signed)) ?? null;
}
