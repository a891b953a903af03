import { compareDecimals, type Decimal, parseDecimal, toFixedPoint } from "../decimals.ts";
import type { QuestionSchema } from "../wire.ts";
import { clamp, type QuestionKind } from "./question-kind.ts";

const ZERO = parseDecimal("0");
const ONE = parseDecimal("1");

/** No is 0, Yes is 1. A source says 0 or 1 itself, or a number that reaches the threshold or does not. */
export const bool: QuestionKind = {
  name: "bool",
  title: "Yes or no",
  hint: "Did it happen?",
  aggregation: "plurality",
  complaint: ({ outcomes, rule }) => {
    if (outcomes.length !== 2 || outcomes[0] !== "No" || outcomes[1] !== "Yes")
      return 'a bool question has the outcomes ["No", "Yes"]';
    return rule.type === "cuts" ? "a bool question has no cuts; use atLeast" : null;
  },
  bounds: () => ({ min: 0n, max: 1n }),
  counted: ({ rule }) => rule.type === "value",
  refusal: (observed, schema) =>
    schema.rule.type === "value" && valueOf(observed, schema) === null ? "names no outcome" : null,
  valueOf: (observed, schema) => valueOf(observed, schema),
  hold: clamp,
  label: (value) => (value === 1n ? "Yes" : "No"),
};

function valueOf(observed: Decimal, { rule }: Pick<QuestionSchema, "rule">): bigint | null {
  if (rule.type === "atLeast") return compareDecimals(observed, parseDecimal(rule.threshold)) >= 0 ? 1n : 0n;
  const plain = compareDecimals(observed, ZERO) === 0 || compareDecimals(observed, ONE) === 0;
  return rule.type === "value" && plain ? toFixedPoint(observed, 0) : null;
}
