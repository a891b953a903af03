import { type Hex, never } from "@sooth/kernel";
import {
  agreeingWeight,
  confidenceOf,
  hasEarlyQuorum,
  hasMajority,
  hasQuorum,
  plurality,
  sumOfWeights,
  type Weighted,
  weightedLowerMedian,
} from "./aggregate.ts";
import { type AnswerWord, bitmapOf, isSentinel, seatsOf, TOO_EARLY } from "./answer-word.ts";
import { type CommitStep, commitStep, type Gathered } from "./commit/gathering.ts";
import { TROUBLED_BPS } from "./economy/deposit.ts";
import { packAgreed, packEntries, type SeatReport, unpackEntries } from "./report.ts";
import { mayBeEarly, statusOf } from "./status.ts";
import type { Terms } from "./terms.ts";
import type { SignerSet } from "./weights.ts";

/** A checked report at hand, of any epoch and round. */
export type HeldReport = SeatReport & { epoch: number; round: number };

export type Situation = {
  id: Hex;
  terms: Terms;
  word: AnswerWord;
  /** The current epoch's. */
  signers: SignerSet;
  reports: readonly HeldReport[];
  /** Of a question whose values are committed before they are shown; null or absent for others. */
  gathered?: Gathered | null;
  /** Time of the latest block, unix seconds. */
  now: number;
};

/** What to do for a question next. */
export type Step =
  | CommitStep
  | { do: "transmit"; mode: "agreed"; value: bigint; seats: bigint; signatures: Hex }
  | { do: "transmit"; mode: "values"; entries: Hex }
  | { do: "transmit"; mode: "root"; root: Hex; seats: bigint; signatures: Hex }
  | { do: "settle_reward" }
  | { do: "nothing"; why: string };

/** The next step of a question. Doing it twice does no harm: the contract refuses the second, and so does the outbox. */
export function nextStep(situation: Situation): Step {
  const { terms, word, now } = situation;
  const status = statusOf(word, now);
  switch (status) {
    case "unknown":
      return { do: "nothing", why: "never asked" };
    case "answered":
    case "disputed":
      return "finalizeAt" in word
        ? { do: "wait", until: word.finalizeAt, why: "answered, not yet final" }
        : { do: "nothing", why: "disputed" };
    case "final":
    case "invalid":
      if (word.state === "none" || word.state === "disputed" || word.rewardSettled)
        return { do: "nothing", why: "settled" };
      return terms.reward === 0n ? { do: "nothing", why: "no reward to settle" } : { do: "settle_reward" };
    case "open":
      return word.state === "open" ? whileOpen(situation, word) : { do: "nothing", why: "not open" };
    default:
      return never(status);
  }
}

function whileOpen(situation: Situation, word: Open): Step {
  const { terms, signers, now } = situation;
  const isEarly = now < word.notBefore;
  if (isEarly && !mayBeEarly(terms, word))
    return { do: "wait", until: word.notBefore, why: "no report before then" };
  const reports = situation.reports.filter(
    ({ epoch, round, seat, value }) =>
      epoch === signers.epoch &&
      round === word.round &&
      signers.seats[seat] !== undefined &&
      // That it is too early is no news then, and the contract refuses it.
      !(isEarly && value === TOO_EARLY),
  );
  // The transaction lands in a later block, which may be no later than the deadline.
  const isEnough = isEarly ? hasEarlyQuorum : hasQuorum;
  const { gathered } = situation;
  // That there is nothing to read needs no commitment.
  const shown = gathered ? reports.filter(({ value }) => isSentinel(value)) : reports;
  const transmit = now < word.deadline ? quorumOf(terms, signers, shown, isEnough) : null;
  // A bare quorum is objected to for twice as long: those who are about to report are worth a moment's wait.
  const patient = patientUntil(terms, word);
  if (transmit && !isEarly && now < patient && backingOf(transmit, terms, signers) < TROUBLED_BPS)
    return { do: "wait", until: patient, why: "a quorum, and more reports may come" };
  if (!transmit && gathered && now < word.deadline) {
    const { id } = situation;
    const { round, deadline } = word;
    return commitStep({ id, round, deadline, terms, signers, gathered, now, isEnough });
  }
  // With the question's time less weight is enough.
  return (
    transmit ?? { do: "wait", until: isEarly ? word.notBefore : word.deadline + 1, why: "no quorum yet" }
  );
}

const WHOLE_BPS = 10_000;
const LONGEST_PATIENCE = 30;
const PATIENCE_PART = 10;
type Open = Extract<AnswerWord, { state: "open" }>;

/**
 * Until when more agreement than a bare quorum's is waited for: a small part of the time that it saves, and of the time in which
 * an answer may be told, or who stays silent could have a short question end without one. Unix seconds.
 */
const patientUntil = ({ liveness }: Pick<Terms, "liveness">, { notBefore, deadline }: Open): number =>
  notBefore +
  Math.min(LONGEST_PATIENCE, Math.floor(Math.min(liveness, deadline - notBefore) / PATIENCE_PART));

/**
 * Whether reports of so much weight may be an answer that is sent at once, when all say the same. Whoever looks earlier finds
 * that more is waited for, and nothing would make him look again but the next block's sweep.
 */
export function isRipe(
  terms: Pick<Terms, "liveness">,
  word: Open,
  { weight, totalWeight, now }: { weight: bigint; totalWeight: bigint; now: number },
): boolean {
  if (now < word.notBefore) return hasEarlyQuorum(weight, totalWeight);
  const isClear = now >= patientUntil(terms, word) || confidenceOf(weight, totalWeight) >= TROUBLED_BPS;
  return isClear && hasQuorum(weight, totalWeight);
}

/** Basis points of all weight that would stand behind what is transmitted. */
function backingOf(step: Step, terms: Terms, { seats, totalWeight }: SignerSet): number {
  // What reopens a question has no window.
  if (step.do !== "transmit" || (step.mode === "agreed" && step.value === TOO_EARLY)) return WHOLE_BPS;
  const weightOf = (seat: number) => seats[seat]?.weight ?? 0n;
  if ("seats" in step) {
    const weight = seatsOf(step.seats).reduce((sum, seat) => sum + weightOf(seat), 0n);
    return confidenceOf(weight, totalWeight);
  }
  const said = unpackEntries(step.entries).map(({ seat, value }) => ({ value, weight: weightOf(seat) }));
  const value = terms.aggregation === "plurality" ? plurality(said).value : weightedLowerMedian(said);
  return confidenceOf(agreeingWeight(said, value, terms.tolerance), totalWeight);
}

function quorumOf(
  terms: Terms,
  signers: SignerSet,
  reports: readonly SeatReport[],
  isEnough: typeof hasQuorum,
): Step | null {
  if (reports.length === 0) return null;
  if (terms.aggregation === "root") return rootQuorum(signers, reports, isEnough);
  const total = signers.totalWeight;
  const weigh = (report: SeatReport): Weighted => ({
    value: report.value,
    weight: signers.seats[report.seat]?.weight ?? 0n,
  });
  const favourite = plurality(reports.map(weigh));
  // Co-signatures are cheaper than own values. A median is still told by own values: the spread is worth seeing.
  const mayAgree = isSentinel(favourite.value) || terms.aggregation === "plurality";
  if (mayAgree && isEnough(favourite.weight, total)) {
    const agreed = reports.filter(({ value }) => value === favourite.value);
    return {
      do: "transmit",
      mode: "agreed",
      value: favourite.value,
      seats: bitmapOf(agreed.map(({ seat }) => seat)),
      signatures: packAgreed(agreed),
    };
  }
  const valued = reports.filter(({ value }) => value >= terms.min && value <= terms.max);
  if (valued.length === 0 || !isEnough(sumOfWeights(valued.map(weigh)), total)) return null;
  if (terms.aggregation === "plurality" && !hasMajority(plurality(valued.map(weigh)).weight, total))
    return null;
  return { do: "transmit", mode: "values", entries: packEntries(valued) };
}

const meant = ({ root, value }: SeatReport): bigint => (root ? BigInt(root) : value);

/** Roots are co-signed or nothing: those of providers who read different things cannot be joined. */
function rootQuorum(
  { totalWeight, seats }: SignerSet,
  reports: readonly SeatReport[],
  isEnough: typeof hasQuorum,
): Step | null {
  const favourite = plurality(
    reports.map((report) => ({ value: meant(report), weight: seats[report.seat]?.weight ?? 0n })),
  );
  if (!isEnough(favourite.weight, totalWeight)) return null;
  const agreed = reports.filter((report) => meant(report) === favourite.value);
  const signed = { seats: bitmapOf(agreed.map(({ seat }) => seat)), signatures: packAgreed(agreed) };
  const [first] = agreed;
  return first?.root
    ? { do: "transmit", mode: "root", root: first.root, ...signed }
    : { do: "transmit", mode: "agreed", value: favourite.value, ...signed };
}
