import { AppError } from "@sooth/kernel";
import { z } from "zod";
import { compareDecimals, type Decimal, parseDecimal, shift } from "../decimals.ts";
import { kindOf } from "../kinds/index.ts";
import type { WitnessSource } from "../sources/index.ts";
import type { Terms } from "../terms.ts";
import type { QuestionSchema } from "../wire.ts";
import { namesOutcome, type WitnessDocument } from "./prompt.ts";

/** What a witness says, in the form that it was asked for. */
export const verdict = z.strictObject({
  verdict: z.enum(["answer", "abstain"]),
  value: z.string().max(100).nullable(),
  outcome: z.number().int().nullable(),
  confidence: z.number().int().min(0).max(100),
  quotes: z.array(z.strictObject({ document: z.number().int(), text: z.string().max(2_000) })).max(20),
  reason: z.string().max(5_000),
});
export type Verdict = z.infer<typeof verdict>;

/** Shorter, it could stand anywhere. */
const MIN_QUOTE = 12;
/** Commas between groups of three digits, as English writes them; other ways of writing are not read. */
const WRITTEN_NUMBER = /[-\u2212]?\d+(?:,\d{3})*(?:\.\d+)?/g;

/** The verdict in a model's text, or null when it is not in the form that was asked for. */
export function readVerdict(text: string): Verdict | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null; // the caller abstains and says so
  }
  return verdict.safeParse(json).data ?? null;
}

export type Judged = { number: Decimal } | { why: string };

/**
 * What of a verdict counts: one number within the question's bounds, with quotes that literally stand in the documents
 * and hold it. Everything else is an abstention. `minConfidence` in percent. Money rests on it, so nothing is repaired.
 */
export function judgeVerdict(
  said: Verdict,
  question: {
    schema: QuestionSchema;
    terms: Pick<Terms, "min" | "max">;
    source: Pick<WitnessSource, "scale">;
  },
  documents: readonly WitnessDocument[],
  minConfidence: number,
): Judged {
  if (said.verdict === "abstain") return { why: "the witness abstains" };
  if (said.confidence < minConfidence)
    return { why: `the witness is ${said.confidence} % sure, ${minConfidence} % is needed` };
  if (said.quotes.length === 0) return { why: "the witness quotes nothing" };
  const number = numberOf(said, question.schema);
  if (number === null) return { why: "the witness names neither an outcome nor a number" };
  for (const { document, text } of said.quotes) {
    if (text.trim().length < MIN_QUOTE) return { why: "the witness quotes too little to be looked up" };
    if (!documents[document - 1]?.text.includes(text))
      return { why: "the witness quotes what stands in no document" };
  }
  if (!namesOutcome(question.schema) && !said.quotes.some(({ text }) => holdsNumber(text, number)))
    return { why: "the witness gives a number that none of its quotes holds" };
  const { schema, terms, source } = question;
  const value = kindOf(schema).valueOf(shift(number, source.scale), schema);
  if (value === null || value < terms.min || value > terms.max)
    return { why: "the witness answers beyond the question's bounds" };
  return { number };
}

function numberOf({ value, outcome }: Verdict, schema: QuestionSchema): Decimal | null {
  if (namesOutcome(schema)) {
    const known = value === null && outcome !== null && outcome >= 0 && outcome < schema.outcomes.length;
    return known ? { digits: BigInt(outcome), scale: 0 } : null;
  }
  return value === null || outcome !== null ? null : tryDecimal(value);
}

const holdsNumber = (text: string, number: Decimal): boolean =>
  [...text.matchAll(WRITTEN_NUMBER)].some(([written]) => {
    const read = tryDecimal(written.replaceAll(",", "").replace("\u2212", "-"));
    return read !== null && compareDecimals(read, number) === 0;
  });

function tryDecimal(text: string): Decimal | null {
  try {
    return parseDecimal(text);
  } catch (error) {
    if (error instanceof AppError) return null; // no number, which the caller says in its own words
    throw error;
  }
}
