import { AppError, never, type UnixSeconds } from "@sooth/kernel";
import { isSentinel } from "../answer-word.ts";
import { parseDecimal } from "../decimals.ts";
import type { EvidenceBundle } from "../evidence.ts";
import { kindOf } from "../kinds/index.ts";
import type { Terms } from "../terms.ts";
import { errorUnit } from "../watch/judge.ts";
import type { QuestionSchema } from "../wire.ts";
import { type JudgedCode, type JudgedMeasure, judgeCode, judgeMeasure, type Monitor } from "./monitor.ts";
import type { Limits } from "./thresholds.ts";

/** A provider's last report on a final question. `receivedAt`: unix seconds by the collector, who goes by the chain's clock. */
export type FedReport = {
  provider: number;
  value: bigint;
  receivedAt: number;
  evidence: EvidenceBundle | null;
};
export type FedQuestion = {
  schema: QuestionSchema;
  terms: Pick<Terms, "aggregation" | "domain" | "tolerance">;
  final: bigint;
  finalAt: UnixSeconds;
  /** When the round opened; unix seconds. */
  openedAt: number;
  reports: readonly FedReport[];
};

/** Adds a final question to the monitor, by the kind of its answer. One that ended invalid says nothing of anybody. */
export function judgeFinal(into: Monitor, question: FedQuestion, limits: Limits): void {
  const { terms, final } = question;
  if (isSentinel(final)) return;
  switch (terms.aggregation) {
    case "plurality":
      judgeCode(into, codeOf(question), limits);
      return;
    case "median":
      judgeMeasure(into, measureOf(question), limits);
      return;
    case "root":
      // One signature for many answers: nobody's own errors show in it.
      return;
    default:
      never(terms.aggregation);
  }
}

function codeOf({ schema, terms, final, finalAt, openedAt, reports }: FedQuestion): JudgedCode {
  const answers = reports.map((report) => ({
    provider: report.provider,
    value: report.value,
    at: sinceOpening(report, openedAt),
    source: sourceOf(report, schema),
  }));
  return { domain: terms.domain, finalAt, final, answers };
}

function measureOf({ schema, terms, final, finalAt, openedAt, reports }: FedQuestion): JudgedMeasure {
  // "Too early" and "invalid" are no figures: a distance to them says nothing.
  const figures = reports.filter(({ value }) => !isSentinel(value));
  const answers = figures.map((report) => {
    const source = sourceOf(report, schema);
    return {
      provider: report.provider,
      value: report.value,
      at: sinceOpening(report, openedAt),
      source,
      // What the source read is what was signed: that is how it was found.
      sourceValue: source === null ? null : report.value,
    };
  });
  return {
    domain: terms.domain,
    finalAt,
    final,
    tolerance: terms.tolerance > 0n ? terms.tolerance : errorUnit(final, 0n),
    answers,
  };
}

/** Milliseconds, as fine as the collector's clock. */
const sinceOpening = ({ receivedAt }: FedReport, openedAt: number): number =>
  Math.max(0, receivedAt - openedAt) * 1_000;

/** Place in the schema of the first source whose reading, by the provider's own evidence, gives what he signed. */
function sourceOf({ value, evidence }: FedReport, schema: QuestionSchema): number | null {
  const kind = kindOf(schema);
  const found = evidence?.sources.find(
    (source) =>
      source.dropped === null && source.value !== null && readAs(source.value, kind, schema) === value,
  );
  const place = schema.sources.findIndex(({ name }) => name === found?.name);
  return place === -1 ? null : place;
}

/** Evidence is what a provider wrote: a reading that is no number gives nothing. */
function readAs(text: string, kind: ReturnType<typeof kindOf>, schema: QuestionSchema): bigint | null {
  try {
    return kind.valueOf(parseDecimal(text), schema);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
