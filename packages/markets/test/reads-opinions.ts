import type { Address } from "@sooth/kernel";
import { type QuestionSchema, questionSchema } from "@sooth/oracle/core";

const HUB = 31_337;

/** A score question that is answered by the opinions of its own market, as the form asks it, but for `over`. */
export const readsOpinions = (
  opinions: Address,
  observeAt: number,
  over: Partial<QuestionSchema> & { families?: number } = {},
): QuestionSchema => {
  const { families, ...rest } = over;
  return questionSchema.parse({
    version: 1,
    text: "What do the opinions come to?",
    kind: "score",
    decimals: 2,
    observeAt,
    sources: [
      { type: "opinions", name: "opinions", unit: "points", chainId: HUB, address: opinions, families },
    ],
    ...rest,
  });
};
