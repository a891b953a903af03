import type { Address, Hex } from "@sooth/kernel";
import { OracleError } from "../errors.ts";
import {
  type Counts,
  credit,
  entropy,
  factorBps,
  information,
  lowerBound,
  NO_COUNTS,
  record,
  scoreOf,
} from "./reputation.ts";
import { isPremium } from "./reward.ts";
import { isWarning, outsidePpm } from "./slash.ts";

/**
 * What an epoch says of every provider: computed from final questions alone, in the order in which they became final,
 * whatever order they are given in. One epoch after the other gives the same as all at once.
 */

/**
 * `value` null: the provider was assigned and missed it, or committed and never revealed. `late`: he signed in time and
 * was left out of the answer; he has not missed it, and it counts for nothing else.
 */
export type FinalReport = { owner: Address; value: bigint | null; weight: bigint; late?: boolean };
export type FinalQuestion = {
  id: Hex;
  domain: number;
  /** Unix seconds by the chain's clock. */
  finalAt: number;
  /** Null: it ended without an answer, so nobody was right or wrong; who missed it missed it. */
  answer: bigint | null;
  /** A number, which may be outside tolerance; otherwise a choice, which only a court punishes. */
  numeric: boolean;
  tolerance: bigint;
  /** What the market held on each outcome when reports opened; none: there was no market. */
  market: readonly bigint[];
  /** Of everybody assigned, each once. */
  reports: readonly FinalReport[];
};

/** What the next epoch starts from, and what the leaf of `epoch-tree.ts` is made of. One for each owner and domain. */
export type ProviderRecord = {
  /** Lower case. */
  owner: Address;
  domain: number;
  counts: Counts;
  /** 0..1000, as it stands at the end of the epoch. */
  score: number;
  /** What of his stake counts: 0 while suspended, at most half on probation. */
  factorBps: number;
  /** Rounds missed in a row, at most 255. */
  strikes: number;
  /** Unix seconds; 0 for never. */
  suspendedUntil: number;
  /** Right answers still owed after a suspension. */
  probation: number;
  /** Reports on questions that ended with an answer. */
  rounds: number;
  premium: boolean;
  /** Numbers outside tolerance that cost nothing, being the first in 30 days. */
  warnings: number;
  /** When the last number outside tolerance became final; 0 for never. */
  outsideAt: number;
  cluster: number;
};

/** A number outside tolerance that was not the first in 30 days, and what it costs. */
export type OutsideFault = { owner: Address; question: Hex; ppm: number };

export type EpochInput = {
  /** Unix seconds: questions count that became final after `since` and not after `until`. */
  since: number;
  until: number;
  previous: readonly ProviderRecord[];
  questions: readonly FinalQuestion[];
  /** By owner in lower case; who is not in it stands alone. */
  clusters: ReadonlyMap<string, number>;
  rules: EpochRules;
};
export type EpochRules = {
  /** Seconds of a suspension. */
  cooldown: number;
  /** Final rounds that premium needs. */
  premiumRounds: number;
};

const STRIKES = 3;
const MOST_STRIKES = 255;
const PROBATION = 5;
const PROBATION_BPS = 5_000;

/** Records ordered by domain and owner; faults by finality. @throws oracle.counted_twice */
export function epochRecords(input: EpochInput): { records: ProviderRecord[]; faults: OutsideFault[] } {
  const { since, until, rules } = input;
  const records = new Map(input.previous.map((one) => [keyOf(one), one]));
  const faults: OutsideFault[] = [];
  const questions = input.questions
    .filter(({ finalAt }) => finalAt > since && finalAt <= until)
    .toSorted((a, b) => a.finalAt - b.finalAt || compare(a.id.toLowerCase(), b.id.toLowerCase()));
  requireOnce(questions);
  for (const question of questions) {
    const told = informationOf(question);
    // Each provider once, so their order changes nothing but the order of the faults.
    for (const { owner, value, late } of question.reports.toSorted(byOwner)) {
      const key = keyOf({ owner, domain: question.domain });
      const before = records.get(key) ?? newcomer(owner, question.domain);
      if (value === null) {
        records.set(key, late ? { ...before, strikes: 0 } : missed(before, question.finalAt, rules));
        continue;
      }
      records.set(key, reported(before, question, value, told));
      const ppm = faultOf(before, question, value);
      if (ppm > 0) faults.push({ owner: before.owner, question: question.id, ppm });
    }
  }
  return {
    records: [...records.values()]
      .map((one) => standing(one, input))
      .toSorted((a, b) => a.domain - b.domain || compare(a.owner, b.owner)),
    faults,
  };
}

/** Reports within tolerance of each other's bucket agree; the bucket around the answer is the one that was right. */
export function informationOf({ answer, tolerance, reports, market }: FinalQuestion): bigint {
  const width = 2n * tolerance + 1n;
  const masses = new Map<bigint, bigint>();
  for (const { value, weight } of reports) {
    if (value === null) continue;
    const from = value - (answer ?? 0n) + tolerance;
    // Rounds towards minus infinity, so that all buckets are of one width.
    const bucket = (from - (((from % width) + width) % width)) / width;
    masses.set(bucket, (masses.get(bucket) ?? 0n) + weight);
  }
  return information(entropy([...masses.values()]), entropy(market));
}

/* ONE REPORT */

function missed(before: ProviderRecord, at: number, { cooldown }: EpochRules): ProviderRecord {
  // A seat is kept until the epoch ends: what is missed while suspended was punished already.
  if (at < before.suspendedUntil) return before;
  const strikes = Math.min(before.strikes + 1, MOST_STRIKES);
  if (strikes % STRIKES !== 0) return { ...before, strikes };
  return { ...before, strikes, suspendedUntil: at + cooldown, probation: PROBATION };
}

function reported(
  before: ProviderRecord,
  question: FinalQuestion,
  value: bigint,
  told: bigint,
): ProviderRecord {
  const { answer, finalAt, tolerance } = question;
  const back = { ...before, strikes: 0 };
  if (answer === null) return back;
  const isRight = distance(value, answer) <= tolerance;
  const isOutside = question.numeric && !isRight;
  return {
    ...back,
    counts: record(before.counts, told, credit(value, answer, tolerance), finalAt),
    rounds: before.rounds + 1,
    probation:
      isRight && finalAt >= before.suspendedUntil ? Math.max(before.probation - 1, 0) : before.probation,
    warnings: before.warnings + (isOutside && isWarning(before.outsideAt, finalAt) ? 1 : 0),
    outsideAt: isOutside ? finalAt : before.outsideAt,
  };
}

/** Parts per million of stake. */
function faultOf(before: ProviderRecord, question: FinalQuestion, value: bigint): number {
  const { answer, finalAt, tolerance, numeric } = question;
  if (answer === null || !numeric) return 0;
  return outsidePpm(distance(value, answer), tolerance, before.outsideAt, finalAt);
}

/** The record as it stands at the end of the epoch. */
function standing(one: ProviderRecord, { until, clusters, rules }: EpochInput): ProviderRecord {
  const bound = lowerBound(one.counts, until);
  const score = scoreOf(bound);
  const isSuspended = one.suspendedUntil > until;
  const earned = one.probation > 0 ? Math.min(factorBps(bound), PROBATION_BPS) : factorBps(bound);
  return {
    ...one,
    score,
    factorBps: isSuspended ? 0 : earned,
    premium: !isSuspended && one.probation === 0 && isPremium(score, one.rounds, rules.premiumRounds),
    cluster: clusters.get(one.owner) ?? 0,
  };
}

/* INSIDE */

const newcomer = (owner: Address, domain: number): ProviderRecord => ({
  owner: owner.toLowerCase() as Address,
  domain,
  counts: NO_COUNTS,
  score: 0,
  factorBps: 0,
  strikes: 0,
  suspendedUntil: 0,
  probation: 0,
  rounds: 0,
  premium: false,
  warnings: 0,
  outsideAt: 0,
  cluster: 0,
});

const keyOf = ({ owner, domain }: { owner: Address; domain: number }): string =>
  `${domain} ${owner.toLowerCase()}`;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byOwner = (a: FinalReport, b: FinalReport): number =>
  compare(a.owner.toLowerCase(), b.owner.toLowerCase());
const distance = (a: bigint, b: bigint): bigint => (a < b ? b - a : a - b);

/** A question or a provider in it that is there twice would count twice, and which came first nobody could say. */
function requireOnce(questions: readonly FinalQuestion[]): void {
  const seen = new Set<string>();
  for (const { id, reports } of questions) {
    const owners = new Set(reports.map(({ owner }) => owner.toLowerCase()));
    if (seen.has(id.toLowerCase()) || owners.size < reports.length)
      throw OracleError.counted_twice({ question: id });
    seen.add(id.toLowerCase());
  }
}
