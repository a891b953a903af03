import { INVALID, TOO_EARLY } from "../answer-word.ts";
import type { QuestionSchema } from "../wire.ts";
import { bool } from "./bool.ts";
import { categorical } from "./categorical.ts";
import { logUsd } from "./log-usd.ts";
import { numeric } from "./numeric.ts";
import type { QuestionKind } from "./question-kind.ts";
import { score } from "./score.ts";
import { vectorOf } from "./vector.ts";

export { dispersion, type Interval, packInterval, unpackInterval } from "./log-usd.ts";
export * from "./kind-form.ts";
export type { AskedBounds, Bounds, QuestionKind } from "./question-kind.ts";
export { itemCount, itemName, MAX_ITEMS } from "./vector.ts";
export { vectorItems } from "./vector-items.ts";

/** The list of kinds: what a schema may name is what stands here. */
const itemKinds = { bool, categorical, numeric, score, "log-usd": logUsd };
export const questionKinds = { ...itemKinds, vector: vectorOf(itemKinds) };

export type KindName = keyof typeof questionKinds;
export const KIND_NAMES = Object.keys(questionKinds) as [KindName, ...KindName[]];

export const kindOf = (schema: Pick<QuestionSchema, "kind">): QuestionKind => questionKinds[schema.kind];

/** Kinds that a form asks for by themselves, in the order in which it offers them: those that a market can rest on. */
export const FORM_KINDS: readonly KindName[] = KIND_NAMES.filter(
  (name) => kindOf({ kind: name }).form !== undefined,
);

/** "3,182.44 USD", "Yes", "too early": a signed value for people. */
export function labelOf(value: bigint, schema: QuestionSchema): string {
  if (value === TOO_EARLY) return "too early";
  if (value === INVALID) return "invalid";
  return kindOf(schema).label(value, schema);
}
