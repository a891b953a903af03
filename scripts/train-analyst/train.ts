import { sumsOf, wordIndex } from "../../packages/markets/src/core/analyst/analyse.ts";
import {
  type AnalystModel,
  type NgramTable,
  type Provenance,
  decodeModel,
  encodeModel,
} from "../../packages/markets/src/core/analyst/model.ts";
import type { Network } from "../../packages/markets/src/core/analyst/network.ts";
import { readStatement } from "../../packages/markets/src/core/analyst/statement.ts";
import { wordsAndMarks } from "../../packages/markets/src/core/analyst/words.ts";
import { sharedNgrams, trainLinear, trustOf } from "./linear.ts";
import { trainNetwork } from "./network.ts";
import { type Discussion, type Sample, samplesOf } from "./samples.ts";
import type { Settings } from "./settings.ts";
import { type VectorFile, chooseVectors } from "./vectors.ts";

/**
 * Trains the analyst; the same input gives the same bytes on every machine, for all numbers are made by operations that
 * ECMAScript fixes to the last bit, in one order. Takes minutes.
 */
export function trainAnalyst(
  discussions: readonly Discussion[],
  vectorFile: VectorFile,
  provenance: Provenance,
  settings: Settings,
  onStep: (text: string) => void = () => undefined,
): AnalystModel {
  const { words, dims, values } = chooseVectors(
    vectorFile,
    commonWords(discussions, settings.commonWord),
    settings.words,
  );
  const index = new Map(words.map((word, place) => [word, place]));
  const samples = samplesOf(discussions, (word) => index.has(word));
  onStep(`${samples.length} opinions, ${words.length} words`);

  const stanceNgrams = ngramTable(
    samples.map(({ ngrams, group, isFor, weight }) => ({ ngrams, group, target: isFor, weight })),
    settings.stanceNgrams,
  );
  const qualityNgrams = ngramTable(
    samples.map(({ plainNgrams, group, quality }) => ({
      ngrams: plainNgrams,
      group,
      target: quality,
      weight: 1,
    })),
    settings.qualityNgrams,
  );
  onStep(`${stanceNgrams.hashes.length} n-grams for stance, ${qualityNgrams.hashes.length} for quality`);

  const rows = samples.map((sample) => ({ ...sample, ids: idsOf(sample, index) }));
  const networks = settings.networks.map((options): Network =>
    trainNetwork(rows, values, dims, options, (epoch, loss) =>
      onStep(
        `network ${options.seed}, pass ${epoch + 1} of ${options.epochs}: squared error ${loss.toFixed(4)}`,
      ),
    ),
  );
  const bare: AnalystModel = {
    provenance,
    words: index,
    vectors: values,
    networks,
    stanceNgrams,
    qualityNgrams,
    blend: settings.blend,
    percentiles: new Float64Array(),
  };
  // Percentiles of what the analyst will really compute: from the rounded weights.
  const rounded = decodeModel(encodeModel(bare));
  return { ...bare, percentiles: percentilesOf(rounded, discussions) };
}

const idsOf = ({ tokens }: Sample, index: ReadonlyMap<string, number>): Int32Array =>
  Int32Array.from(tokens, (token) => wordIndex(index, token));

/** Words that at least `least` opinions have. */
function commonWords(discussions: readonly Discussion[], least: number): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { opinions } of discussions)
    for (const { text } of opinions)
      for (const word of new Set(wordsAndMarks(text))) counts.set(word, (counts.get(word) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count >= least).map(([word]) => word));
}

function ngramTable(
  rows: readonly { ngrams: readonly number[]; group: number; target: number; weight: number }[],
  { statements, isTrusting, ...options }: Settings["stanceNgrams"],
): NgramTable {
  const hashes = sharedNgrams(rows, statements);
  const places = new Map(hashes.map((hash, place) => [hash, place]));
  const known = rows.map(({ ngrams, ...row }) => ({
    ...row,
    cells: ngrams.map((ngram) => places.get(ngram)).filter((place) => place !== undefined),
  }));
  const trust = isTrusting ? trustOf(known, hashes.length) : new Float64Array(hashes.length).fill(1);
  const { weights, bias } = trainLinear(known, trust, options);
  return { hashes: Uint32Array.from(hashes), weights, bias };
}

/** The grade that 1 %, 2 % … 100 % of the training opinions stay below or reach. */
function percentilesOf(model: AnalystModel, discussions: readonly Discussion[]): Float64Array {
  const grades = discussions
    .flatMap(({ statement, opinions }) => {
      const read = readStatement(statement);
      return opinions.map(({ text }) => sumsOf(model, read, text).quality);
    })
    .toSorted((a, b) => a - b);
  return Float64Array.from({ length: 100 }, (_, step) => {
    const place = Math.ceil(((step + 1) * grades.length) / 100) - 1;
    return grades[Math.max(0, place)] ?? 0;
  });
}
