import { expect, test } from "vitest";
import { newDraft, planOf, type Draft } from "./draft.ts";
import { likeDraft } from "./like.ts";

const NOW = 1_747_000_000;
const MEANS = { hub: { chainId: 1, local: false }, opinions: `0x${"1".repeat(40)}`, decimals: 6 };

test.each<Partial<Draft>>([
  {},
  {
    hidden: true,
    openSeconds: 86_400,
    fee: "0.25",
    prize: "0",
    prizes: "3",
    minConfidence: "12.5",
    reward: "1234.5",
    mostInAll: "25000",
  },
])("put up like one of its own, the form puts up the same: %o", (change) => {
  const draft = { ...newDraft(false), statement: "The old harbour should become a park.", ...change };
  const { plan } = planOf(draft, NOW, MEANS);
  if (!plan) throw new Error("the draft has problems");
  const model = {
    statement: plan.statement,
    // Signing took a while.
    announcedAt: NOW + 300,
    terms: plan.market,
    question: { reward: plan.reward },
    secures: plan.secures,
  };
  expect(likeDraft(model, { decimals: 6, mostSecured: null }, false)).toEqual(draft);
});
