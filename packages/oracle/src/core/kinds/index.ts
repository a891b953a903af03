import { INVALID, TOO_EARLY } from "../answer-word.ts";
import type { QuestionSchema } from "../wire.ts";
import { bool } from "./bool.ts";
import { categorical } from "./categorical.ts";
import { numeric } from "./numeric.ts";
import type { QuestionKind } from "./question-kind.ts";

export type { Bounds, QuestionKind } from "./question-kind.ts";

export const questionKinds = { bool, categorical, numeric } satisfies Record<
  QuestionSchema["kind"],
  QuestionKind
>;

export const kindOf = (schema: QuestionSchema): QuestionKind => questionKinds[schema.kind];

/** "3,182.44 USD", "Yes", "too early": a signed value for people. */
export function labelOf(value: bigint, schema: QuestionSchema): string {
  if (value === TOO_EARLY) return "too early";
  if (value === INVALID) return "invalid";
  return kindOf(schema).label(value, schema);
}
