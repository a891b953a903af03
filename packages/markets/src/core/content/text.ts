import { MOST_OPINION_BYTES } from "@sooth/oracle/core";

/** Of an opinion, in characters (UTF-16 units, as a text field counts them). */
export const MOST_CHARACTERS = 5_000;
/** Of a label sheet: 4 MB. 2,000 opinions by two analysts take about one. */
export const MOST_SHEET_BYTES = 4_194_304;

export const CONTENT_KINDS = ["opinion", "sheet"] as const;
export type ContentKind = (typeof CONTENT_KINDS)[number];

/** A database cannot store it, and no text needs it. */
const NUL = "\0";

/** What is wrong with a text as the opinion of somebody, or null. Whether it says anything, analysts judge. */
export function opinionComplaint(text: string): string | null {
  if (text.trim() === "") return "it is empty";
  if (!text.isWellFormed()) return "it holds half a character";
  if (text.includes(NUL)) return "it holds a NUL character";
  if (text.length > MOST_CHARACTERS) return `it has more than ${MOST_CHARACTERS} characters`;
  return bytesOf(text).length > MOST_OPINION_BYTES ? `it has more than ${MOST_OPINION_BYTES} bytes` : null;
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The text that bytes are; null when they are none, or not what {opinionComplaint} lets in. Nothing is repaired: the hash is of the bytes. */
export function opinionOf(bytes: Uint8Array): string | null {
  if (bytes.length > MOST_OPINION_BYTES) return null;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return opinionComplaint(text) === null ? text : null;
  } catch {
    return null; // not UTF-8, so no text
  }
}
