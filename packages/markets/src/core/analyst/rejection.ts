import type { Rejection } from "./label.ts";
import { stemOf, wordsOf } from "./words.ts";

const FEWEST_WORDS = 3;
const FEWEST_CHARACTERS = 12;
/** A text of this many words with fewer different ones than the share below says the same again and again. */
const REPEATING_WORDS = 8;
const LEAST_DISTINCT = 0.4;
/** Characters that show nothing, or turn the writing direction: the reader would not see what the analyst reads. */
const HIDDEN = /[\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF\u{E0000}-\u{E007F}\p{Cc}]/u;
/** Line breaks, and the empty character that editors leave behind: read past, so that it hides no word either. */
const HARMLESS = /[\t\n\r]/g;
const EMPTY = /[\u200B\uFEFF]/g;

const READERS =
  "(?:ai|a\\.i\\.|analysts?|assistant|bot|chatbot|chatgpt|claude|evaluator|gpt|grader|graders|judges?|llm|language model|labell?er|model|moderator|oracle|rater|reviewer|scorer|scoring system)";
const RULES =
  "(?:(?:all|any|the|your|these|those|previous|prior|earlier) (?:\\w+ ){0,2})?(?:above|instructions?|previous|prior|prompts?|rubric|safeguards?|guidelines|system prompt)";
const FIGURES =
  "(?:clarity|confidence|insight|originality|quality|rating|reasoning|scores?|stance|verdict|label|polarity)";

/** Ways to speak to the one who labels instead of to the people who read. */
const ADDRESSES = [
  `\\b(?:bypass|discard|disregard|drop|forget|ignore|override|skip|stop following)\\b.{0,40}\\b${RULES}\\b`,
  `\\b(?:new|updated|real|actual|hidden|secret|special|admin|following) (?:instructions?|prompt|rubric|directives?)\\b`,
  `\\b(?:admin|assistant|developer|human|system|user)\\s*(?:prompt|message|override|instruction|note|mode)?\\s*[:>\\]]`,
  `</?\\s*(?:assistant|data|developer|document|instructions?|opinion|output|prompt|response|result|statement|system|text|user)\\b[^>]*>`,
  `<\\||\\|>|\\[/?(?:inst|sys|system)\\]|<</?sys>>|\\{\\{|\\}\\}|<!--|\`\`\``,
  `#{2,}\\s*\\w+`,
  `["']?\\b${FIGURES}\\b["']?\\s*(?:[:=→⇒]|->|=>)`,
  `\\b(?:clarity|insight|originality)\\s+\\d`,
  `\\brubric\\b|\\bgraders?\\b|\\bwhoever (?:labels|grades|rates) this\\b|\\blabel this (?:text|opinion|argument)\\b`,
  `\\beverything (?:before|after|above|below) this\\b`,
  `\\byou are now \\w*(?:gpt|bot|grader|judge)`,
  `\\b(?:anthropic|openai)\\b.{0,60}\\b(?:approved|graded?|kept|labell?ed|maximum|texts?)\\b`,
  `\\b(?:decode|decipher)\\b.{0,20}\\bobey\\b|\\brot13\\b|\\bbase64\\b`,
  `\\\\u003c\\/?`,
  `\\b(?:ignor(?:ier\\w*|ez|e toutes|a)|oublie\\w*|vergiss|olvida|dimentica)\\b.{0,50}(?:anweisung|consigne|instrucci|instruction|istruzion|regeln|reglas|règles)`,
  `\\bignore\\w*instructions\\b`,
  `(?:忽略|无视).{0,12}(?:指令|规则|说明)`,
  `\\b${FIGURES}\\b\\s*(?:\\w+\\s+){0,3}(?:to|of|is|as|at|be)\\s+["']?(?:[-+]?\\d|one hundred|maximum|max|full|perfect|highest|zero|positive|negative)`,
  `\\b(?:assign|award|classify|give|grade|label|mark|rank|rate|score|set|treat)\\b.{0,50}\\b(?:10/10|100|full marks|highest|max|maximum|minimum|perfect|one hundred|top marks|top score|lowest|zero|stance|quality|as (?:for|against|positive|negative|pro|con|kept|rejected))(?:\\b|$)`,
  `\\b(?:act as|behave as|pretend|roleplay|you are|you're|simulate)\\b.{0,25}\\b${READERS}\\b`,
  `\\b(?:attention|attn|dear|hello|hey|hi|message to|memo to|note to|notice to|note for|ok|okay|listen|please)\\b[ ,:]*(?:the |all |any |mr |this )?${READERS}\\b`,
  `(?:^|[.!?])\\s*(?:to )?(?:the |any |whichever )?${READERS}\\s*[,:]`,
  `\\b(?:output|print|reply|respond|return|answer)\\b.{0,30}\\b(?:json|only|exactly|following|verbatim|with \\d)`,
  `\\b(?:discard|downgrade|ignore|penali[sz]e|reject|lower|drop|slash|remove)\\b.{0,30}\\b(?:all|every|others?|opposing|rest|remaining|next|previous)\\b.{0,25}\\b(?:arguments?|comments?|entries|opinions?|stakers?|submissions?|texts?)\\b`,
  `\\b(?:all|every|other|next|following) (?:other )?(?:arguments?|comments?|entries|opinions?|submissions?)\\b.{0,25}\\b(?:are|is|must|should|as)\\b.{0,20}\\b(?:rejected|spam|zero|invalid|ignored|discarded|low)`,
  `\\bas an? (?:${READERS})\\b.{0,20}\\b(?:you|your|must|should)\\b`,
  `\\byour (?:task|job|role|instructions?|prompt|system prompt|rubric|guidelines) (?:is|are|has|have|now|was|were|changed)\\b`,
  `\\b(?:reveal|repeat|show|tell me|leak)\\b.{0,25}\\b(?:prompt|rubric|instructions?|weights)\\b`,
  `\\b(?:jailbreak|prompt injection|dan mode|developer mode|debug mode|test mode|maintenance mode)\\b`,
  `\\bthis (?:opinion|argument|text|comment|entry|submission) (?:is|was|has been|deserves|must|should)\\b.{0,40}\\b(?:approved|kept|keep|verified|pre-?approved|rated|scored|accepted|best|highest|perfect|100|winner|win)\\b`,
].map((source) => new RegExp(source, "iu"));

/** A word written letter by letter. */
const SPELT = /\b\p{L}\b(?: \p{L}\b){4,}/gu;

/** Whether a text speaks to its reader of labels, or poses as part of the analyst's own input. */
export const addressesAnalyst = (text: string): boolean => {
  const plain = text.normalize("NFKC").replace(EMPTY, "").replace(/\s+/g, " ");
  // Letters with a space after each read as the word that they spell.
  const joined = plain.replace(SPELT, (word) => word.replaceAll(" ", ""));
  return ADDRESSES.some((pattern) => pattern.test(plain) || pattern.test(joined));
};

/** The first reason for which `text` does not count as an opinion on `statement`; null when it counts. */
export function rejectionOf(statement: string, text: string): Rejection | null {
  if (text.trim() === "") return "empty";
  if (HIDDEN.test(text.replace(HARMLESS, "").replace(EMPTY, ""))) return "hidden_characters";
  const words = wordsOf(text);
  if (words.length === 0) return "no_words";
  if (addressesAnalyst(text)) return "addresses_analyst";
  if (words.length < FEWEST_WORDS || text.trim().length < FEWEST_CHARACTERS) return "too_short";
  if (words.length >= REPEATING_WORDS && new Set(words).size / words.length < LEAST_DISTINCT)
    return "repeats_itself";
  const said = new Set(wordsOf(statement).map(stemOf));
  return words.every((word) => said.has(stemOf(word))) ? "copies_statement" : null;
}
