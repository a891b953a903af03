import type { Address, Hex } from "@sooth/kernel";
import { INVALID } from "../answer-word.ts";
import { unpackReport } from "../report.ts";
import type { Terms } from "../terms.ts";
import type { FinalQuestion, FinalReport } from "./epoch-record.ts";

/** A seat and who earns what it signs; owners lower case. */
export type OwnedSeat = { owner: Address; weight: bigint };

/** What a quorum signed, as the oracle logged it. A ruling may have put another answer in its place. */
export type QuorumAnswer = {
  value: bigint;
  seats: bigint;
  report: Hex;
  /** All seats of the epoch that signed. */
  set: readonly OwnedSeat[];
};

/** A question whose end stands, as the logs tell it. */
export type EndedQuestion = {
  id: Hex;
  terms: Pick<Terms, "aggregation" | "domain" | "tolerance">;
  /** Unix seconds by the chain's clock. */
  finalAt: number;
  /** What stands in the end. */
  value: bigint;
  signed: QuorumAnswer;
  /** Who signed what stands, when it is not what was signed first; owners. */
  resigned: readonly Address[];
  /** Who is proved to have signed in time without being in the answer, and what; owners in lower case. */
  late: ReadonlyMap<string, bigint>;
};

/** What everybody is shown to have signed first of an ended question, by owner in lower case. */
export function signedValues({ signed, late, resigned, value }: EndedQuestion): Map<string, bigint> {
  const bySeat = new Map(
    (unpackReport(signed.report, signed.seats, signed.value) ?? []).map((report) => [
      report.seat,
      report.value,
    ]),
  );
  const values = new Map<string, bigint>();
  for (const [seat, { owner }] of signed.set.entries()) {
    const key = owner.toLowerCase();
    const own = bySeat.get(seat);
    if (own !== undefined && !values.has(key)) values.set(key, own);
  }
  for (const [owner, own] of late) if (!values.has(owner)) values.set(owner, own);
  for (const owner of resigned.map((one) => one.toLowerCase()))
    if (!values.has(owner)) values.set(owner, value);
  return values;
}

/**
 * What counts of an ended question; null where nothing does. Everybody who had a seat in the epoch that answered was
 * assigned. Not counted: questions that nobody answered, since anybody may ask what cannot be answered; roots, since
 * whoever finds another root than the quorum rightly stays silent; an answer whose log is not what a report looks like.
 */
export function finalQuestion(ended: EndedQuestion): FinalQuestion | null {
  const { id, terms, finalAt, value, signed, late } = ended;
  if (terms.aggregation === "root") return null;
  const reports = unpackReport(signed.report, signed.seats, signed.value);
  if (reports === null) return null;
  const resigned = new Set(ended.resigned.map((owner) => owner.toLowerCase()));
  const bySeat = new Map(reports.map((report) => [report.seat, report.value]));
  // One owner may hold two seats' keys over a rotation; he counts once, by his first report.
  const byOwner = new Map<string, FinalReport>();
  for (const [seat, { owner, weight }] of signed.set.entries()) {
    const key = owner.toLowerCase();
    const own = bySeat.get(seat) ?? (resigned.has(key) ? value : null);
    const known = byOwner.get(key);
    if (known === undefined || (known.value === null && own !== null))
      byOwner.set(key, { owner, weight, value: own, late: late.has(key) });
  }
  return {
    id,
    domain: terms.domain,
    finalAt,
    answer: value === INVALID ? null : value,
    numeric: terms.aggregation === "median",
    tolerance: terms.tolerance,
    // What a market held is no evidence here: anybody can divide a market of his own.
    market: [],
    reports: [...byOwner.values()],
  };
}
