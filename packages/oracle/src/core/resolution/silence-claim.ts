import { plurality, sumOfWeights, weightedLowerMedian } from "../aggregate.ts";
import type { AnswerWord } from "../answer-word.ts";
import { silenceFrom } from "../disputes/index.ts";
import { percentOf, several } from "../figures.ts";
import type { Terms } from "../terms.ts";

type Open = Extract<AnswerWord, { state: "open" }>;
/** What silence is objected to with. Amounts are collateral. */
export type Stake = {
  /** What the contract takes. */
  deposit: bigint;
  /** What this server puts down for one question at most. */
  most: bigint;
  unit: bigint;
};
export type SilenceClaim = { do: "claim"; value: bigint; reason: string } | { do: "give_up"; reason: string };

/** The first half of the time to object is left to secondary sources, and to those who may still report. */
export const claimFrom = (
  terms: Pick<Terms, "opensAt" | "deadline">,
  word: Pick<Open, "notBefore">,
): number => {
  const from = silenceFrom(terms, word);
  return from + Math.ceil((terms.deadline - from) / 2);
};

const giveUp = (reason: string): SilenceClaim => ({ do: "give_up", reason });

/**
 * What to claim against the silence of providers, so that a re-report or a jury decides: the value that the weight which
 * did report stands for. Too little of it is no reason to stake anything: a third of all weight could otherwise be fewer than
 * one liar, who would have this server pay for his claims.
 */
export function silenceClaim(
  terms: Pick<Terms, "aggregation" | "min" | "max" | "secures">,
  reports: readonly { value: bigint; weight: bigint }[],
  totalWeight: bigint,
  { deposit, most, unit }: Stake,
): SilenceClaim {
  const whole = (amount: bigint): string => String(amount / unit);
  if (most === 0n) return giveUp("this server puts nothing down for answers (ORACLE_RESOLVE_DEPOSIT)");
  if (3n * terms.secures > totalWeight)
    return giveUp(
      "it secures more than all who could answer stake, so no re-report is taken, and a jury costs a part of it",
    );
  const valued = reports.filter(({ value }) => value >= terms.min && value <= terms.max);
  if (valued.length === 0) return giveUp("no report with a value came in, so there is nothing to claim");
  const value = terms.aggregation === "median" ? weightedLowerMedian(valued) : plurality(valued).value;
  const behind =
    terms.aggregation === "median"
      ? sumOfWeights(valued)
      : sumOfWeights(valued.filter((report) => report.value === value));
  const share = `${percentOf(behind, totalWeight)} of the weight`;
  if (3n * behind <= totalWeight)
    return giveUp(
      `no value has more than a third of the weight behind it: ${share} is too little to stake on`,
    );
  if (2n * behind <= sumOfWeights(valued))
    return giveUp("those who reported say different things, and no value has most of their weight behind it");
  if (deposit > most)
    return giveUp(`the deposit is ${whole(deposit)}, and this server puts down ${whole(most)} at most`);
  return {
    do: "claim",
    value,
    reason: `${several(valued.length, "report")} with ${share} stand behind what is claimed against the silence, with a deposit of ${whole(deposit)}: providers report anew, or a jury decides`,
  };
}
