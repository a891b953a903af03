import { AppError, type Hex } from "@sooth/kernel";
import {
  type EvidenceBundle,
  excerptOf,
  fillUrl,
  type Finding,
  findValue,
  formatDecimal,
  parseDecimal,
  type QuestionSchema,
  type Reading,
  shift,
  type Terms,
} from "../../core/index.ts";
import { fetchJsonText, type FetchOptions, type Fetched } from "./sources/http-json.ts";
import { readPath } from "./sources/json-path.ts";

type Source = QuestionSchema["sources"][number];
type SourceEvidence = EvidenceBundle["sources"][number];
export type Observation = { finding: Finding; sources: SourceEvidence[] };

/** HTTP answers by which sources say that they have nothing for that moment. */
const NOTHING_THERE = new Set([204, 404, 425]);

/**
 * Reads all sources of a question at once and makes one value of them. Whatever a source does, it costs only its own
 * voice. `now` is chain time.
 */
export async function observe(
  schema: QuestionSchema,
  terms: Pick<Terms, "min" | "max">,
  now: number,
  options: FetchOptions,
): Promise<Observation> {
  const read = await Promise.all(schema.sources.map((source) => readSource(schema, source, options)));
  const finding = findValue(
    schema,
    terms,
    read.map(({ reading }) => reading),
  );
  return {
    finding,
    sources: read.map(({ source, url, fetched, reading }) => ({
      name: source.name,
      url: url.slice(0, 2_000),
      fetchedAt: now,
      status: fetched.status,
      sha256: fetched.sha256,
      excerpt: excerptOf(fetched.body),
      value: reading.said === "number" ? formatDecimal(reading.number) : null,
      dropped: finding.dropped.get(source.name)?.slice(0, 300) ?? null,
    })),
  };
}

async function readSource(
  schema: QuestionSchema,
  source: Source,
  options: FetchOptions,
): Promise<{ source: Source; url: string; fetched: Fetched; reading: Reading }> {
  const name = source.name;
  try {
    const url = fillUrl(source.url, schema.observeAt);
    const fetched = await fetchJsonText(url, options);
    return { source, url: url.href, fetched, reading: readingOf(schema, source, fetched) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const fetched: Fetched = { ok: false, status: null, body: "", sha256: null, failed: error.message };
    return {
      source,
      url: source.url,
      fetched,
      reading: { source: name, said: "nothing", why: error.message },
    };
  }
}

function readingOf(schema: QuestionSchema, source: Source, fetched: Fetched): Reading {
  const name = source.name;
  if (fetched.status !== null && NOTHING_THERE.has(fetched.status)) return { source: name, said: "silent" };
  if (!fetched.ok) return { source: name, said: "nothing", why: fetched.failed };
  // The asker vouches for units; scaled figures come in another unit on purpose.
  if (source.scale === 0 && schema.unit !== "" && source.unit !== schema.unit)
    return {
      source: name,
      said: "nothing",
      why: `tells ${source.unit}, the question asks for ${schema.unit}`,
    };
  try {
    const at = readPath(fetched.body, source.path);
    if (at.found === "nothing") return { source: name, said: "silent" };
    if (at.found === "other")
      return { source: name, said: "nothing", why: `has ${at.what} where a number should be` };
    return { source: name, said: "number", number: shift(parseDecimal(at.text), source.scale) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { source: name, said: "nothing", why: error.message };
  }
}

/** What a bundle speaks of. */
export type BundleHead = { chainId: number; question: Hex; round: number; provider: Hex };

/** The bundle that is signed with the report. */
export const bundleOf = (
  head: BundleHead,
  finding: Extract<Finding, { do: "sign" }>,
  sources: SourceEvidence[],
): EvidenceBundle => ({
  version: 1,
  ...head,
  value: String(finding.value),
  reason: finding.reason.slice(0, 500),
  sources,
});
