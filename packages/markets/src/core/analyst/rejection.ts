import { addressesAnalyst } from "./addressing.ts";
import type { Rejection } from "./label.ts";
import { stemOf, wordsOf } from "./words.ts";

const FEWEST_WORDS = 3;
const FEWEST_CHARACTERS = 12;
/** A text of this many words with fewer different ones than the share below says the same again and again. */
const REPEATING_WORDS = 8;
const LEAST_DISTINCT = 0.4;
/** Characters that show nothing, or turn the writing direction: the reader would not see what the analyst reads. */
const HIDDEN = /[\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF\u{E0000}-\u{E007F}\p{Cc}]/u;
/** Line breaks, and the empty character that editors leave behind: read past, so that it hides no word either. */
const HARMLESS = /[\t\n\r]/g;
const EMPTY = /[\u200B\uFEFF]/g;

/** The first reason for which `text` does not count as an opinion on `statement`; null when it counts. */
export function rejectionOf(statement: string, text: string): Rejection | null {
  if (text.trim() === "") return "empty";
  if (HIDDEN.test(text.replace(HARMLESS, "").replace(EMPTY, ""))) return "hidden_characters";
  const words = wordsOf(text);
  if (words.length === 0) return "no_words";
  if (addressesAnalyst(text)) return "addresses_analyst";
  if (words.length < FEWEST_WORDS || text.trim().length < FEWEST_CHARACTERS) return "too_short";
  if (words.length >= REPEATING_WORDS && new Set(words).size / words.length < LEAST_DISTINCT)
    return "repeats_itself";
  const said = new Set(wordsOf(statement).map(stemOf));
  return words.every((word) => said.has(stemOf(word))) ? "copies_statement" : null;
}
