/**
 * What the analyst knows of English before it has seen any opinion. Lists of single words in lower case; kept short and
 * general: a list that is fitted to known statements would help on these only.
 */
const list = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter(Boolean));

/** Actions of a statement against its object, and those by which texts too speak of ending it. */
const AGAINST_IN_TEXTS = list(`
  abandon abolish ban cancel close criminalize disallow eliminate end fight forbid limit oppose outlaw prohibit remove
  repeal scrap stop`);
const AGAINST = list(`
  block boycott cease censor condemn cut decrease defund deny disband discard discontinue discourage dismantle dissolve
  drop eradicate exclude halt prevent reduce refuse reject relinquish renounce restrict suspend terminate withdraw`);

/** The same for the object. */
const FOR_IN_TEXTS = list(`
  adopt allow continue fund introduce keep legalise legalize permit subsidise subsidize support`);
const FOR = list(`
  accept approve authorize create decriminalize embrace enact encourage endorse enforce establish expand grant implement
  impose increase institute invest maintain mandate preserve promote protect require retain sustain uphold`);

/** Nouns and adjectives of these actions, which no rule of endings finds. */
const AGAINST_WORDS = list("abolition ban bans illegal prohibition banning restriction restrictions");
const FOR_WORDS = list(
  "compulsory legal mandatory permission subsidies subsidy funding legalization adoption",
);

/** Words by which a statement calls its subject bad. */
const BAD = list(`
  bad crime criminal dangerous evil harm harmful immoral outdated overrated pointless unethical unfair unjust unnecessary
  useless wrong`);

/** Turn round what follows them. */
export const NEGATIONS = list(`
  no not never nothing nor neither none nobody without cannot can't don't doesn't didn't isn't aren't wasn't weren't
  shouldn't won't wouldn't couldn't dont doesnt isnt shouldnt cant wont hardly`);

/** Carry no subject: they are not what a statement is about. */
export const FUNCTION_WORDS = list(`
  a about all an and any are as at be been being brings bring but by can could do does for from good had has have he her
  his i if in into is it its more most much my no not of offence offense on or our shall should so than that the their
  them there they this those to too up use used using very was we were what when which who will with would you your
  development right rights`);

/** Show that a reason is given, or weighed against another. */
export const REASONING = list(`
  although because but consequently hence however if result since so therefore though thus unless when whereas which
  while would`);

/** Endings, longest first: a crude stem is enough to find a word's other forms, and never needs a dictionary. */
const ENDINGS =
  "ization isation izing ising ized ised ations ation itions ition ments ment ness ing ies ied ers ed es er s ion ise ize e y".split(
    " ",
  );
const SHORTEST_STEM = 3;

/** The word without its ending; at least three letters are left. "banning" and "banned" both give "ban". */
export function stemOf(word: string): string {
  for (const ending of ENDINGS) {
    if (!word.endsWith(ending) || word.length - ending.length < SHORTEST_STEM) continue;
    const stem = word.slice(0, -ending.length);
    const isDoubled = stem.length > SHORTEST_STEM && stem.at(-1) === stem.at(-2);
    if (isDoubled) return stem.slice(0, -1);
    // "retirement" and "retire" meet only without the e that "ment" leaves.
    return stem.length > SHORTEST_STEM && stem.endsWith("e") ? stem.slice(0, -1) : stem;
  }
  return word;
}

/** A verb as English writes it in a sentence: ban, bans, banned, banning. */
function formsOf(verb: string): string[] {
  const root = verb.endsWith("e") ? verb.slice(0, -1) : verb;
  const doubled = /[^aeiou][aeiou][bdgmnpt]$/.test(verb)
    ? [`${verb}${verb.at(-1)}ed`, `${verb}${verb.at(-1)}ing`]
    : [];
  const past = verb.endsWith("y") ? [`${verb.slice(0, -1)}ied`, `${verb.slice(0, -1)}ies`] : [];
  return [verb, `${verb}s`, `${verb}es`, `${root}ed`, `${root}ing`, `${root}ation`, ...doubled, ...past];
}

const allForms = (verbs: ReadonlySet<string>, words: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...[...verbs].flatMap(formsOf), ...words]);
const TEXT_AGAINST = allForms(AGAINST_IN_TEXTS, AGAINST_WORDS);
const TEXT_FOR = allForms(FOR_IN_TEXTS, FOR_WORDS);
const EVERY_AGAINST = allForms(AGAINST, TEXT_AGAINST);
const EVERY_FOR = allForms(FOR, TEXT_FOR);

/** Whether a word of a statement names an action for (1) or against (-1) its object; 0 for every other word. */
export const actionOf = (word: string): -1 | 0 | 1 =>
  EVERY_AGAINST.has(word) ? -1 : EVERY_FOR.has(word) ? 1 : 0;

/** The same for a word of a text: only those verbs that hardly ever mean something else there. */
export const actionInText = (word: string): -1 | 0 | 1 =>
  TEXT_AGAINST.has(word) ? -1 : TEXT_FOR.has(word) ? 1 : 0;

export const isBad = (word: string): boolean => BAD.has(word);

/** Words, with an inner apostrophe, and the marks that end a thought. Lower case. */
export const wordsAndMarks = (text: string): string[] =>
  text
    .toLowerCase()
    .replaceAll("’", "'")
    .match(/[a-z]+(?:'[a-z]+)?|[.,;!?]/g) ?? [];

export const wordsOf = (text: string): string[] => wordsAndMarks(text).filter((word) => /[a-z]/.test(word));
