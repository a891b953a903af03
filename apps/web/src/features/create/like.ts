import { FORM_KINDS, type QuestionSchema } from "@sooth/oracle/core";
import type { Market, Question } from "../../api.ts";
import { plainAmount, typedAmount } from "../../format/amount.ts";
import { type Draft, type DraftSource, formOf } from "./draft.ts";

/** A question to ask one like, and the market on it, if there is one. */
export type Model = {
  question: Pick<Question, "schema" | "opensAt" | "deadline" | "liveness" | "reward">;
  market: { terms: Pick<Market["terms"], "feeBps" | "cuts"> } | undefined;
};

/**
 * The form as it asked for `question`, but for what belongs to that one alone: its times are those of a `fresh` form, nobody is
 * named to watch it, and nothing is said to hang on it.
 */
export function likeDraft(fresh: Draft, { question, market }: Model, decimals: number): Draft {
  const { schema, opensAt, deadline, liveness, reward } = question;
  const asked = schema.items?.kind ?? schema.kind;
  const kind = FORM_KINDS.find((one) => one === asked) ?? fresh.kind;
  const form = formOf({ kind });
  const { edgeFor } = form;
  const cuts = market?.terms.cuts ?? [];
  return {
    ...fresh,
    kind,
    items: [...(schema.items?.names ?? [])],
    text: schema.text,
    description: schema.description,
    typed: { ...fresh.typed, ...form.typedFor(schema) },
    edges: edgeFor && cuts.length > 0 ? cuts.map((cut) => edgeFor(BigInt(cut), schema)) : fresh.edges,
    tolerance: schema.items === undefined ? (schema.tolerance ?? "") : "",
    reportMinutes: minutesOf(deadline - opensAt),
    livenessMinutes: minutesOf(liveness),
    sources: schema.sources.flatMap(asTyped),
    secondary: (schema.secondary ?? []).flatMap(asTyped),
    order: schema.order ?? "all",
    fallback: schema.default === "invalid" ? "" : schema.default,
    fee: market ? typedAmount(BigInt(market.terms.feeBps), 2) : fresh.fee,
    reward: typedAmount(BigInt(reward), decimals),
  };
}

const asTyped = (source: QuestionSchema["sources"][number]): DraftSource[] => {
  if (source.type !== "http-json") return [];
  const { name, url, path, unit, scale, timePath } = source;
  return [{ name, url, path, unit, scale: String(scale), ...(timePath === undefined ? {} : { timePath }) }];
};

/** Two digits after the point: what the form reads. Seconds that they cannot tell are rounded up, so that no window gets shorter. */
const minutesOf = (seconds: number): string => plainAmount(BigInt(Math.ceil((seconds * 100) / 60)), 2);
