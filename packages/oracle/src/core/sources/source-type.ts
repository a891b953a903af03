import { z } from "zod";
import { TEXT_ROOM } from "../text-room.ts";
import type { QuestionSchema } from "../wire.ts";

/** What every source has, whatever it reads. */
export const named = {
  name: z.string().min(1).max(TEXT_ROOM.sourceName),
  unit: z.string().min(1).max(TEXT_ROOM.unit),
  /** The value read is multiplied by 10^scale; -2 turns cents into units. */
  scale: z.number().int().min(-30).max(30).default(0),
};

/** What all parts of a schema tell a source about the question that it belongs to. */
export type AskedFor = Pick<QuestionSchema, "kind" | "unit" | "observeAt" | "rule" | "outcomes">;

/**
 * Everything that one type of source decides for itself, as far as it needs no I/O. A new type is a new file of this
 * shape, named in index.ts, and its reader in `edge/provider/sources/`.
 */
export type SourceType<S> = {
  /** What is wrong with a source beyond its shape, or null. @throws AppError with the same meaning */
  complaint(source: S, asked: AskedFor): string | null;
  /** Where it reads, for people and for the evidence; at most 2,000 characters count. @throws oracle.bad_template */
  where(source: S, observeAt: number): string;
  /**
   * Whether it says the same whenever it is read after `by` (unix seconds), as far as its own text tells. What does not may
   * have moved since others looked.
   */
  isFixed(source: S, observeAt: number, by: number): boolean;
  /** The source as it is read for one item of a vector; absent where it is the same for all of them. */
  forItem?(source: S, fill: FillItem): S;
};

/** Puts an item into the places `{item}` and `{index}` of a text, as they stand or as a part of a url. */
export type FillItem = (text: string, as: "text" | "url") => string;

const ITEM = /\{(item|index)\}/g;
export const fillItem =
  ({ name, index }: { name: string; index: number }): FillItem =>
  (text, as) =>
    text.replace(ITEM, (_, which: string) => {
      const part = which === "item" ? name : String(index);
      return as === "url" ? encodeURIComponent(part) : part;
    });
