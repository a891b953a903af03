import { AppError, at, canonicalJson, type Hex } from "@sooth/kernel";
import {
  type EvidenceBundle,
  evidenceHash,
  excerptOf,
  type Finding,
  findBySecondary,
  findValue,
  formatDecimal,
  itemCount,
  itemSchema,
  joinFindings,
  type QuestionSchema,
  type Reading,
  shift,
  type Source,
  type Terms,
  type VectorFinding,
  whereOf,
} from "../../core/index.ts";
import { type Asked, pluginOf, type SourceReading, type SourceTools, unread } from "./sources/index.ts";

type SourceEvidence = EvidenceBundle["sources"][number];
export type Observation = { finding: VectorFinding; sources: SourceEvidence[] };
/** What is observed: a question, with what its asker said about it since. */
export type Observed = { question?: Hex; schema: QuestionSchema; clarifications?: readonly string[] };

/**
 * Reads all sources of a question at once and makes one value of them; late, where they give none, its secondary ones.
 * Whatever a source does, it costs only its own voice. `now` is chain time; `late`: see `lateFrom`.
 */
export async function observe(
  { question, schema, clarifications = [] }: Observed,
  terms: Pick<Terms, "min" | "max">,
  now: number,
  tools: SourceTools,
  late = false,
): Promise<Observation> {
  const readAll = (named: readonly Source[]) =>
    Promise.all(
      named.map((source) => readSource(source, { question, schema, terms, clarifications }, tools)),
    );
  const first = await readAll(schema.sources);
  const found = findValue(schema, terms, voicesOf(first), late);
  const resorts = late && found.do === "abstain" && schema.secondary !== undefined;
  const second = resorts ? await readAll(schema.secondary ?? []) : [];
  const finding = resorts ? findBySecondary(schema, terms, found, voicesOf(second)) : found;
  return {
    finding,
    sources: [...first, ...second].map(({ source, where, reading, voice }, place) => ({
      name: source.name,
      ...(place < first.length ? {} : { secondary: true as const }),
      // Bundles of before there were types read as they always did.
      ...(source.type === "http-json" ? {} : { type: source.type }),
      url: where.slice(0, 2_000),
      fetchedAt: now,
      status: reading.status,
      sha256: reading.sha256,
      excerpt: excerptOf(reading.body),
      value: voice.said === "number" ? formatDecimal(voice.number) : null,
      dropped: finding.dropped.get(source.name)?.slice(0, 300) ?? null,
    })),
  };
}

const voicesOf = (read: readonly { voice: Reading }[]): Reading[] => read.map(({ voice }) => voice);

/** Items read at once. */
const ITEMS_AT_ONCE = 16;

/**
 * The same for every item of a vector. What several items read from one url is fetched once. The evidence names each
 * source once, with the hash of all that it said.
 */
export async function observeVector(
  { schema, clarifications = [] }: Observed,
  terms: Pick<Terms, "min" | "max">,
  now: number,
  tools: SourceTools,
  late = false,
): Promise<Observation> {
  const shared: SourceTools = { ...tools, fetched: new Map() };
  const count = itemCount(schema);
  const items: Observation[] = [];
  for (let from = 0; from < count && !tools.signal.aborted; from += ITEMS_AT_ONCE) {
    const batch = Array.from({ length: Math.min(ITEMS_AT_ONCE, count - from) }, (_, place) =>
      observe({ schema: itemSchema(schema, from + place), clarifications }, terms, now, shared, late),
    );
    items.push(...(await Promise.all(batch)));
  }
  if (tools.signal.aborted)
    return { finding: { do: "abstain", why: "it was stopped", dropped: new Map() }, sources: [] };
  const finding = joinFindings(
    schema,
    items.map((item) => item.finding),
    late,
  );
  return {
    finding,
    sources: schema.sources.map((source, place) => evidenceOfAll(source, place, items, now)),
  };
}

/** What one source said of all items: each value with the hash of the body that it stands in, or why it does not count. */
function evidenceOfAll(
  source: Source,
  place: number,
  items: readonly Observation[],
  now: number,
): SourceEvidence {
  const said = items.map(({ sources }) => at(sources, place));
  const body = canonicalJson(
    said.map(({ value, sha256, dropped }) => [dropped === null ? value : null, sha256, dropped]),
  );
  const silent = said.filter(({ dropped }) => dropped !== null).length;
  return {
    name: source.name,
    ...(source.type === "http-json" ? {} : { type: source.type }),
    url: said[0]?.url ?? source.name,
    fetchedAt: now,
    status: null,
    sha256: evidenceHash(body),
    excerpt: excerptOf(body),
    value: null,
    dropped: silent === 0 ? null : `does not count for ${silent} of ${said.length} items`,
  };
}

async function readSource(source: Source, asked: Asked, tools: SourceTools) {
  const plugin = pluginOf(source);
  let where = source.name;
  let reading: SourceReading;
  try {
    where = whereOf(source, asked.schema.observeAt);
    const refusal = plugin.refusal(source, asked, tools);
    reading = refusal === null ? await plugin.read(source, asked, tools) : unread(refusal);
  } catch (error) {
    // A rule that the source broke; anything else is a fault of this program and ends the attempt.
    if (!(error instanceof AppError)) throw error;
    reading = unread(error.message);
  }
  return { source, where, reading, voice: voiceOf(source, asked, reading) };
}

function voiceOf(source: Source, { schema }: Asked, { says }: SourceReading): Reading {
  const name = source.name;
  if (says.said !== "number") return { source: name, ...says };
  // The asker vouches for units; scaled figures come in another unit on purpose.
  if (source.scale === 0 && schema.unit !== "" && source.unit !== schema.unit)
    return {
      source: name,
      said: "nothing",
      why: `tells ${source.unit}, the question asks for ${schema.unit}`,
    };
  const { publicAt } = says;
  return {
    source: name,
    said: "number",
    number: shift(says.number, source.scale),
    ...(publicAt === undefined ? {} : { publicAt }),
  };
}

/** What a bundle speaks of. */
export type BundleHead = {
  chainId: number;
  question: Hex;
  round: number;
  provider: Hex;
  root?: Hex;
  clarified?: Hex;
};

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
