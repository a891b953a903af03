import type { Hex } from "@sooth/kernel";
import { z } from "zod";
import { isSentinel } from "../answer-word.ts";
import type { Finding } from "../consensus.ts";
import type { Terms } from "../terms.ts";
import { wireHex32, wireInteger } from "../wire-words.ts";

/** 1: to be noted. 5: somebody is paid what is not his. */
export type Severity = 1 | 2 | 3 | 4 | 5;

/** What a watcher found: an answer that its own reading contradicts. `evidence` is the sha256 of what it read. */
export type WatchFinding = {
  readonly question: Hex;
  readonly expected: bigint;
  readonly got: bigint;
  readonly evidence: Hex;
  readonly severity: Severity;
};

/** A finding as a row of events carries it. */
export const wireWatchFinding = z.object({
  question: wireHex32,
  expected: wireInteger,
  got: wireInteger,
  evidence: wireHex32,
  severity: z.number().int().min(1).max(5),
});

export const findingToWire = (finding: WatchFinding): z.infer<typeof wireWatchFinding> => ({
  ...finding,
  expected: String(finding.expected),
  got: String(finding.got),
});

export type Judgement =
  | { verdict: "right" }
  | { verdict: "wrong"; expected: bigint; severity: Severity }
  /** Its own reading came to nothing, so it says nothing about the answer. */
  | { verdict: "unknown"; why: string };

type Judged = Pick<Terms, "aggregation" | "tolerance">;

/** Compares an answer with what a watcher would have signed itself. A watcher that cannot tell accuses nobody. */
export function judgeAnswer(got: bigint, terms: Judged, own: Finding): Judgement {
  if (own.do === "abstain") return { verdict: "unknown", why: own.why };
  const expected = own.value;
  if (got === expected) return { verdict: "right" };
  if (isSentinel(got) || isSentinel(expected)) {
    // "Too early" and "invalid" refund or wait; a value in their place pays.
    return { verdict: "wrong", expected, severity: isSentinel(got) ? 3 : 4 };
  }
  if (terms.aggregation === "plurality") return { verdict: "wrong", expected, severity: 5 };
  const error = distance(got, expected);
  if (error <= terms.tolerance) return { verdict: "right" };
  return { verdict: "wrong", expected, severity: severityOf(error, expected, terms.tolerance) };
}

/** Of a measure, in multiples of what is taken for the same: the tolerance, or a thousandth where there is less. */
function severityOf(error: bigint, expected: bigint, tolerance: bigint): Severity {
  const unit = errorUnit(expected, tolerance);
  if (error <= unit) return 1;
  if (error <= 2n * unit) return 2;
  if (error <= 10n * unit) return 3;
  return error <= 100n * unit ? 4 : 5;
}

const THOUSAND = 1_000n;
/** The step in which errors of a measure are counted; at least 1. */
export function errorUnit(right: bigint, tolerance: bigint): bigint {
  const thousandth = distance(right, 0n) / THOUSAND;
  const larger = tolerance > thousandth ? tolerance : thousandth;
  return larger > 0n ? larger : 1n;
}

export const distance = (a: bigint, b: bigint): bigint => (a < b ? b - a : a - b);
