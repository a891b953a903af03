import type { ProofLog } from "@sooth/markets/core";
import { type ProofDomain, type Signed, signedStatements, type SignerOf } from "@sooth/oracle/core";
import { recoverAddress } from "viem";

/** A signature has one signer for ever, and recovering him is what a replay takes longest for. */
const recovered = new Map<string, string | null>();

const keyOf = ({ digest, signature }: Signed): string => `${digest} ${signature}`;

/** Recovers the signer of every statement in the logs; one whose signature is no signature has none. */
export const recoverSigners = (logs: readonly ProofLog[], domain: ProofDomain): Promise<SignerOf> =>
  recoverAll(signedStatements(logs, domain));

/** The same for these statements. */
export async function recoverAll(statements: readonly Signed[]): Promise<SignerOf> {
  await Promise.all(
    statements.map(async (signed) => {
      if (recovered.has(keyOf(signed))) return;
      const signer = await recoverAddress({ hash: signed.digest, signature: signed.signature }).catch(
        () => null,
      );
      recovered.set(keyOf(signed), signer?.toLowerCase() ?? null);
    }),
  );
  return (signed) => recovered.get(keyOf(signed)) ?? null;
}
