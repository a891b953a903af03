import { AppError, type Hex } from "@sooth/kernel";
import {
  type EvidenceBundle,
  excerptOf,
  type Finding,
  findValue,
  formatDecimal,
  type QuestionSchema,
  type Reading,
  shift,
  type Source,
  type Terms,
  whereOf,
} from "../../core/index.ts";
import { type Asked, pluginOf, type SourceReading, type SourceTools, unread } from "./sources/index.ts";

type SourceEvidence = EvidenceBundle["sources"][number];
export type Observation = { finding: Finding; sources: SourceEvidence[] };

/**
 * Reads all sources of a question at once and makes one value of them. Whatever a source does, it costs only its own
 * voice. `now` is chain time; `late`: see `lateFrom`.
 */
export async function observe(
  schema: QuestionSchema,
  terms: Pick<Terms, "min" | "max">,
  now: number,
  tools: SourceTools,
  late = false,
): Promise<Observation> {
  const read = await Promise.all(
    schema.sources.map((source) => readSource(source, { schema, terms }, tools)),
  );
  const finding = findValue(
    schema,
    terms,
    read.map(({ voice }) => voice),
    late,
  );
  return {
    finding,
    sources: read.map(({ source, where, reading, voice }) => ({
      name: source.name,
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
