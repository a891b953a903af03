import { z } from "zod";

// C0 and C1 controls without newline; the bidirectional overrides and isolates, which can make a text read differently
// from what it says; and surrogates without their partner, which no UTF-8 can carry.
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const FORBIDDEN = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]|\p{Surrogate}/u;
const ALL_FORBIDDEN = new RegExp(FORBIDDEN, "gu");

/** Text as it may be shown to a person: what could repaint a terminal, or turn the text around, is shown as missing. */
export const withoutControls = (text: string): string => text.replace(ALL_FORBIDDEN, "\uFFFD");

/**
 * Text that people wrote and others will read: any script and emoji, right-to-left letters and marks included. Refused,
 * never stripped: control characters but newline, bidirectional overrides, lone surrogates. Lengths in UTF-16 units.
 */
export const plainText = (length: { min?: number; max: number }) =>
  z
    .string()
    .min(length.min ?? 0)
    .max(length.max)
    .refine((text) => !FORBIDDEN.test(text), {
      error: "contains control characters or text-direction overrides",
      // A text of a megabyte is refused by its length, without being looked at.
      when: (payload) => payload.issues.length === 0,
    });
