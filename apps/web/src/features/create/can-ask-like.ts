import { FORM_KINDS, type QuestionSchema } from "@sooth/oracle/core";

/** Whether the form can ask like this: of a kind that it knows, from sources that can be typed into it. */
export function canAskLike({ kind, items, sources, secondary = [] }: QuestionSchema): boolean {
  const isKnown = kind === "vector" ? items?.names !== undefined : FORM_KINDS.includes(kind);
  return isKnown && [...sources, ...secondary].every(({ type }) => type === "http-json");
}
