import { compareDecimals, type Decimal, parseDecimal, toFixedPoint } from "../decimals.ts";
import type { QuestionSchema } from "../wire.ts";
import { plainNumber, textIn } from "./kind-form.ts";
import { clamp, type QuestionKind } from "./question-kind.ts";

const ZERO = parseDecimal("0");
const ONE = parseDecimal("1");

/** An "or" that belongs to a bound joins no two conditions. */
const BOUND =
  /\b(?:at or (?:above|below|over|under|before|after|beyond)|on or (?:before|after)|(?:greater|more|less|fewer|larger|higher|lower|smaller) than or equal to|equal to or (?:above|below|(?:greater|more|less|fewer|larger|higher|lower|smaller) than)|or (?:more|less|fewer|above|below|higher|lower|later|earlier|over|under|better|worse|greater|smaller|equal))\b/gi;

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
  form: {
    fields: [],
    deciding: [{ name: "threshold", label: "Yes when the sources say at least", as: "number", inUnit: true }],
    initial: { threshold: "" },
    read: (typed, { hasSources, sourceUnit }) => {
      const threshold = plainNumber(textIn(typed, "threshold"));
      return {
        part: {
          outcomes: ["No", "Yes"],
          decimals: 0,
          unit: sourceUnit,
          rule: hasSources ? { type: "atLeast", threshold: threshold ?? "0" } : { type: "value" },
        },
        problems:
          hasSources && threshold === undefined
            ? { threshold: "Enter the number from which on the answer is Yes." }
            : {},
      };
    },
    typedFor: ({ rule }) => ({ threshold: rule.type === "atLeast" ? rule.threshold : "" }),
    advice: (question, typed, { hasSources }) => {
      const typedThreshold = textIn(typed, "threshold").trim();
      const threshold = typedThreshold.replaceAll(",", "");
      const isMissing = hasSources && threshold !== "" && !question.replaceAll(",", "").includes(threshold);
      return [
        ...(/\b(and|or)\b/i.test(question.replace(BOUND, ""))
          ? ["There is an “and” or “or” in it. Say what holds when only one half is true."]
          : []),
        ...(isMissing ? [`The number that decides, ${typedThreshold}, does not stand in the question.`] : []),
      ];
    },
  },
};

function valueOf(observed: Decimal, { rule }: Pick<QuestionSchema, "rule">): bigint | null {
  if (rule.type === "atLeast") return compareDecimals(observed, parseDecimal(rule.threshold)) >= 0 ? 1n : 0n;
  const plain = compareDecimals(observed, ZERO) === 0 || compareDecimals(observed, ONE) === 0;
  return rule.type === "value" && plain ? toFixedPoint(observed, 0) : null;
}
