import { canonicalJson } from "@sooth/kernel";
import { sha256, stringToHex } from "viem";
import { z } from "zod";
import { MAX_SECONDARY, MAX_SOURCES, wireAddress, wireHex32, wireInteger, wireSeconds } from "./wire.ts";

/** The whole bundle, in bytes of UTF-8. */
export const MAX_EVIDENCE_BYTES = 65_536;
/** What is kept of a source's body, bytes as JSON writes it: a hostile body cannot blow the bundle up. */
export const MAX_EXCERPT = 2_048;

/** What a provider fetched before it signed, and what it made of it. Its sha256 is its name. */
export const evidenceBundle = z.object({
  version: z.literal(1),
  chainId: z.number().int(),
  question: wireHex32,
  round: z.number().int().min(0).max(255),
  /** Signing key of the provider. */
  provider: wireAddress,
  /** What was signed for what was read. */
  value: wireInteger,
  /** What many values that were read stand under; `value` is 0 then. */
  root: wireHex32.optional(),
  /** The hash over the clarifications that were read; absent when there were none. */
  clarified: z
    .string()
    .regex(/^0x[0-9a-f]{32}$/)
    .optional(),
  /** Why, in one sentence. */
  reason: z.string().max(500),
  sources: z
    .array(
      z.object({
        name: z.string().max(60),
        /** What kind of source it is; `http-json` when not given. */
        type: z.enum(["chain", "feed", "witness", "opinions"]).optional(),
        /** Named by the schema for when its other sources cannot be read; absent otherwise. */
        secondary: z.literal(true).optional(),
        /** With the template filled in; for a contract its chain, address and function. */
        url: z.string().max(2_000),
        /** Chain time at the start of the reading. */
        fetchedAt: wireSeconds,
        /** HTTP; null when no answer came, or none of HTTP. */
        status: z.number().int().nullable(),
        /** Of the whole body as it came; of a chain or a witness: of the canonical JSON that says what was read; of
         * opinions: of the sheet of all labels, which is kept under it. */
        sha256: wireHex32.nullable(),
        excerpt: z.string().max(MAX_EXCERPT),
        /** Decimal number in the question's unit. */
        value: z.string().max(200).nullable(),
        /** Why it does not count; null when it does. */
        dropped: z.string().max(300).nullable(),
      }),
    )
    .max(MAX_SOURCES + MAX_SECONDARY),
});
export type EvidenceBundle = z.infer<typeof evidenceBundle>;

export const evidenceText = (bundle: EvidenceBundle): string => canonicalJson(bundle);
export const evidenceHash = (text: string): `0x${string}` => sha256(stringToHex(text));

/** The bundle of a text, or what is wrong with it. Only the canonical text is taken: one bundle has one name. */
export function readEvidence(text: string): { bundle: EvidenceBundle } | { complaint: string } {
  if (utf8Length(text) > MAX_EVIDENCE_BYTES)
    return { complaint: `it is longer than ${MAX_EVIDENCE_BYTES} bytes` };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { complaint: "it is not JSON" };
  }
  const read = evidenceBundle.safeParse(json);
  if (!read.success) return { complaint: z.prettifyError(read.error).slice(0, 300) };
  return evidenceText(read.data) === text
    ? { bundle: read.data }
    : { complaint: "it is not in canonical form" };
}

/** The start of a body, cut so that JSON writes it in MAX_EXCERPT bytes of UTF-8. */
export function excerptOf(body: string): string {
  let text = body.slice(0, MAX_EXCERPT).toWellFormed();
  while (utf8Length(JSON.stringify(text)) > MAX_EXCERPT)
    text = text.slice(0, (text.length * 3) >> 2).toWellFormed();
  return text;
}

const utf8Length = (text: string): number => new TextEncoder().encode(text).length;
