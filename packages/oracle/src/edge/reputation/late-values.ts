import { signerOf } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { type OracleDomain, reportDigest, unpackEntries } from "../../core/index.ts";

/** One log of reports that are not in an answer, as anybody may have written it. */
export type LateLog = { question: Hex; epoch: number; round: number; entries: Hex };
/** A seat of the set that answered; addresses lower case. */
type SignedSeat = { signer: string; owner: string };
/** Whose keys signed the entries of a log, in their order, lower case; empty: nobody's. */
export type Signers = readonly string[];

/**
 * What the owners signed whose reports in the logs are truly signed by their seat's key, the first of each; what does not
 * hold is passed over.
 * @param signersOf what is known of it; recovered, once for each log, when not given
 */
export function lateValues<L extends LateLog>(
  domain: OracleDomain,
  logs: readonly L[],
  seats: readonly SignedSeat[],
  signersOf: (log: L) => Signers = (log) => recoveredOnce(domain, log),
): Map<string, bigint> {
  const values = new Map<string, bigint>();
  for (const log of logs) {
    const signers = signersOf(log);
    for (const [place, { seat, value }] of unpackEntries(log.entries).entries()) {
      const its = seats[seat];
      if (its && signers[place] === its.signer && !values.has(its.owner)) values.set(its.owner, value);
    }
  }
  return values;
}

/** Recovers the signers of a log. */
export const recoverSigners = (domain: OracleDomain, { question, epoch, round, entries }: LateLog): Signers =>
  unpackEntries(entries).map(
    ({ value, signature }) =>
      signerOf(reportDigest(domain, { question, value, epoch, round }), signature) ?? "",
  );

/** Whoever keeps the logs in memory asks again every period. */
const recovered = new WeakMap<LateLog, Signers>();
function recoveredOnce(domain: OracleDomain, log: LateLog): Signers {
  const known = recovered.get(log) ?? recoverSigners(domain, log);
  recovered.set(log, known);
  return known;
}
