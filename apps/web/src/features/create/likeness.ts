const LEAST_LETTERS = 4;
/** Words alike, of all words of both, from which on two questions may well be one: fewer are a coincidence. */
const ALIKE = 0.4;

/** The words that a text can be found by, each once, the longest first. */
const tellingWords = (text: string): string[] =>
  [...wordsOf(text)].filter((word) => word.length >= LEAST_LETTERS).toSorted((a, b) => b.length - a.length);

/** So many of the longest: each is looked for by itself, and a text that is alike shares one of them at least. */
const MOST_ASKED = 3;
export const askedWords = (text: string): string[] => tellingWords(text).slice(0, MOST_ASKED);

/** What is found by any of these words, each once. */
export async function foundByAny<T extends { id: string }>(
  words: readonly string[],
  find: (word: string) => Promise<readonly T[]>,
): Promise<T[]> {
  const found = await Promise.all(words.map(find));
  return [...new Map(found.flat().map((one) => [one.id, one])).values()];
}

/** How much two texts say the same: the words of both among the words of either, 0 to 1 (P. Jaccard, 1901). */
export function likeness(one: string, other: string): number {
  const [a, b] = [wordsOf(one), wordsOf(other)];
  const both = [...a].filter((word) => b.has(word)).length;
  return both === 0 ? 0 : both / (a.size + b.size - both);
}

/** Those of `others` that say much the same as `text`, the nearest first. */
export function nearest<T>(
  text: string,
  others: readonly T[],
  textOf: (one: T) => string,
  most: number,
): T[] {
  return others
    .map((one) => ({ one, near: likeness(text, textOf(one)) }))
    .filter(({ near }) => near >= ALIKE)
    .toSorted((a, b) => b.near - a.near)
    .slice(0, most)
    .map(({ one }) => one);
}

/** Numbers are words too: of two questions that differ in a threshold most words are alike. */
const wordsOf = (text: string): Set<string> =>
  new Set(
    text
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+(?:[.,]\p{N}+)*/gu) ?? [],
  );
