import type { Discussion } from "../analyst/opinions.ts";

/** What somebody searches for, and the one market that it was said of. */
export type Query = { search: string; market: number };
/** A discussion with the opinions that are searched in, and those that queries are made of: nobody finds a text by itself. */
export type Split = { statement: string; indexed: string[]; unseen: string[] };

/** Of each statement so many opinions are in its market, as many as a small one has. */
const INDEXED = 5;
const MOST_WORDS = 30;
const MOST_PAIRS = 60;
const LEAST_TEXTS = 3;
const LONG = 4;
/** Letters in which two forms of a word are taken to agree. */
const STEM = 5;

export function splitOpinions({ statement, opinions }: Discussion): Split {
  const texts = [...new Set(opinions.map(({ text }) => text))];
  const step = Math.max(1, Math.floor(texts.length / INDEXED));
  const indexed = texts.filter((_, index) => index % step === 0).slice(0, INDEXED);
  const taken = new Set(indexed);
  return { statement, indexed, unseen: texts.filter((text) => !taken.has(text)) };
}

/**
 * Queries of statements `asked` among all of `splits`, from unseen opinions alone. `words`: those that mark a discussion off from the
 * others (T. Dunning's likelihood ratio, 1993), without forms of the statement's own. `pairs`: the two of an opinion that do so most.
 * `exact`: two words of the statement itself.
 */
export function queriesOf(
  splits: readonly Split[],
  asked: number,
): Record<"words" | "pairs" | "exact", Query[]> {
  const counts = splits.map(({ unseen }) => textsWith(unseen));
  const all = textCount(splits);
  const together = new Map<string, number>();
  for (const of of counts)
    for (const [word, count] of of) together.set(word, (together.get(word) ?? 0) + count);
  const made = { words: [] as Query[], pairs: [] as Query[], exact: [] as Query[] };
  for (const [market, { statement, unseen }] of splits.slice(0, asked).entries()) {
    const own = new Set(wordsOf(statement).map(beginning));
    const telling = new Map<string, number>();
    for (const [word, here] of counts[market] ?? []) {
      const there = (together.get(word) ?? 0) - here;
      const [size, rest] = [unseen.length, all - unseen.length];
      const isMore = here / size > there / Math.max(1, rest);
      if (here >= LEAST_TEXTS && isMore && !own.has(beginning(word)))
        telling.set(word, likelihood(here, size, there, rest));
    }
    const ranked = distinct([...telling.keys()].toSorted(by(telling)));
    made.words.push(...ranked.slice(0, MOST_WORDS).map((search) => ({ search, market })));
    const pairs = unseen.flatMap((text) => {
      const [first, second] = distinct(
        [...new Set(wordsOf(text))].filter((word) => telling.has(word)).toSorted(by(telling)),
      );
      return first && second ? [`${first} ${second}`] : [];
    });
    const step = Math.max(1, Math.floor(pairs.length / MOST_PAIRS));
    made.pairs.push(
      ...[...new Set(pairs.filter((_, index) => index % step === 0))].map((search) => ({ search, market })),
    );
    const exact = wordsOf(statement)
      .filter((word) => word.length >= LONG)
      .toSorted((a, b) => b.length - a.length);
    made.exact.push({ search: exact.slice(0, 2).join(" "), market });
  }
  return made;
}

const by = (score: ReadonlyMap<string, number>) => (a: string, b: string) =>
  (score.get(b) ?? 0) - (score.get(a) ?? 0) || (a < b ? -1 : 1);

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z]{3,}/g) ?? [];
const beginning = (word: string): string => word.slice(0, STEM);
/** Of words that begin alike the first. */
const distinct = (words: readonly string[]): string[] =>
  [...new Map(words.toReversed().map((word) => [beginning(word), word])).values()].toReversed();

const textCount = (splits: readonly Split[]): number =>
  splits.reduce((sum, { unseen }) => sum + unseen.length, 0);

function textsWith(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const word of new Set(wordsOf(text))) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Twice the logarithm of how much likelier the counts are with two shares than with one. */
function likelihood(here: number, size: number, there: number, rest: number): number {
  const shared = (here + there) / (size + rest);
  const apart = sum(here, size, here / size) + sum(there, rest, rest > 0 ? there / rest : 0);
  return 2 * (apart - sum(here, size, shared) - sum(there, rest, shared));
}

const sum = (count: number, of: number, share: number): number =>
  (count > 0 ? count * Math.log(share) : 0) + (of > count ? (of - count) * Math.log(1 - share) : 0);
