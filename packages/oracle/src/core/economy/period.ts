import type { EpochRules } from "./epoch-record.ts";

/** What the contract of the epochs was built with. Seconds. Source: IEpochs.sol. */
export type PeriodRules = {
  /** Unix seconds: what became final by then never counts. */
  genesis: number;
  periodSeconds: number;
  settleSeconds: number;
  answerSeconds: number;
  livenessSeconds: number;
  cooldownSeconds: number;
  premiumRounds: number;
};

/** The end of a period; it takes in what became final in that second. Unix seconds. */
export const untilOf = ({ genesis, periodSeconds }: PeriodRules, number: number): number =>
  genesis + number * periodSeconds;

/** The last period that is over, and whose end no reorg changes any more; 0 while there is none. */
export function lastPeriod(rules: PeriodRules, now: number): number {
  const passed = Math.floor((now - rules.settleSeconds - 1 - rules.genesis) / rules.periodSeconds);
  return Math.max(passed, 0);
}

/** The part of the rules that the formula reads. */
export const formulaRules = ({ cooldownSeconds, premiumRounds }: PeriodRules): EpochRules => ({
  cooldown: cooldownSeconds,
  premiumRounds,
});

/** Final questions that count, seconds back from the end of a period: whoever errs with nobody for so long is free again. */
export const CLUSTER_SECONDS = 365 * 86_400;

/** What became final by then does not count for the clusters of a period. Unix seconds. */
export const clustersSince = (rules: PeriodRules, number: number): number =>
  Math.max(rules.genesis, untilOf(rules, number) - CLUSTER_SECONDS);
