import { AppError, canonicalJson } from "@sooth/kernel";
import { z } from "zod";
import { parseDecimal } from "./decimals.ts";
import { itemSchema } from "./items.ts";
import { kindOf } from "./kinds/index.ts";
import { mixComplaint, sourceComplaint } from "./sources/index.ts";
import type { Terms } from "./terms.ts";
import { type QuestionSchema, questionSchema } from "./wire.ts";

const MAX_TOLERANCE = (1n << 96n) - 1n;
/** The contract's own limit on a schema text, in bytes of UTF-8. */
export const MAX_SCHEMA_BYTES = 16_384;

// A database cannot store NUL, a terminal obeys the others, and the overrides and isolates at the end turn a text
// round, so that it reads as another than the one that is agreed on. Line feed and tab are text in a description only.
// oxlint-disable-next-line no-control-regex
const HIDDEN = /[\u0000-\u0008\u000b\u000c\u000d\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
const BREAKS = /[\t\n]+/g;
const holds = (text: string, pattern: RegExp): boolean => text.search(pattern) !== -1;

/** A text as everybody sees it. */
export const withoutHidden = (text: string): string => text.replace(HIDDEN, "");

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
    const complaint = kindOf(schema).complaint(schema);
    // A vector's sources are read for its items, so its first item tells whether they can be.
    const asked = schema.items && complaint === null ? itemSchema(schema, 0) : schema;
    if (schema.items && schema.secondary) return "a vector has no secondary sources";
    return (
      sourcesComplaint(asked) ??
      complaint ??
      itemsComplaint(schema) ??
      momentsComplaint(schema) ??
      sizesComplaint(asked)
    );
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}

function sourcesComplaint(schema: QuestionSchema): string | null {
  const { secondary = [] } = schema;
  if (secondary.length > 0 && schema.sources.length === 0) return "it names secondary sources and no others";
  const sources = [...schema.sources, ...secondary];
  for (const source of sources) {
    const complaint = sourceComplaint(source, schema);
    if (complaint !== null) return complaint;
  }
  if (new Set(sources.map(({ name }) => name)).size !== sources.length)
    return "two sources have the same name";
  const foreign = sources.find(
    ({ unit, scale }) => scale === 0 && schema.unit !== "" && unit !== schema.unit,
  );
  if (foreign) return `source ${foreign.name} tells ${foreign.unit}, the question asks for ${schema.unit}`;
  // Each list is read by itself.
  return mixComplaint(schema.sources) ?? mixComplaint(secondary);
}

/** Whatever fills a template, the host is the asker's as it stands, and a path's dots are the path's. */
function itemsComplaint({ kind, items, sources }: QuestionSchema): string | null {
  if (!items) return null;
  if (kind !== "vector") return `a ${kind} question has no items`;
  for (const source of sources) {
    if (source.type !== "http-json") continue;
    if (source.url.slice(0, source.url.indexOf("/", 8)).includes("{"))
      return `the host of source ${source.name} holds a placeholder`;
    if (source.path.includes("{item}") && items.names?.some((name) => name.includes(".")))
      return `an item has a dot in its name, and source ${source.name} has it in its path`;
  }
  return null;
}

function momentsComplaint({ discloseBy, observeAt }: QuestionSchema): string | null {
  return discloseBy !== undefined && discloseBy < observeAt
    ? "the cut-off lies before the moment that is asked about"
    : null;
}

/** @throws oracle.not_a_number */
function sizesComplaint(schema: QuestionSchema): string | null {
  const kind = kindOf(schema);
  if (schema.default !== "invalid") {
    const said = parseDecimal(schema.default);
    const { min, max } = kind.bounds(schema);
    const value = kind.refusal(said, schema, { min, max }) === null ? kind.valueOf(said, schema) : null;
    if (value === null || value < min || value > max)
      return `its default, ${schema.default}, is no answer to it`;
  }
  if (schema.tolerance === undefined) return null;
  if (!kind.toleranceOf) return `a ${kind.name} question has no tolerance`;
  const size = parseDecimal(schema.tolerance);
  return size.digits < 0n || kind.toleranceOf(size, schema) > MAX_TOLERANCE
    ? "the tolerance is negative or does not fit 96 bits"
    : null;
}

/** What is wrong with terms for this schema, or null. The contract never reads the schema; of this it checks the tolerance. */
export function termsComplaint(
  terms: Pick<Terms, "aggregation" | "min" | "max" | "tolerance" | "endsEarly">,
  schema: QuestionSchema,
): string | null {
  const kind = kindOf(schema);
  const { min, max } = kind.bounds(schema);
  if (terms.aggregation !== kind.aggregation)
    return `a ${kind.name} question is decided by ${kind.aggregation}, not ${terms.aggregation}`;
  if (terms.min < min || terms.max > max) return `its bounds are not within ${min} to ${max}`;
  if (!kind.boundsOf && (terms.min !== min || terms.max !== max))
    return `its bounds are not ${min} to ${max}`;
  if (!kind.toleranceOf && terms.tolerance !== 0n) return `a ${kind.name} question has no tolerance`;
  const written =
    schema.tolerance === undefined ? null : kind.toleranceOf?.(parseDecimal(schema.tolerance), schema);
  if (written !== null && written !== terms.tolerance)
    return `its tolerance is ${terms.tolerance}, and its schema says ${schema.tolerance}`;
  // Schemas of before there was such a text say nothing, and their terms may all the same.
  return schema.endsEarly !== undefined && !terms.endsEarly
    ? "its schema says what ends it early, and its terms do not let it"
    : null;
}

/** A schema that was logged on chain, where anybody may log anything. `fault` says why it cannot be acted on. */
export type ReadSchema = { schema: QuestionSchema; fault: string | null };

/**
 * Reads a logged schema. One that does not hold gives a stand-in with the same bounds, so that everything built on
 * questions can still name and refund it; programs abstain from answering it.
 */
export function readSchema(text: string, terms: Terms): ReadSchema {
  const logged = parseJson(text);
  const parsed = questionSchema.safeParse(logged);
  if (!parsed.success)
    return { schema: standIn(terms, nameOf(logged, terms)), fault: "its schema cannot be read" };
  const complaint = schemaComplaint(parsed.data) ?? termsComplaint(terms, parsed.data);
  return complaint === null
    ? { schema: parsed.data, fault: null }
    : { schema: standIn(terms), fault: complaint };
}

const UNREAD = "A question whose schema cannot be read";
/** What the contract of the epochs logs when it asks for the records of a period. Source: Epochs.sol. */
const periodSchema = z.object({ kind: z.literal("records"), domain: z.number(), number: z.number().int() });

function nameOf(logged: unknown, { aggregation, domain, nonce }: Terms): string {
  const { data } = periodSchema.safeParse(logged);
  return data && aggregation === "root" && data.domain === domain && BigInt(data.number) === nonce
    ? `Reputation in domain ${domain}, period ${nonce}`
    : UNREAD;
}

function standIn(terms: Terms, text = UNREAD): QuestionSchema {
  const common = {
    version: 1 as const,
    text,
    decimals: 0,
    unit: "",
    observeAt: terms.opensAt,
    sources: [],
    rule: { type: "value" as const },
    default: "invalid" as const,
    description: "",
  };
  if (terms.aggregation === "root")
    return { ...common, kind: "vector", outcomes: [], items: { kind: "numeric", count: 1 } };
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
