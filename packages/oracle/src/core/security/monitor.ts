import type { UnixSeconds } from "@sooth/kernel";
import { addDeviations, createCorrelation, type Correlation } from "./correlation.ts";
import { addTimes, createFollowing, type Following } from "./copying.ts";
import { figureError } from "./figure-error.ts";
import { addMarks, createSharing, type Sharing } from "./sharing.ts";
import type { Limits } from "./thresholds.ts";

/** All running sums over the final questions of one window. Bounded: the size depends on providers, not on questions. */
export type Monitor = {
  readonly capacity: number;
  /** Wrong values: of counted kinds, and figures outside their tolerance. */
  readonly errors: Sharing;
  /** Last digits of figures. */
  readonly digits: Sharing;
  /** Jury votes against the verdict. */
  readonly votes: Sharing;
  /** Signed residuals of figures. */
  readonly residuals: Correlation;
  readonly following: Following;
  from: UnixSeconds | null;
  to: UnixSeconds | null;
};

/** One provider's answer. `source`: the one whose reading, kept in the evidence, gave this very value; null when none did. */
export type JudgedAnswer<V> = { provider: number; value: V; at: number | null; source: number | null };

/** A final question of a counted kind. `at` of the answers in milliseconds since the round opened, by the collector's clock, null if unknown. */
export type JudgedCode<V extends bigint | number = bigint> = {
  domain: number;
  finalAt: UnixSeconds;
  final: V;
  answers: readonly JudgedAnswer<V>[];
};

/** A final question of a measured kind, in units of its last digit. `sourceValue` is what the named source read. */
export type JudgedMeasure = {
  domain: number;
  finalAt: UnixSeconds;
  final: bigint;
  /** Absolute, in the same unit; above zero. */
  tolerance: bigint;
  answers: readonly (JudgedAnswer<bigint> & { sourceValue: bigint | null })[];
};

/** A jury's verdict with the revealed votes. */
export type JudgedVote = {
  domain: number;
  finalAt: UnixSeconds;
  verdict: number;
  votes: readonly { provider: number; choice: number }[];
};

export const createMonitor = (capacity: number, domains: number): Monitor => ({
  capacity,
  errors: createSharing(capacity, domains),
  digits: createSharing(capacity),
  votes: createSharing(capacity, domains),
  residuals: createCorrelation(capacity),
  following: createFollowing(capacity),
  from: null,
  to: null,
});

/** Adds a final question. Right answers count as answered and no more: agreement is not evidence. */
export function judgeCode<V extends bigint | number>(
  into: Monitor,
  question: JudgedCode<V>,
  limits: Pick<Limits, "propagation">,
): void {
  const { final, answers, domain } = question;
  addMarks(
    into.errors,
    domain,
    answers.map(({ provider, value, source }) => ({
      provider,
      mark: value === final ? null : value,
      excuse: source,
    })),
  );
  follow(into, answers, limits);
  spanned(into, question.finalAt);
}

/** Low-order digits looked at. A round whose figures lie closer together than this has no low digits to speak of. */
const DIGITS = 100n;

export function judgeMeasure(
  into: Monitor,
  question: JudgedMeasure,
  limits: Pick<Limits, "propagation" | "residualBound">,
): void {
  const { final, tolerance, answers } = question;
  const residual = (value: bigint): number => Number(value - final) / Number(tolerance);
  addDeviations(
    into.residuals,
    answers.map(({ provider, value, source, sourceValue }) => ({
      provider,
      value: residual(value),
      cause: source === null || sourceValue === null ? null : { source, value: residual(sourceValue) },
    })),
    limits.residualBound,
  );
  addMarks(
    into.errors,
    question.domain,
    answers.map(({ provider, value, source }) => ({
      provider,
      mark: figureError(value, final, tolerance),
      excuse: source,
    })),
  );
  const values = answers.map(({ value }) => value);
  const [least, most] = [values.reduce(min, final), values.reduce(max, final)];
  if (most - least >= DIGITS)
    addMarks(
      into.digits,
      0,
      answers.map(({ provider, value, source }) => ({ provider, mark: value % DIGITS, excuse: source })),
    );
  follow(into, answers, limits);
  spanned(into, question.finalAt);
}

export function judgeVote(into: Monitor, { domain, finalAt, verdict, votes }: JudgedVote): void {
  addMarks(
    into.votes,
    domain,
    votes.map(({ provider, choice }) => ({
      provider,
      mark: choice === verdict ? null : choice,
      excuse: null,
    })),
  );
  spanned(into, finalAt);
}

function follow<V>(
  into: Monitor,
  answers: readonly JudgedAnswer<V>[],
  limits: Pick<Limits, "propagation">,
): void {
  const timed = answers.flatMap(({ provider, value, at }) => (at === null ? [] : [{ provider, value, at }]));
  addTimes(into.following, timed, limits.propagation);
}

function spanned(into: Monitor, at: UnixSeconds): void {
  if (into.from === null || at < into.from) into.from = at;
  if (into.to === null || at > into.to) into.to = at;
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
