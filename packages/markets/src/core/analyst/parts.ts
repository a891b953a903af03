import { at } from "@sooth/kernel";
import { QUALITY_PARTS, type QualityPart } from "./label.ts";
import { REASONING, stemOf, wordsOf } from "./words.ts";

const NAMES = Object.keys(QUALITY_PARTS) as QualityPart[];
const LEAST_TILT = 5;
const LONG_WORD = 8;

/**
 * Splits quality, which alone is learnt and measured, into its four parts. Points are dealt one by one, each to the part that is
 * the furthest from full by its tilt; ties go to the earlier part. So parts are whole, within their most, and add up.
 */
export function partsOf(
  quality: number,
  opinion: { statement: string; text: string },
): Record<QualityPart, number> {
  const tilts = tiltsOf(opinion);
  const parts = { clarity: 0, insight: 0, reasoning: 0, originality: 0 };
  for (let point = 0; point < quality; point += 1) {
    const open = NAMES.filter((name) => parts[name] < QUALITY_PARTS[name]);
    // (2 × given + 1) / (most × tilt), compared crosswise in whole numbers.
    const next = open.reduce(
      (best, name) =>
        (2 * parts[name] + 1) * QUALITY_PARTS[best] * tilts[best] <
        (2 * parts[best] + 1) * QUALITY_PARTS[name] * tilts[name]
          ? name
          : best,
      at(open, 0),
    );
    parts[next] += 1;
  }
  return parts;
}

/** 5 to 15 for each part, by plain signs: sentences of readable length, long words, words of reasoning, words that the statement has not. */
function tiltsOf({ statement, text }: { statement: string; text: string }): Record<QualityPart, number> {
  const words = wordsOf(text);
  const said = new Set(wordsOf(statement).map(stemOf));
  const sentences = Math.max(1, text.match(/[.!?]+(\s|$)/g)?.length ?? 1);
  const perSentence = words.length / sentences;
  const share = (test: (word: string) => boolean): number =>
    Math.floor((10 * words.filter(test).length) / Math.max(1, words.length));
  return {
    clarity: held(perSentence >= 6 && perSentence <= 28 ? 7 : 3),
    insight: held(2 * share((word) => word.length >= LONG_WORD)),
    reasoning: held(3 * words.filter((word) => REASONING.has(word)).length + 2),
    originality: held(share((word) => !said.has(stemOf(word))) - 2),
  };
}

const held = (value: number): number => LEAST_TILT + Math.min(10, Math.max(0, value));
