import type { Hex } from "@sooth/kernel";
import { hexToBigInt, recoverAddress, size, slice } from "viem";
import { fullSignature, type OracleDomain, reportDigest } from "../../core/index.ts";

/** One log of reports that are not in an answer, as anybody may have written it. */
export type LateLog = { question: Hex; epoch: number; round: number; entries: Hex };
/** A seat of the set that answered; addresses lower case. */
type SignedSeat = { signer: string; owner: string };

/** Seat (1) | value int96 (12) | r | vs. Source: IOracle.reportValues. */
const ENTRY = 77;

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
  log: LateLog,
  seats: readonly SignedSeat[],
): Promise<(readonly [string, bigint])[]> {
  const length = size(log.entries);
  if (length % ENTRY !== 0) return [];
  const found = await Promise.all(
    Array.from({ length: length / ENTRY }, (_, index) =>
      entryIn(domain, log, slice(log.entries, index * ENTRY, (index + 1) * ENTRY), seats),
    ),
  );
  return found.filter((one) => one !== null);
}

async function entryIn(
  domain: OracleDomain,
  { question, epoch, round }: LateLog,
  entry: Hex,
  seats: readonly SignedSeat[],
): Promise<readonly [string, bigint] | null> {
  const seat = seats[Number(hexToBigInt(slice(entry, 0, 1)))];
  if (!seat) return null;
  const value = BigInt.asIntN(96, hexToBigInt(slice(entry, 1, 13)));
  const hash = reportDigest(domain, { question, value, epoch, round });
  try {
    const signer = await recoverAddress({ hash, signature: fullSignature(slice(entry, 13, ENTRY)) });
    return signer.toLowerCase() === seat.signer ? [seat.owner, value] : null;
  } catch {
    return null; // bytes that are no signature recover nobody
  }
}
