import { MAX_VALUE } from "../answer-word.ts";
import { formatFixedPoint, groupThousands, toFixedPoint } from "../decimals.ts";
import type { QuestionKind } from "./question-kind.ts";

/** A number in fixed point with the schema's decimals, rounded half to even. */
export const numeric: QuestionKind = {
  name: "numeric",
  aggregation: "median",
  complaint: ({ outcomes, rule }) => {
    if (outcomes.length > 0) return "a numeric question has no outcomes";
    return rule.type === "value" ? null : "a numeric question takes the value itself";
  },
  bounds: () => ({ min: -MAX_VALUE + 1n, max: MAX_VALUE }),
  counted: () => false,
  valueOf: (observed, { decimals }) => toFixedPoint(observed, decimals),
  label: (value, { decimals, unit }) =>
    `${groupThousands(formatFixedPoint(value, decimals))}${unit === "" ? "" : ` ${unit}`}`,
};
