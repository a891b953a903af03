import { hashOf, plainNgramsOf, stanceNgramsOf } from "../../packages/markets/src/core/analyst/ngrams.ts";
import { readStatement } from "../../packages/markets/src/core/analyst/statement.ts";
import { surfaceOf } from "../../packages/markets/src/core/analyst/surface.ts";
import { tokensOf } from "../../packages/markets/src/core/analyst/tokens.ts";
import { wordsOf } from "../../packages/markets/src/core/analyst/words.ts";

export type Opinion = { text: string; stance: number; stanceConfidence: number; quality: number };
export type Discussion = { statement: string; opinions: readonly Opinion[] };

/** One opinion as training sees it. `isFor`: 1 when it is for the statement's subject, whatever the statement says of it. */
export type Sample = {
  tokens: string[];
  /** Hashes of its n-grams, for stance; and of those as written, for quality. */
  ngrams: number[];
  plainNgrams: number[];
  surface: Float64Array;
  polarity: -1 | 1;
  isFor: number;
  weight: number;
  quality: number;
  group: number;
};

export const discussionsIn = (lines: string): Discussion[] =>
  lines
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as Discussion);

export function samplesOf(discussions: readonly Discussion[], isKnown: (word: string) => boolean): Sample[] {
  return discussions.flatMap(({ statement, opinions }, group) => {
    const read = readStatement(statement);
    return opinions.map(({ text, stance, stanceConfidence, quality }): Sample => {
      const tokens = tokensOf(read, text);
      return {
        tokens,
        ngrams: [...stanceNgramsOf(tokens)].map(hashOf),
        plainNgrams: [...plainNgramsOf(wordsOf(text))].map(hashOf),
        surface: Float64Array.from(surfaceOf(text, tokens, isKnown)),
        polarity: read.polarity,
        isFor: (1 + stance * read.polarity) / 2,
        weight: stance === 0 ? 0 : stanceConfidence,
        quality,
        group,
      };
    });
  });
}
