import { t } from "@lingui/core/macro";

/** Answers that the rules name and nobody wrote: looked up at each call, for the language may have changed. */
const named = (): Readonly<Record<string, string>> => ({
  Yes: t`Yes`,
  No: t`No`,
  "too early": t`too early`,
  invalid: t`invalid`,
});

/**
 * An outcome or an answer as its reader says it. The rules name those of a yes-or-no question and the brackets of a number in
 * English, as the chain's readers compare them; what an asker wrote stays as it was written.
 */
export function sayAnswer(label: string): string {
  const words = named();
  if (Object.hasOwn(words, label)) return words[label] ?? label;
  const [, below] = /^below (-?\d.*)$/.exec(label) ?? [];
  if (below !== undefined) return t`below ${below}`;
  const [, from] = /^(-?\d.*) or more$/.exec(label) ?? [];
  if (from !== undefined) return t`${from} or more`;
  const [, low, high] = /^(-?\d\S*) to below (-?\d.*)$/.exec(label) ?? [];
  return low !== undefined && high !== undefined ? t`${low} to below ${high}` : label;
}
