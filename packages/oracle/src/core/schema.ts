import { AppError, canonicalJson } from "@sooth/kernel";
import { MAX_VALUE } from "./answer-word.ts";
import { parseDecimal } from "./decimals.ts";
import { kindOf } from "./kinds/index.ts";
import { mixComplaint, sourceComplaint } from "./sources/index.ts";
import type { Terms } from "./terms.ts";
import { type QuestionSchema, questionSchema } from "./wire.ts";

/** The contract's own limit on a schema text, in bytes of UTF-8. */
export const MAX_SCHEMA_BYTES = 16_384;

// A database cannot store NUL, a terminal obeys the others, and the overrides and isolates at the end turn a text
// round, so that it reads as another than the one that is agreed on. Line feed and tab are text in a description only.
// oxlint-disable-next-line no-control-regex
const HIDDEN = /[\u0000-\u0008\u000b\u000c\u000d\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
const BREAKS = /[\t\n]+/g;
const holds = (text: string, pattern: RegExp): boolean => text.search(pattern) !== -1;

/** The one text of a schema, as `ask` logs it. */
export const schemaText = (schema: QuestionSchema): string => canonicalJson(schema);

/** What is wrong with a schema beyond its shape, or null. */
export function schemaComplaint(schema: QuestionSchema): string | null {
  const text = schemaText(schema);
  if (new TextEncoder().encode(text).length > MAX_SCHEMA_BYTES)
    return `it is longer than ${MAX_SCHEMA_BYTES} bytes`;
  if (stringsOf(schema).some((part) => holds(part, HIDDEN) || !part.isWellFormed()))
    return "a text in it holds control characters or half a character";
  if (stringsOf({ ...schema, description: "" }).some((part) => holds(part, BREAKS)))
    return "a text other than the description holds a line break or tab";
  try {
    if (schema.rule.type === "atLeast") parseDecimal(schema.rule.threshold);
    if (schema.rule.type === "cuts") schema.rule.cuts.forEach(parseDecimal);
    for (const source of schema.sources) {
      const complaint = sourceComplaint(source, schema);
      if (complaint !== null) return complaint;
    }
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
  if (new Set(schema.sources.map(({ name }) => name)).size !== schema.sources.length)
    return "two sources have the same name";
  const foreign = schema.sources.find(
    ({ unit, scale }) => scale === 0 && schema.unit !== "" && unit !== schema.unit,
  );
  if (foreign) return `source ${foreign.name} tells ${foreign.unit}, the question asks for ${schema.unit}`;
  const mix = mixComplaint(schema.sources);
  if (mix !== null) return mix;
  return kindOf(schema).complaint(schema);
}

/** What is wrong with terms for this schema, or null. The contract never reads the schema; of this it checks the tolerance. */
export function termsComplaint(
  terms: Pick<Terms, "aggregation" | "min" | "max" | "tolerance">,
  schema: QuestionSchema,
): string | null {
  const kind = kindOf(schema);
  const { min, max } = kind.bounds(schema);
  if (terms.aggregation !== kind.aggregation)
    return `a ${kind.name} question is decided by ${kind.aggregation}, not ${terms.aggregation}`;
  if (terms.min < min || terms.max > max) return `its bounds are not within ${min} to ${max}`;
  if (kind.aggregation === "plurality" && (terms.min !== min || terms.max !== max))
    return `its bounds are not ${min} to ${max}`;
  if (kind.aggregation === "plurality" && terms.tolerance !== 0n)
    return `a ${kind.name} question has no tolerance`;
  return null;
}

/** A schema that was logged on chain, where anybody may log anything. `fault` says why it cannot be acted on. */
export type ReadSchema = { schema: QuestionSchema; fault: string | null };

/**
 * Reads a logged schema. One that does not hold gives a stand-in with the same bounds, so that everything built on
 * questions can still name and refund it; programs abstain from answering it.
 */
export function readSchema(text: string, terms: Terms): ReadSchema {
  const parsed = questionSchema.safeParse(parseJson(text));
  if (!parsed.success) return { schema: standIn(terms), fault: "its schema cannot be read" };
  const complaint = schemaComplaint(parsed.data) ?? termsComplaint(terms, parsed.data);
  return complaint === null
    ? { schema: parsed.data, fault: null }
    : { schema: standIn(terms), fault: complaint };
}

function standIn(terms: Terms): QuestionSchema {
  const common = {
    version: 1 as const,
    text: "A question whose schema cannot be read",
    decimals: 0,
    unit: "",
    observeAt: terms.opensAt,
    sources: [],
    rule: { type: "value" as const },
    default: "invalid" as const,
    description: "",
  };
  const count = terms.max - terms.min + 1n;
  if (terms.aggregation === "median" || terms.min !== 0n || count > 48n)
    return { ...common, kind: "numeric", outcomes: [] };
  if (count === 2n) return { ...common, kind: "bool", outcomes: ["No", "Yes"] };
  const outcomes = Array.from({ length: Number(count) }, (_, index) => `Outcome ${index}`);
  return { ...common, kind: "categorical", outcomes };
}

/** What a log tells, without the characters that no schema may hold: nobody sees another text than everybody reads. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, (key, value: unknown) => {
      if (typeof value !== "string") return value;
      const plain = value.replace(HIDDEN, "");
      return key === "description" ? plain : plain.replace(BREAKS, " ");
    });
  } catch {
    return undefined; // fails the shape, with the fault that a reader sees
  }
}

const stringsOf = (value: unknown): string[] =>
  typeof value === "string"
    ? [value]
    : typeof value === "object" && value !== null
      ? Object.values(value).flatMap(stringsOf)
      : [];

/** Fits int96, above the two sentinels. */
export const isValue = (value: bigint): boolean => value >= -MAX_VALUE + 1n && value <= MAX_VALUE;
