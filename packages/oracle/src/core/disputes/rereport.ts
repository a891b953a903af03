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
const SECURED_TIMES = 3n;

/** The re-report that the ladder would take now, or null: mirror of Rereports.sol. A correction goes first. */
export function decisiveRereport(facts: RereportFacts): Rereport | null {
  return correction(facts) ?? disjoint(facts);
}

const weightOf = ({ signers }: RereportFacts, { seat }: SeatReport): bigint =>
  signers.seats[seat]?.weight ?? 0n;
const weigh = (facts: RereportFacts, reports: readonly SeatReport[]): Weighted[] =>
  reports.map((report) => ({ value: report.value, weight: weightOf(facts, report) }));

/** More than two thirds of ALL weight with another value, and with three times what the question secures. */
function correction(facts: RereportFacts): Rereport | null {
  const { terms, answer, signers, reports } = facts;
  const suffices = (weight: bigint) =>
    hasQuorum(weight, signers.totalWeight) && weight >= SECURED_TIMES * terms.secures;
  const favourite = reports.length === 0 ? null : plurality(weigh(facts, reports));
  if (favourite && differs(favourite.value, answer, terms.tolerance) && suffices(favourite.weight))
    return agreedOn(reports, favourite.value);
  const valued = reports.filter(({ value }) => value >= terms.min && value <= terms.max);
  if (valued.length === 0 || !suffices(sumOfWeights(weigh(facts, valued)))) return null;
  const most = plurality(weigh(facts, valued));
  if (terms.aggregation === "plurality" && !hasMajority(most.weight, signers.totalWeight)) return null;
  const value = terms.aggregation === "median" ? weightedLowerMedian(weigh(facts, valued)) : most.value;
  return differs(value, answer, terms.tolerance) ? { mode: "values", entries: packEntries(valued) } : null;
}

/** Three or more who had not signed, with more than two thirds of the weight that had not, for one value. */
function disjoint(facts: RereportFacts): Rereport | null {
  const { signers, owners, firstOwners } = facts;
  const isFirst = (seat: number) => firstOwners.has(owners[seat] ?? "");
  const rest = signers.seats.reduce((sum, { weight }, seat) => (isFirst(seat) ? sum : sum + weight), 0n);
  const others = facts.reports.filter(({ seat }) => !isFirst(seat));
  const values = [...new Set(others.map(({ value }) => value))].toSorted(ascending);
  for (const value of values) {
    const agreed = others.filter((report) => report.value === value);
    const weight = sumOfWeights(weigh(facts, agreed));
    if (agreed.length >= LEAST_DISJOINT && hasQuorum(weight, rest)) return agreedOn(agreed, value);
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
