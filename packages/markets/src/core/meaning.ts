import type { AnalystModel } from "./analyst/model.ts";
import { FUNCTION_WORDS, stemOf } from "./analyst/words.ts";

/** A word that stands near another in what it means, and how near: up to 1. */
export type Related = { word: string; similarity: number };

/** Chosen on statements of the training file; docs/analyst.md says how well they do on others. */
const NEAR = 0.5;
const MOST_RELATED = 8;
/** Letters of the shortest word that says something by itself. */
const SHORTEST = 3;

/**
 * The words nearest to a word, nearest first, by the angle between their vectors; none for a word that is not known. What all
 * vectors have in common is taken away first, since it tells nothing. Forms of the word itself are left out: stems find these.
 */
export function relatedWords({
  words,
  vectors,
}: Pick<AnalystModel, "words" | "vectors">): (word: string) => readonly Related[] {
  const all = [...words.keys()];
  const units = unitVectors(vectors, all.length);
  const dims = units.length / all.length;
  const tells = all.map((word) => isTelling(word));
  return (word) => {
    const from = words.get(word);
    if (from === undefined || !tells[from]) return [];
    const near: Related[] = [];
    const own = units.subarray(from * dims, (from + 1) * dims);
    for (const [index, other] of all.entries()) {
      if (!tells[index]) continue;
      const start = index * dims;
      let similarity = 0;
      for (let dim = 0; dim < dims; dim += 1)
        similarity += (own[dim] as number) * (units[start + dim] as number);
      if (similarity >= NEAR) near.push({ word: other, similarity });
    }
    const stems = new Set([stemOf(word)]);
    return near
      .toSorted((a, b) => b.similarity - a.similarity)
      .filter((one) => stems.size !== stems.add(stemOf(one.word)).size)
      .slice(0, MOST_RELATED);
  };
}

const isTelling = (word: string): boolean =>
  word.length >= SHORTEST && /^[a-z]+$/.test(word) && !FUNCTION_WORDS.has(word);

/** The vectors without their mean, each of length one. */
function unitVectors(vectors: Float64Array, count: number): Float32Array {
  const dims = vectors.length / count;
  const mean = new Float64Array(dims);
  for (let index = 0; index < vectors.length; index += 1)
    mean[index % dims]! += (vectors[index] as number) / count;
  const units = new Float32Array(vectors.length);
  for (let word = 0; word < count; word += 1) {
    let squares = 0;
    for (let dim = 0; dim < dims; dim += 1)
      squares += ((vectors[word * dims + dim] as number) - (mean[dim] as number)) ** 2;
    const length = Math.sqrt(squares) || 1;
    for (let dim = 0; dim < dims; dim += 1)
      units[word * dims + dim] = ((vectors[word * dims + dim] as number) - (mean[dim] as number)) / length;
  }
  return units;
}
