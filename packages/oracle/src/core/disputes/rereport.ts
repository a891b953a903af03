import type { Hex } from "@sooth/kernel";
import { ascending } from "@sooth/kernel";
import {
  hasMajority,
  hasQuorum,
  plurality,
  sumOfWeights,
  type Weighted,
  weightedLowerMedian,
} from "../aggregate.ts";
import { bitmapOf } from "../answer-word.ts";
import { packAgreed, packEntries, type SeatReport } from "../report.ts";
import type { Terms } from "../terms.ts";
import type { SignerSet } from "../weights.ts";
import { differs } from "./dispute.ts";

/** What may settle a dispute without a jury. Reports are of the round after the answer's and of the current epoch. */
export type RereportFacts = {
  terms: Pick<Terms, "min" | "max" | "tolerance" | "aggregation" | "secures">;
  /** That was objected to. */
  answer: bigint;
  signers: SignerSet;
  /** Owners of the seats of `signers`, lower-case. */
  owners: readonly string[];
  /** Owners of those who signed the answer, lower-case. */
  firstOwners: ReadonlySet<string>;
  reports: readonly SeatReport[];
};
export type Rereport =
  | { mode: "agreed"; value: bigint; seats: bigint; signatures: Hex }
  | { mode: "values"; entries: Hex };

/** Of those who had not signed. Source: Rereports.sol. */
const LEAST_DISJOINT = 3;
/** Of all weight. Source: Rereports.sol. */
const LEAST_DISJOINT_PART = 9n;
const SECURED_TIMES = 3n;

/**
 * The re-report that the ladder would take now, or null: mirror of Rereports.sol. A correction goes first. That all stand
 * by the answer comes last and not before it is `late`: it calls a jury, where three others may spare one.
 */
export function decisiveRereport(
  facts: RereportFacts,
  { juryOnly = false, late = juryOnly }: { juryOnly?: boolean; late?: boolean } = {},
): Rereport | null {
  const found = juryOnly ? null : (byAll(facts, true) ?? disjoint(facts));
  return found ?? (late ? byAll(facts, false) : null);
}

const weightOf = ({ signers }: RereportFacts, { seat }: SeatReport): bigint =>
  signers.seats[seat]?.weight ?? 0n;
const weigh = (facts: RereportFacts, reports: readonly SeatReport[]): Weighted[] =>
  reports.map((report) => ({ value: report.value, weight: weightOf(facts, report) }));

/** More than two thirds of ALL weight, and three times what the question secures, with another value or the same. */
function byAll(facts: RereportFacts, other: boolean): Rereport | null {
  const { terms, answer, signers, reports } = facts;
  const suffices = (weight: bigint) =>
    hasQuorum(weight, signers.totalWeight) && weight >= SECURED_TIMES * terms.secures;
  const favourite = reports.length === 0 ? null : plurality(weigh(facts, reports));
  if (favourite && differs(favourite.value, answer, terms.tolerance) === other && suffices(favourite.weight))
    return agreedOn(reports, favourite.value);
  const valued = reports.filter(({ value }) => value >= terms.min && value <= terms.max);
  if (valued.length === 0 || !suffices(sumOfWeights(weigh(facts, valued)))) return null;
  const most = plurality(weigh(facts, valued));
  if (terms.aggregation === "plurality" && !hasMajority(most.weight, signers.totalWeight)) return null;
  const value = terms.aggregation === "median" ? weightedLowerMedian(weigh(facts, valued)) : most.value;
  return differs(value, answer, terms.tolerance) === other
    ? { mode: "values", entries: packEntries(valued) }
    : null;
}

/** Three or more who had not signed, with more than two thirds of the weight that had not and a ninth of all, for one value. */
function disjoint(facts: RereportFacts): Rereport | null {
  const { signers, owners, firstOwners } = facts;
  const isFirst = (seat: number) => firstOwners.has(owners[seat] ?? "");
  const rest = signers.seats.reduce((sum, { weight }, seat) => (isFirst(seat) ? sum : sum + weight), 0n);
  const others = facts.reports.filter(({ seat }) => !isFirst(seat));
  const values = [...new Set(others.map(({ value }) => value))].toSorted(ascending);
  for (const value of values) {
    const agreed = others.filter((report) => report.value === value);
    const weight = sumOfWeights(weigh(facts, agreed));
    const isEnough = hasQuorum(weight, rest) && LEAST_DISJOINT_PART * weight >= signers.totalWeight;
    if (agreed.length >= LEAST_DISJOINT && isEnough) return agreedOn(agreed, value);
  }
  return null;
}

function agreedOn(reports: readonly SeatReport[], value: bigint): Rereport {
  const agreed = reports.filter((report) => report.value === value);
  return {
    mode: "agreed",
    value,
    seats: bitmapOf(agreed.map(({ seat }) => seat)),
    signatures: packAgreed(agreed),
  };
}
