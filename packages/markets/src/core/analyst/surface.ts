import { feelingsOf } from "./feelings.ts";
import { SUBJECT } from "./tokens.ts";
import { REASONING, wordsOf } from "./words.ts";

const PERSONAL = new Set(["i", "i'm", "my", "me", "you", "your"]);
const FULL_LENGTH = 250;
const FULL_WORDS = 45;
const LONG_WORD = 8;
const most = (value: number): number => (value > 1.5 ? 1.5 : value);

/**
 * What can be seen of a text without understanding it: its length, sentences, capitals, marks, spelling, reasons given,
 * words that people feel good or bad at. All within about -1 to 1, so that one step size fits them. `isKnown` tells whether a word is spelt as others spell it.
 */
export function surfaceOf(
  text: string,
  tokens: readonly string[],
  isKnown: (word: string) => boolean,
): number[] {
  const words = wordsOf(text);
  const feelings = feelingsOf(tokens);
  const count = words.length || 1;
  const share = (test: (word: string) => boolean): number => words.filter(test).length / count;
  const length = most(text.length / FULL_LENGTH);
  const letters = text.match(/[a-z]/gi)?.length ?? 0;
  const capitals = text.match(/[A-Z]/g)?.length ?? 0;
  return [
    length,
    length * length,
    most(words.length / FULL_WORDS),
    most(words.reduce((sum, word) => sum + word.length, 0) / count / 10),
    most((text.match(/[.!?]+(\s|$)/g)?.length ?? 0) / 4),
    /^[A-Z]/.test(text) ? 1 : 0,
    /[.!?]\s*$/.test(text) ? 1 : 0,
    most((text.match(/,/g)?.length ?? 0) / 5),
    share((word) => !isKnown(word)),
    most(words.filter((word) => REASONING.has(word)).length / 4),
    new Set(words).size / count,
    share((word) => PERSONAL.has(word)),
    letters > 0 ? capitals / letters : 0,
    text.includes("?") ? 1 : 0,
    /\d/.test(text) ? 1 : 0,
    share((word) => word.length >= LONG_WORD),
    /\bi\b/.test(text) ? 1 : 0,
    most(tokens.filter((token) => token === SUBJECT).length / 4),
    Math.max(-1.5, most(feelings.sum / 8)),
    most(feelings.good / 4),
    most(feelings.bad / 4),
  ];
}
