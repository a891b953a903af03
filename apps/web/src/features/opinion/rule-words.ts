import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Rule } from "@sooth/markets/core";

/** What each rule does, for people. `power`: how sharply nearness counts. */
export const RULE_WORDS: Record<
  Rule,
  { name: MessageDescriptor; hint: MessageDescriptor; rule: MessageDescriptor }
> = {
  linear: {
    name: msg`Gentle`,
    hint: msg`20 points from the score a stake counts 80 of 100, 40 points off 60.`,
    rule: msg`What is left is shared by stake times nearness to the score. Being off costs little.`,
  },
  square: {
    name: msg`Even`,
    hint: msg`20 points from the score a stake counts 64 of 100, 40 points off 36.`,
    rule: msg`What is left is shared by stake times nearness to the score, squared.`,
  },
  fourth: {
    name: msg`Sharp`,
    hint: msg`20 points from the score a stake counts 41 of 100, 40 points off 13. The usual choice.`,
    rule: msg`What is left is shared by stake times nearness to the score, to the fourth power: who is near takes from who is far. It rewards aiming at where most of the weight is, not at the middle.`,
  },
  eighth: {
    name: msg`Very sharp`,
    hint: msg`20 points from the score a stake counts 17 of 100, 40 points off 2.`,
    rule: msg`What is left is shared by stake times nearness to the score, to the eighth power: only the nearest gain. It rewards aiming at where most of the weight is, not at the middle.`,
  },
  brier: {
    name: msg`Forecast (Brier)`,
    hint: msg`Saying what one believes is best; gains and losses stay small.`,
    rule: msg`What is left is shared by the Brier rule: a stake’s part grows by how much nearer than the others it stands. Saying what one believes is best on average; gains and losses stay small.`,
  },
};
