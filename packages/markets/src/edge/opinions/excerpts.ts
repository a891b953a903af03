import type { Address, Hex } from "@sooth/kernel";
import { sql } from "@sooth/store";
import type { z } from "zod";
import { markedParts, MARKS, type wireFound } from "../../core/index.ts";

/** Of a text too long to show: a piece around what was found. */
export const PIECE = `StartSel=${MARKS.from}, StopSel=${MARKS.to}, MaxFragments=1, MaxWords=30, MinWords=12`;
/** Of a statement: all of it. */
export const WHOLE = `StartSel=${MARKS.from}, StopSel=${MARKS.to}, HighlightAll=true`;

/** `text` without characters of ours, which would mark what was not found. */
export const unmarked = (text: ReturnType<typeof sql>) =>
  sql`translate(${text}, ${MARKS.from + MARKS.to}, '')`;

/** An opinion that says what was searched for, with a marked piece of it. */
export type Said = { market: Hex; owner: Address; number: number; opinion: Hex; excerpt: string | null };

export const wireSaid = ({
  owner,
  number,
  opinion,
  excerpt,
}: Omit<Said, "market">): NonNullable<z.infer<typeof wireFound>["opinion"]> => ({
  owner,
  number,
  sha256: opinion,
  excerpt: markedParts(excerpt ?? ""),
});
