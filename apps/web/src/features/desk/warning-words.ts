import { t } from "@lingui/core/macro";
import type { ApprovalWarning } from "@sooth/markets/core";
import { formatPercent } from "../../format/amount.ts";

const opinions = (count: number): string => (count === 1 ? t`one opinion` : t`${count} opinions`);

/** What to look at before signing, as a sentence. */
export function warningWords(warning: ApprovalWarning): string {
  switch (warning.kind) {
    case "low_confidence":
      return t`The confidence is ${formatPercent(warning.confidence)}, hardly above the ${formatPercent(warning.least)} that the terms want.`;
    case "near_bound":
      return t`The score is ${warning.score}: nearly all of the money goes to one side.`;
    case "spread":
      return t`Providers or model families differ by ${warning.points} points.`;
    case "few_opinions":
      return t`Only ${opinions(warning.count)} stand behind it.`;
    case "one_large_stake":
      return t`One opinion holds ${formatPercent(warning.shareBps)} of the stakes.`;
    case "labels_differ":
      return t`Analysts disagree about ${opinions(warning.opinions)}: on which side, or whether it counts. They stand first below.`;
    case "far_from_crowd":
      return t`The score lies ${warning.points} points from the mean stance of the stakes.`;
    case "unsure_sheets":
      return t`By its own labels a provider is sure to ${formatPercent(warning.confidence)} only.`;
    case "unreadable_sheets":
      return warning.providers === 1
        ? t`The labels of one provider cannot be read, or do not come to its score.`
        : t`The labels of ${warning.providers} providers cannot be read, or do not come to their scores.`;
  }
}
