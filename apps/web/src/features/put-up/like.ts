import type { OpinionMarket } from "../../api.ts";
import { typedAmount } from "../../format/amount.ts";
import { type Draft, DURATIONS, LOCAL_DURATIONS, newDraft, type Securing } from "./draft.ts";

export type Model = Pick<OpinionMarket, "statement" | "announcedAt" | "secures"> & {
  terms: Pick<
    OpinionMarket["terms"],
    | "closesAt"
    | "revealSeconds"
    | "rule"
    | "feeBps"
    | "prizeBps"
    | "prizes"
    | "leastStake"
    | "mostStake"
    | "minConfidence"
  >;
  question: Pick<OpinionMarket["question"], "reward">;
};

/** The form as it put up this one, open for the time on offer that is nearest to its own. */
export function likeDraft(
  { statement, terms, announcedAt, question, secures }: Model,
  securing: Securing,
  local: boolean,
): Draft {
  const lasted = terms.closesAt - announcedAt;
  const far = ({ seconds }: { seconds: number }) => Math.abs(seconds - lasted);
  const [nearest = DURATIONS[0]] = [...(local ? LOCAL_DURATIONS : []), ...DURATIONS].toSorted(
    (a, b) => far(a) - far(b),
  );
  const money = (amount: string) => typedAmount(BigInt(amount), securing.decimals);
  return {
    statement,
    openSeconds: nearest.seconds,
    hidden: terms.revealSeconds > 0,
    rule: terms.rule,
    fee: percent(terms.feeBps),
    prize: percent(terms.prizeBps),
    prizes: String(terms.prizes),
    leastStake: money(terms.leastStake),
    mostStake: money(terms.mostStake),
    // One that secured too little was put up elsewhere.
    mostInAll:
      BigInt(secures) < BigInt(terms.mostStake) ? newDraft(local, securing).mostInAll : money(secures),
    minConfidence: percent(terms.minConfidence),
    reward: money(question.reward),
  };
}

const percent = (bps: number): string => typedAmount(BigInt(bps), 2);
