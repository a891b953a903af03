import { FUNCTION_WORDS, NEGATIONS, actionOf, isBad, stemOf, wordsOf } from "./words.ts";

/** What the analyst takes from a statement: what it is about, and whether it stands for or against that. */
export type Statement = {
  /** 1 when the statement is for its subject ("we should adopt X"), -1 when against ("X should be banned"). */
  polarity: -1 | 1;
  /** Stems of the words that name the subject. */
  subject: ReadonlySet<string>;
  /** Stem of the action that decides the polarity; null where a judgement ("more harm than good") or nothing does. */
  action: string | null;
};

/**
 * Reads a statement. Its deciding action is the first one after "be" ("X should be banned"), else the first at all; actions
 * after it belong to the subject ("end mandatory retirement"). "Fight for" is no action. Words that call the subject bad
 * turn the statement against it ("more harm than good"; "more good than harm" is for it), and so does a negation.
 * With nothing known in it a statement counts as for its subject.
 */
export function readStatement(text: string): Statement {
  const words = wordsOf(text);
  const told = words.filter((word, index) => !(word === "fight" && words[index + 1] === "for"));
  const passive = told.lastIndexOf("be");
  const action = told.slice(passive + 1).find(isAction) ?? told.find(isAction);
  const subject = told.filter(
    (word) => word !== action && !FUNCTION_WORDS.has(word) && !NEGATIONS.has(word) && !isBad(word),
  );
  const turns = told.filter((word) => NEGATIONS.has(word)).length % 2 === 1;
  const leaning = judgement(told) ?? (action === undefined ? 1 : actionOf(action));
  return {
    polarity: leaning > 0 === !turns ? 1 : -1,
    subject: new Set(subject.map(stemOf)),
    action: action === undefined ? null : stemOf(action),
  };
}

/** What the statement calls its subject: bad (-1), more good than bad (1), or nothing (null). */
function judgement(words: readonly string[]): -1 | 1 | null {
  const [good, bad] = [words.indexOf("good"), words.findIndex(isBad)];
  if (bad < 0) return null;
  return good >= 0 && good < bad ? 1 : -1;
}

const isAction = (word: string): boolean => actionOf(word) !== 0;
