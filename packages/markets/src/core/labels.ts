import { labelOf, type QuestionSchema } from "@sooth/oracle/core";
import { at } from "@sooth/kernel";
import type { MarketTerms } from "./terms.ts";

/** The outcomes for people: "Yes", "Argentina", "2,000 to below 2,500 USD". As many as the terms have outcomes. */
export function outcomeLabels(
  schema: QuestionSchema,
  terms: Pick<MarketTerms, "outcomes" | "cuts">,
): string[] {
  return Array.from({ length: terms.outcomes }, (_, outcome) =>
    terms.cuts.length === 0 ? labelOf(BigInt(outcome), schema) : rangeLabel(schema, terms.cuts, outcome),
  );
}

function rangeLabel(schema: QuestionSchema, cuts: readonly bigint[], outcome: number): string {
  if (outcome === 0) return `below ${labelOf(at(cuts, 0), schema)}`;
  const from = at(cuts, outcome - 1);
  if (outcome === cuts.length) return `${labelOf(from, schema)} or more`;
  // The unit is said once, at the end.
  return `${labelOf(from, { ...schema, unit: "" })} to below ${labelOf(at(cuts, outcome), schema)}`;
}
