import { effectTokens, feelingTokens } from "./feelings.ts";
import { AGAINST, FOR } from "./tokens.ts";
import { NEGATIONS } from "./words.ts";

/** How many words after a negation are read as negated. */
const NEGATED_WORDS = 4;
const ENDS_NEGATION = new Set([".", ",", ";", "!", "?", "but", "because"]);

/**
 * Runs of one to three tokens, pairs with one or two tokens left out, words under a negation, and words that follow the
 * first action: what a linear model needs to tell "banning it is wrong" from "it is wrong, ban it".
 */
function ngramsOf(tokens: readonly string[]): Set<string> {
  const found = new Set<string>();
  const first = tokens.findIndex((token) => token === FOR || token === AGAINST);
  let negated = 0;
  for (const [index, token] of tokens.entries()) {
    const [second, third, fourth] = [tokens[index + 1], tokens[index + 2], tokens[index + 3]];
    found.add(token);
    if (second !== undefined) found.add(`${token} ${second}`);
    if (third !== undefined) found.add(`${token} ${second} ${third}`).add(`${token} * ${third}`);
    if (fourth !== undefined) found.add(`${token} ** ${fourth}`);
    if (first < 0) found.add(`0:${token}`);
    else if (index > first) found.add(`${tokens[first]}:${token}`);
    if (NEGATIONS.has(token)) negated = NEGATED_WORDS;
    else if (ENDS_NEGATION.has(token)) negated = 0;
    else if (negated-- > 0) found.add(`!${token}`);
  }
  return found;
}

/** Of these there are few different ones, so that even four in a row come again in other statements. */
const LONGEST_EFFECT = 4;

/** All n-grams that stance is read from: those of the tokens, of their feelings ("f:") and of their effects ("e:"). */
export function stanceNgramsOf(tokens: readonly string[]): Set<string> {
  const found = ngramsOf(tokens);
  for (const ngram of ngramsOf(feelingTokens(tokens))) found.add(`f:${ngram}`);
  const effects = effectTokens(tokens);
  for (let from = 0; from < effects.length; from += 1)
    for (let length = 1; length <= LONGEST_EFFECT && from + length <= effects.length; length += 1)
      found.add(`e:${effects.slice(from, from + length).join(" ")}`);
  return found;
}

/** Runs of one and two words as written; what quality is read from. */
export function plainNgramsOf(words: readonly string[]): Set<string> {
  const found = new Set<string>(words);
  for (const [index, word] of words.entries())
    if (words[index + 1] !== undefined) found.add(`${word} ${words[index + 1]}`);
  return found;
}

/** FNV-1a over the UTF-16 units, mixed once more: 32 bits that stand for an n-gram in the model's table. */
export function hashOf(ngram: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < ngram.length; index += 1)
    hash = Math.imul(hash ^ ngram.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
