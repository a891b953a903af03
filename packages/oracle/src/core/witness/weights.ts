import type { Terms } from "../terms.ts";

/**
 * A seat of a round. Who answers by a language model declares its family, such as `claude`; null for everybody else.
 * Models of a family make the same mistakes, so they are one voice however many seats they hold.
 */
export type ClassedSeat = { readonly weight: bigint; readonly family: string | null };

/** All witnesses together hold one third of a round at most, and each family one third of that third. */
const CLASS_PART = 3n;
const FAMILY_PART = 9n;

/**
 * What counts of each seat's weight in a round, in the order given. Of the round's weight as it then is, families of
 * models hold at most a third together and a ninth each; a family's seats share in proportion. Rounds down, so the caps
 * hold exactly; without anybody else, witnesses count nothing.
 */
export function capWitnesses(seats: readonly ClassedSeat[]): bigint[] {
  const others = sum(seats.filter(({ family }) => family === null).map(({ weight }) => weight));
  let allowed = sum(seats.map(({ weight }) => weight)) - others;
  for (;;) {
    const counted = countWith(seats, others, allowed);
    const witnesses = sum(counted) - others;
    // What was cut makes the round smaller, and with it each cap: until they hold for what is left.
    if (witnesses >= allowed) return counted;
    allowed = witnesses;
  }
}

/** The seats' weights when the caps are those of a round in which witnesses hold `allowed`. */
function countWith(seats: readonly ClassedSeat[], others: bigint, allowed: bigint): bigint[] {
  const held = new Map<string, bigint>();
  for (const { family, weight } of seats)
    if (family !== null) held.set(family, (held.get(family) ?? 0n) + weight);
  const familyCap = (others + allowed) / FAMILY_PART;
  const afterFamilies = seats.map(({ weight, family }) => {
    const whole = family === null ? 0n : (held.get(family) ?? 0n);
    return whole > familyCap ? (weight * familyCap) / whole : weight;
  });
  const classCap = others / (CLASS_PART - 1n);
  const witnesses = sum(afterFamilies) - others;
  if (witnesses <= classCap) return afterFamilies;
  return afterFamilies.map((weight, index) =>
    seats[index]?.family === null ? weight : (weight * classCap) / witnesses,
  );
}

const sum = (weights: readonly bigint[]): bigint => weights.reduce((all, weight) => all + weight, 0n);

/** What a witness signed for, with what counts of its weight. */
export type WitnessVoice = { readonly family: string; readonly value: bigint; readonly weight: bigint };

/** What witnesses make of an answer: how long its window is now, in seconds, and what watchers are to be told, if anything. */
export type WitnessEffect = { readonly window: number; readonly alert: string | null };

/**
 * When the witnesses' weight speaks against the quorum's answer by more than half, the window doubles and watchers are
 * alerted. That is all: models err too, so they never dispute by themselves, and their silence means nothing.
 */
export function witnessEffect(
  answer: bigint,
  { aggregation, tolerance }: Pick<Terms, "aggregation" | "tolerance">,
  voices: readonly WitnessVoice[],
  window: number,
): WitnessEffect {
  const agrees = ({ value }: WitnessVoice) =>
    aggregation === "median"
      ? (value < answer ? answer - value : value - answer) <= tolerance
      : value === answer;
  const all = sum(voices.map(({ weight }) => weight));
  const against = voices.filter((voice) => !agrees(voice));
  if (2n * sum(against.map(({ weight }) => weight)) <= all) return { window, alert: null };
  const families = [...new Set(against.map(({ family }) => family))].toSorted();
  return {
    window: window * 2,
    alert: `witnesses (${families.join(", ")}) contradict the quorum's answer ${answer}`,
  };
}
