import type { Hex } from "@sooth/kernel";
import { keccak256, stringToHex } from "viem";
import { z } from "zod";
import { wireHex32 } from "../wire-words.ts";

/**
 * Why somebody objects: a text for people, with the links and quotes that bear it out. The chain logs its hash alone, and
 * nothing follows from it: what decides is what providers and jurors read themselves.
 */

/** Room for a page of words and a dozen links. */
export const MOST_REASON_BYTES = 8_192;

/** What {IOracle.dispute} logs: keccak256 of the text as UTF-8. */
export const reasonHash = (text: string): Hex => keccak256(stringToHex(text));

/** Control characters but line ends and tabs have no place in it, and neither has a half of a surrogate pair: it has no UTF-8. */
const UNWRITABLE = /(?![\n\r\t])\p{Cc}/u;

/** What is wrong with a text as a reason, or null. */
export function reasonComplaint(text: string): string | null {
  if (text.trim() === "") return "it says nothing";
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MOST_REASON_BYTES) return `it has ${bytes} bytes, and ${MOST_REASON_BYTES} is the most`;
  if (UNWRITABLE.test(text) || !text.isWellFormed()) return "it holds characters that are no text";
  return null;
}

/** The start of a text that fits, whole characters only. */
export function cutReason(text: string): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= MOST_REASON_BYTES) return text;
  let end = MOST_REASON_BYTES - 3; // three for the mark that says it was cut
  while (((bytes[end] ?? 0) & 0b1100_0000) === 0b1000_0000) end--; // inside a character
  return `${new TextDecoder().decode(bytes.subarray(0, end))}…`;
}

/** Why, in words; with links and quotes. */
export const wireReasonText = z.object({ text: z.string().min(1).max(MOST_REASON_BYTES) });
export const wireReason = z.object({
  /** keccak256 of the text as UTF-8. */
  hash: wireHex32,
  /** Null: it was never handed over here, or it was erased. */
  text: z.string().nullable(),
});
