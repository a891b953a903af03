import { compareDecimals, type Decimal, parseDecimal, toFixedPoint } from "../decimals.ts";
import type { QuestionSchema } from "../wire.ts";
import { listIn, plainNumber } from "./kind-form.ts";
import { clamp, type QuestionKind } from "./question-kind.ts";

/** One of many: the value is the outcome's place in the list, from 0. */
export const categorical: QuestionKind = {
  name: "categorical",
  title: "One of many",
  hint: "Which of these?",
  aggregation: "plurality",
  complaint: ({ outcomes, rule }) => {
    if (outcomes.length < 2) return "a categorical question has two outcomes at least";
    if (new Set(outcomes).size !== outcomes.length) return "two outcomes have the same name";
    if (rule.type === "atLeast") return "a categorical question has no threshold; use cuts";
    if (rule.type !== "cuts") return null;
    if (rule.cuts.length !== outcomes.length - 1)
      return `${outcomes.length} outcomes need ${outcomes.length - 1} cuts`;
    const cuts = rule.cuts.map(parseDecimal);
    const rising = cuts.every((cut, i) => i === 0 || compareDecimals(cuts[i - 1] ?? cut, cut) < 0);
    return rising ? null : "the cuts do not rise";
  },
  bounds: ({ outcomes }) => ({ min: 0n, max: BigInt(outcomes.length - 1) }),
  counted: ({ rule }) => rule.type === "value",
  refusal: (observed, schema) =>
    schema.rule.type === "value" && outcomeOf(observed, schema) === null ? "names no outcome" : null,
  valueOf: (observed, schema) => outcomeOf(observed, schema),
  hold: clamp,
  label: (value, { outcomes }) => outcomes[Number(value)] ?? `outcome ${value}`,
  form: {
    fields: [{ name: "outcomes", label: "Outcomes", as: "list", item: "Outcome", least: 2 }],
    deciding: [
      {
        name: "cuts",
        label: "Numbers between the outcomes",
        hint: "Below the first it is the first outcome, from the first on the second, and so on.",
        as: "list",
        item: "Number",
        least: 1,
        isNumeric: true,
      },
    ],
    initial: { outcomes: ["", ""], cuts: ["", ""] },
    read: (typed, { hasSources, sourceUnit }) => {
      const outcomes = listIn(typed, "outcomes")
        .map((name) => name.trim())
        .filter((name) => name !== "");
      const cuts = listIn(typed, "cuts").map(plainNumber);
      const known = cuts.filter((cut) => cut !== undefined);
      const areOutcomes = known.length === cuts.length && cuts.length === outcomes.length - 1;
      const unnamed = outcomesComplaint(outcomes);
      return {
        part: {
          outcomes,
          decimals: 0,
          unit: sourceUnit,
          rule: hasSources ? { type: "cuts", cuts: known } : { type: "value" },
        },
        problems: {
          ...(unnamed === null ? {} : { outcomes: unnamed }),
          ...(hasSources && !areOutcomes
            ? {
                cuts: `${outcomes.length} outcomes need ${Math.max(1, outcomes.length - 1)} numbers between them.`,
              }
            : {}),
        },
      };
    },
    typedFor: ({ outcomes, rule }) => ({ outcomes, cuts: rule.type === "cuts" ? rule.cuts : ["", ""] }),
  },
};

const MOST_TYPED = 48;

function outcomesComplaint(names: readonly string[]): string | null {
  if (names.length < 2) return "Name at least two outcomes.";
  if (names.length > MOST_TYPED) return `At most ${MOST_TYPED} outcomes.`;
  return new Set(names.map((name) => name.toLowerCase())).size < names.length
    ? "Two outcomes have the same name."
    : null;
}

function outcomeOf(
  observed: Decimal,
  { rule, outcomes }: Pick<QuestionSchema, "rule" | "outcomes">,
): bigint | null {
  // Outcome i is the number of cuts at or below what was observed.
  if (rule.type === "cuts")
    return BigInt(rule.cuts.filter((cut) => compareDecimals(parseDecimal(cut), observed) <= 0).length);
  const index = toFixedPoint(observed, 0);
  const whole = compareDecimals({ digits: index, scale: 0 }, observed) === 0;
  return whole && index >= 0n && index < BigInt(outcomes.length) ? index : null;
}
