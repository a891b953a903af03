import { at, type Hex } from "@sooth/kernel";
import type { QuestionSchema, Terms } from "@sooth/oracle/core";
import { marketId, type MarketTerms } from "../src/core/index.ts";
import { openCall, type Stage } from "./stage.ts";

export type StagedMarket = { id: Hex; terms: MarketTerms; question: { id: Hex; terms: Terms } };

/** A question with "No" and "Yes", but for `over`. */
export const yesNo = (over: Partial<QuestionSchema> = {}): QuestionSchema => ({
  version: 1,
  text: "Will the bridge open on time?",
  kind: "bool",
  outcomes: ["No", "Yes"],
  decimals: 0,
  unit: "",
  observeAt: 1_000,
  sources: [],
  rule: { type: "value" },
  default: "invalid",
  description: "",
  ...over,
});

/** Asks, and opens a market on it that the first provider made: ten minutes for stakes, then ten for answers. */
export async function openOnStage(
  stage: Stage,
  schema: QuestionSchema,
  { cuts = [], opensAt }: { cuts?: bigint[]; opensAt?: number } = {},
): Promise<StagedMarket> {
  const from = opensAt ?? (await stage.now()) + 600;
  const question = await stage.ask(schema, { opensAt: from, deadline: from + 600 });
  const creator = at(stage.providers, 0);
  const terms: MarketTerms = {
    question: question.id,
    creator: creator.address,
    closesAt: from - 10,
    feeBps: 300,
    outcomes: cuts.length > 0 ? cuts.length + 1 : schema.outcomes.length,
    cuts,
  };
  await stage.send(creator, stage.addresses.markets, openCall(terms, question.terms));
  await stage.followed();
  return { id: marketId(terms), terms, question };
}
