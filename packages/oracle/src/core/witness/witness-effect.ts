import type { Terms } from "../terms.ts";

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
