import { MAX_VALUE } from "../answer-word.ts";
import { formatFixedPoint, groupThousands, parseDecimal, toFixedPoint } from "../decimals.ts";
import { OracleError } from "../errors.ts";
import { placesOf, plainNumber, textIn } from "./kind-form.ts";
import { clamp, type QuestionKind } from "./question-kind.ts";

const DEFAULT_MAX = parseDecimal("1e12");

const MOST_PLACES = 18;

/** A number in fixed point with the schema's decimals, rounded half to even. */
export const numeric: QuestionKind = {
  name: "numeric",
  title: "A number",
  hint: "How much, in brackets?",
  aggregation: "median",
  complaint: ({ outcomes, rule }) => {
    if (outcomes.length > 0) return "a numeric question has no outcomes";
    return rule.type === "value" ? null : "a numeric question takes the value itself";
  },
  bounds: () => ({ min: -MAX_VALUE + 1n, max: MAX_VALUE }),
  /** Without bounds of the asker's: zero to ten to the twelfth. */
  boundsOf: ({ min: low, max: high }, { decimals }) => {
    const min = low === undefined ? 0n : toFixedPoint(low, decimals);
    const top = toFixedPoint(high ?? DEFAULT_MAX, decimals);
    // Ten to the twelfth with eighteen decimals does not fit 96 bits.
    const max = high === undefined && top > MAX_VALUE ? MAX_VALUE : top;
    if (min <= -MAX_VALUE || min > MAX_VALUE || max <= -MAX_VALUE || max > MAX_VALUE)
      throw OracleError.bad_terms({ what: "a bound does not fit 96 bits" });
    return { min, max };
  },
  sizeOf: (size, { decimals }) => toFixedPoint(size, decimals),
  toleranceOf: (size, { decimals }) => toFixedPoint(size, decimals),
  counted: () => false,
  // Bounds above zero say that the thing cannot be zero or less, as a price cannot.
  refusal: (observed, _, { min }) => (min > 0n && observed.digits <= 0n ? "is not above zero" : null),
  valueOf: (observed, { decimals }) => toFixedPoint(observed, decimals),
  hold: clamp,
  label: (value, { decimals, unit }) =>
    `${groupThousands(formatFixedPoint(value, decimals))}${unit === "" ? "" : ` ${unit}`}`,
  form: {
    fields: [
      { name: "unit", label: "Unit", as: "text", maxLength: 20 },
      { name: "decimals", label: "Digits after the point", as: "number", isWhole: true },
    ],
    deciding: [],
    initial: { unit: "USD", decimals: "2" },
    read: (typed) => {
      const places = textIn(typed, "decimals").trim();
      const isCount = /^\d{1,2}$/.test(places) && Number(places) <= MOST_PLACES;
      return {
        part: {
          outcomes: [],
          decimals: isCount ? Number(places) : 0,
          unit: textIn(typed, "unit").trim(),
          rule: { type: "value" },
        },
        problems: isCount ? {} : { decimals: `A whole number, ${MOST_PLACES} at most.` },
      };
    },
    typedFor: ({ unit, decimals }) => ({ unit, decimals: String(decimals) }),
    edgeFor: (value, { decimals }) => formatFixedPoint(value, decimals),
    edgeComplaint: (text, { decimals }) =>
      placesOf(plainNumber(text) ?? "") > decimals
        ? `“${text}” has more than ${decimals} digits after the point.`
        : null,
    aboutBounds:
      "Answers are held between these bounds: the highest means that or more. Without any, zero to a million million. Reports this close to the answer count as agreeing with it.",
    advice: (_, typed) =>
      textIn(typed, "unit").trim() === "" ? ["Name the unit that the number is in."] : [],
  },
};
