import type { Rule } from "@sooth/markets/core";

/** What each rule does, for people. `power`: how sharply nearness counts. */
export const RULE_WORDS: Record<Rule, { name: string; hint: string; rule: string }> = {
  linear: {
    name: "Gentle",
    hint: "Twice as near to the score counts about twice as much.",
    rule: "What is left is shared by stake times nearness to the score. Being off costs little.",
  },
  square: {
    name: "Even",
    hint: "Nearness counts squared.",
    rule: "What is left is shared by stake times nearness to the score, squared.",
  },
  fourth: {
    name: "Sharp",
    hint: "Nearness to the fourth power: the usual choice.",
    rule: "What is left is shared by stake times nearness to the score, to the fourth power: who is near takes from who is far. It rewards aiming at where most of the weight is, not at the middle.",
  },
  eighth: {
    name: "Very sharp",
    hint: "Nearness to the eighth power: only the nearest gain.",
    rule: "What is left is shared by stake times nearness to the score, to the eighth power: only the nearest gain. It rewards aiming at where most of the weight is, not at the middle.",
  },
  brier: {
    name: "Forecast (Brier)",
    hint: "Saying what one believes is best; gains and losses stay small.",
    rule: "What is left is shared by the Brier rule: a stake’s part grows by how much nearer than the others it stands. Saying what one believes is best on average; gains and losses stay small.",
  },
};
