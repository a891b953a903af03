import { formatFixedPoint, toFixedPoint } from "../decimals.ts";
import { clamp, type QuestionKind } from "./question-kind.ts";

const DECIMALS = 2;
const BOUNDS = { min: 0n, max: 100n * 10n ** BigInt(DECIMALS) };

/** A grade from 0 to 100 with two decimals, rounded half to even. How sure it is, the answer's confidence tells. */
export const score: QuestionKind = {
  name: "score",
  title: "A score",
  hint: "How good, from 0 to 100?",
  aggregation: "median",
  complaint: ({ outcomes, rule, decimals }) => {
    if (outcomes.length > 0) return "a score has no outcomes";
    if (decimals !== DECIMALS) return `a score has ${DECIMALS} decimals`;
    return rule.type === "value" ? null : "a score takes the value itself";
  },
  bounds: () => BOUNDS,
  sizeOf: (size) => toFixedPoint(size, DECIMALS),
  toleranceOf: (size) => toFixedPoint(size, DECIMALS),
  counted: () => false,
  refusal: (observed) => {
    const value = toFixedPoint(observed, DECIMALS);
    return value < BOUNDS.min || value > BOUNDS.max ? "is no score from 0 to 100" : null;
  },
  // A measure beyond its bounds is held at them; a score beyond them is a mistake.
  valueOf: (observed) => {
    const value = toFixedPoint(observed, DECIMALS);
    return value < BOUNDS.min || value > BOUNDS.max ? null : value;
  },
  hold: clamp,
  label: (value) => `${formatFixedPoint(value, DECIMALS)} of 100`,
  form: {
    fields: [],
    deciding: [],
    initial: {},
    read: (_, { sourceUnit }) => ({
      part: { outcomes: [], decimals: DECIMALS, unit: sourceUnit, rule: { type: "value" } },
      problems: {},
    }),
    typedFor: () => ({}),
    edgeFor: (value) => formatFixedPoint(value, DECIMALS),
    aboutBounds: "Scores go from 0 to 100. Those this close to the answer count as agreeing with it.",
  },
};
