import { sigmoid } from "./exact-math.ts";
import { type Label, rejected } from "./label.ts";
import type { AnalystModel, NgramTable } from "./model.ts";
import { type Embedded, type Network, pool, pooledLength, readOut } from "./network.ts";
import { hashOf, plainNgramsOf, stanceNgramsOf } from "./ngrams.ts";
import { partsOf } from "./parts.ts";
import { rejectionOf } from "./rejection.ts";
import { readStatement } from "./statement.ts";
import { surfaceOf } from "./surface.ts";
import { MOST_TOKENS, type Reading, UNKNOWN, tokensOf } from "./tokens.ts";
import { stemOf, wordsOf } from "./words.ts";

/** One opinion, and what it is about. Nothing else is looked at. */
export type Opinion = { statement: string; text: string };

/** Characters read; what an opinion has beyond them is not. */
export const MOST_CHARACTERS = 2_000;

/**
 * Labels one opinion by itself: no other opinion, no stake, no clock takes part. The same model gives the same label on
 * every machine (see exact-math.ts). Stance: the chance of "for" less that of "against", rounded half up to a ten-thousandth.
 * Quality: the share, in percent rounded down, of the opinions trained on that the text is at least as good as.
 */
export function analyse(model: AnalystModel, { statement, text: whole }: Opinion): Label {
  const text = whole.slice(0, MOST_CHARACTERS);
  const rejection = rejectionOf(statement, text);
  if (rejection !== null) return rejected(rejection);
  const read = readStatement(statement);
  const sums = sumsOf(model, read, text);
  // "|| 0" keeps -0 out of labels.
  const stance = Math.floor(10_000 * (2 * sigmoid(sums.stance) - 1) + 0.5) * read.polarity || 0;
  const quality = percentOf(model.percentiles, sums.quality);
  return { stance, quality, parts: partsOf(quality, { statement, text }), rejection: null };
}

/** The two sums before the sigmoid; stance towards the statement's subject, not yet towards the statement. */
export function sumsOf(
  model: AnalystModel,
  read: Reading,
  text: string,
): { stance: number; quality: number } {
  const tokens = tokensOf(read, text);
  const words = wordsOf(text);
  const surface = surfaceOf(text, tokens, (word) => model.words.has(word));
  const embedded = embed(model, tokens);
  const heads = model.networks.map((network) => headsOf(network, embedded, surface));
  const { stance, quality } = model.blend;
  return {
    stance:
      stance.network * mean(heads.map((head) => head.stance)) +
      stance.ngrams * ngramSum(model.stanceNgrams, stanceNgramsOf(tokens)),
    quality:
      quality.network * mean(heads.map((head) => head.quality)) +
      quality.ngrams * ngramSum(model.qualityNgrams, plainNgramsOf(words)),
  };
}

/** Index of a token's vector; of its stem's where the word itself is not known. */
export function wordIndex(words: ReadonlyMap<string, number>, token: string): number {
  return words.get(token) ?? words.get(stemOf(token)) ?? words.get(UNKNOWN) ?? 0;
}

function embed({ words, vectors, networks }: AnalystModel, tokens: readonly string[]): Embedded {
  const dims = networks[0]?.dims ?? 0;
  const filled = new Float64Array((MOST_TOKENS + 8) * dims);
  for (const [place, token] of tokens.entries()) {
    const from = wordIndex(words, token) * dims;
    filled.set(vectors.subarray(from, from + dims), place * dims);
  }
  return { vectors: filled, words: tokens.length };
}

function headsOf(network: Network, embedded: Embedded, surface: readonly number[]) {
  const length = pooledLength(network, surface.length);
  const pooled = new Float64Array(length);
  pool(network, embedded, surface, pooled, new Int32Array(length));
  return { stance: readOut(network.stance, pooled), quality: readOut(network.quality, pooled) };
}

/** Weights of the n-grams that the table has, over the root of their number. */
function ngramSum({ hashes, weights, bias }: NgramTable, ngrams: ReadonlySet<string>): number {
  let sum = 0;
  let count = 0;
  for (const ngram of ngrams) {
    const place = indexOf(hashes, hashOf(ngram));
    if (place < 0) continue;
    sum += weights[place] as number;
    count += 1;
  }
  return count === 0 ? bias : bias + sum / Math.sqrt(count);
}

function indexOf(ascending: Uint32Array, wanted: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const value = ascending[middle] as number;
    if (value === wanted) return middle;
    if (value < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** How many of the 100 steps a grade reaches. */
function percentOf(percentiles: Float64Array, grade: number): number {
  let reached = 0;
  while (reached < percentiles.length && grade >= (percentiles[reached] as number)) reached += 1;
  return reached;
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
