import type { Hex } from "@sooth/kernel";
import { recoverAddress } from "viem";
import { type OracleDomain, reportDigest, unpackEntries } from "../../core/index.ts";

/** One log of reports that are not in an answer, as anybody may have written it. */
export type LateLog = { question: Hex; epoch: number; round: number; entries: Hex };
/** A seat of the set that answered; addresses lower case. */
type SignedSeat = { signer: string; owner: string };

/**
 * What the owners signed whose reports in the logs are truly signed by their seat's key, the first of each; what does not
 * hold is passed over.
 */
export async function lateValues(
  domain: OracleDomain,
  logs: readonly LateLog[],
  seats: readonly SignedSeat[],
): Promise<Map<string, bigint>> {
  const values = new Map<string, bigint>();
  for (const found of await Promise.all(logs.map((log) => signedIn(domain, log, seats))))
    for (const [owner, value] of found) if (!values.has(owner)) values.set(owner, value);
  return values;
}

async function signedIn(
  domain: OracleDomain,
  { question, epoch, round, entries }: LateLog,
  seats: readonly SignedSeat[],
): Promise<(readonly [string, bigint])[]> {
  const found = await Promise.all(
    unpackEntries(entries).map(async ({ seat, value, signature }) => {
      const its = seats[seat];
      if (!its) return null;
      const hash = reportDigest(domain, { question, value, epoch, round });
      // Bytes that are no signature recover nobody.
      const signer = await recoverAddress({ hash, signature }).catch(() => null);
      return signer?.toLowerCase() === its.signer ? ([its.owner, value] as const) : null;
    }),
  );
  return found.filter((one) => one !== null);
}
