import type { Decimal } from "../decimals.ts";
import type { Aggregation } from "../terms.ts";
import type { QuestionSchema } from "../wire.ts";

export type Bounds = { min: bigint; max: bigint };

/** Everything that one kind of question decides for itself. A new kind is a new file of this shape, named in index.ts. */
export type QuestionKind = {
  name: QuestionSchema["kind"];
  /** How signed values become the answer. */
  aggregation: Aggregation;
  /** What is wrong with a schema of this kind beyond its shape, or null. */
  complaint(schema: QuestionSchema): string | null;
  /** The bounds of a value, or those within which the asker's own must lie. */
  bounds(schema: QuestionSchema): Bounds;
  /** Several sources' readings are codes to be counted, not sizes to be ordered. */
  counted(schema: QuestionSchema): boolean;
  /** The value that an observed number stands for; null when it stands for none. */
  valueOf(observed: Decimal, schema: QuestionSchema): bigint | null;
  /** A value for people. */
  label(value: bigint, schema: QuestionSchema): string;
};
