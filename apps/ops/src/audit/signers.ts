import { type ProofLog, type SignedReport, signedReports, type SignerOf } from "@sooth/markets/core";
import type { OracleDomain } from "@sooth/oracle/core";
import { recoverAddress } from "viem";

const keyOf = ({ digest, signature }: SignedReport): string => `${digest} ${signature}`;

/** Recovers the signer of every report in the logs; one whose signature is no signature has none. */
export async function recoverSigners(logs: readonly ProofLog[], domain: OracleDomain): Promise<SignerOf> {
  const signers = new Map<string, string | null>();
  await Promise.all(
    signedReports(logs, domain).map(async (signed) => {
      const signer = await recoverAddress({ hash: signed.digest, signature: signed.signature }).catch(
        () => null,
      );
      signers.set(keyOf(signed), signer?.toLowerCase() ?? null);
    }),
  );
  return (signed) => signers.get(keyOf(signed)) ?? null;
}
