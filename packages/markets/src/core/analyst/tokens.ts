import type { Statement } from "./statement.ts";
import { actionInText, actionOf, stemOf, wordsAndMarks } from "./words.ts";

/** Stand for the statement's subject and for actions for and against it, so that what is learnt holds for any statement. */
export const SUBJECT = "<subject>";
export const FOR = "<for>";
export const AGAINST = "<against>";
/** Stands for a word that no vector is known for. */
export const UNKNOWN = "<unknown>";

export type Reading = Pick<Statement, "subject" | "action">;

/** More words than an opinion has; what follows is not read. */
export const MOST_TOKENS = 64;

/** The text's words and marks, with placeholders where it speaks of the statement's subject or of an action; subjects in a row are one. */
export function tokensOf(statement: Reading, text: string): string[] {
  const tokens: string[] = [];
  for (const word of wordsAndMarks(text)) {
    const token = placeholder(statement, word);
    if (token === SUBJECT && tokens.at(-1) === SUBJECT) continue;
    tokens.push(token);
    if (tokens.length === MOST_TOKENS) break;
  }
  return tokens;
}

function placeholder({ subject, action: acts }: Reading, word: string): string {
  const stem = stemOf(word);
  if (subject.has(stem)) return SUBJECT;
  const action = stem === acts ? actionOf(word) || actionInText(word) : actionInText(word);
  if (action === 0) return word;
  return action > 0 ? FOR : AGAINST;
}
