import type { Weighted } from "../aggregate.ts";
import type { Decimal } from "../decimals.ts";
import type { Aggregation } from "../terms.ts";
import type { QuestionSchema } from "../wire.ts";
import type { KindForm } from "./kind-form.ts";

export type Bounds = { min: bigint; max: bigint };
/** Bounds as an asker writes them, in the question's unit. */
export type AskedBounds = { min?: Decimal; max?: Decimal };

/** Everything that one kind of question decides for itself. A new kind is a new file of this shape, named in index.ts. */
export type QuestionKind = {
  name: string;
  /** For people who choose one: what it asks for, and an example. */
  title: string;
  hint: string;
  /** How signed values become the answer. */
  aggregation: Aggregation;
  /** What is wrong with a schema of this kind beyond its shape, or null. */
  complaint(schema: QuestionSchema): string | null;
  /** The bounds of a value, or those within which the asker's own must lie. */
  bounds(schema: QuestionSchema): Bounds;
  /** The asker's own bounds; absent where a kind has its own. @throws oracle.bad_terms */
  boundsOf?(asked: AskedBounds, schema: QuestionSchema): Bounds;
  /** What a size that somebody wrote in the question's unit is as a value: an edge between brackets. Absent among outcomes. */
  sizeOf?(size: Decimal, schema: QuestionSchema): bigint;
  /** What the terms hold for a tolerance that the asker wrote; absent where there is none. */
  toleranceOf?(size: Decimal, schema: QuestionSchema): bigint;
  /** Several sources' readings are codes to be counted, not sizes to be ordered. */
  counted(schema: QuestionSchema): boolean;
  /** Why one source's reading cannot count, or null. Where it rules out all of them, sizes count all the same. */
  refusal(observed: Decimal, schema: QuestionSchema, bounds: Bounds): string | null;
  /** The value that an observed number stands for, `among` all that count; null when it stands for none. */
  valueOf(observed: Decimal, schema: QuestionSchema, among?: readonly Decimal[]): bigint | null;
  /** The value nearest to this one within the bounds. */
  hold(value: bigint, bounds: Bounds): bigint;
  /** A value for people. */
  label(value: bigint, schema: QuestionSchema): string;
  /** What else the signed values tell about the answer, in a sentence, or null. */
  remark?(value: bigint, reports: readonly Weighted[], schema: QuestionSchema): string | null;
  /** How a form asks for it; absent where it is asked for through another kind's form. */
  form?: KindForm;
};

/** The usual way to hold a value between bounds. */
export const clamp = (value: bigint, { min, max }: Bounds): bigint =>
  value < min ? min : value > max ? max : value;
