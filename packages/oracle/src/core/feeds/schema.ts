import { canonicalJson, type Hex } from "@sooth/kernel";
import { z } from "zod";
import { schemaComplaint } from "../schema.ts";
import { source } from "../sources/index.ts";
import { MAX_SOURCES, type QuestionSchema } from "../wire.ts";
import { feedFields } from "./feed-word.ts";

/**
 * What a feed tells, as it is logged with its terms: canonical JSON of this object, its keccak256 in the terms. Sources are
 * a question's sources and are read and joined as a numeric question's are.
 */
export const feedSchema = z.object({
  version: z.literal(1),
  /** What is told: "ETH/USD". */
  text: z.string().min(3).max(200),
  /** Fixed point of a value, the same as in the terms. */
  decimals: z.number().int().min(0).max(18),
  unit: z.string().max(20).default(""),
  /** Seconds. It is told at multiples of it on the chain's clock, so that all providers speak of the same moment. */
  step: z.number().int().min(1).max(86_400),
  /** A value this many basis points from the last is told without waiting for the heartbeat; 0: never. */
  deviationBps: z.number().int().min(0).max(10_000),
  sources: z.array(source).min(1).max(MAX_SOURCES),
});
export type FeedSchema = z.infer<typeof feedSchema>;

/** The one text of a schema, as `create` logs it. */
export const feedSchemaText = (schema: FeedSchema): string => canonicalJson(schema);

/** What a provider answers at a moment, unix seconds: an ordinary numeric question, so that there is one way to read. */
export const feedQuestion = (schema: FeedSchema, observedAt: number): QuestionSchema => ({
  version: 1,
  text: schema.text,
  kind: "numeric",
  outcomes: [],
  decimals: schema.decimals,
  unit: schema.unit,
  observeAt: observedAt,
  sources: schema.sources,
  rule: { type: "value" },
  default: "invalid",
  description: "",
});

/** Urls are tried with it; at moment 0 one that reads a minute before would lie before all time. */
const SOME_MOMENT = 1_750_000_000;

/** What is wrong with a schema for a feed of these terms, or null. */
export function feedComplaint(
  schema: FeedSchema,
  terms: { decimals: number; heartbeat: number },
): string | null {
  if (schema.decimals !== terms.decimals)
    return `it has ${schema.decimals} decimals, and its terms ${terms.decimals}`;
  if (schema.step > terms.heartbeat) return "its step is longer than its heartbeat";
  if (schema.sources.some(({ type }) => type === "witness")) return "a witness is too slow for a feed";
  return schemaComplaint(feedQuestion(schema, SOME_MOMENT));
}

/** Reads a logged schema, where anybody may log anything. Null where programs cannot act on it. */
export function readFeedSchema(feed: Hex, text: string): FeedSchema | null {
  const parsed = feedSchema.safeParse(parseJson(text));
  return parsed.success && feedComplaint(parsed.data, feedFields(feed)) === null ? parsed.data : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
