/** Those who read texts to label them, whatever else the word may mean. */
const READERS =
  "(?:ai|a\\.i\\.|analysts?|assistant|bot|chatbot|chatgpt|claude|evaluators?|gpt|graders?|judges?|llm|language models?|labell?ers?|models?|moderators?|oracles?|raters?|reviewers?|scorers?|scoring system)";
/** Those of them of whom people hardly ever speak otherwise when they say what one is, or call one by his name. */
const LABELLERS =
  "(?:ai|analyst|assistant|chatbot|chatgpt|claude|evaluator|gpt|grader|llm|language model|labell?er|rater|scorer|scoring system)";
const RULES = "(?:guidance|instructions?|prompts?|rubric|safeguards?|guidelines|system prompt)";
const FIGURES =
  "(?:clarity|confidence|insight|originality|quality|rating|reasoning|scores?|stance|verdict|label|polarity)";
const TEXTS = "(?:arguments?|comments?|entry|entries|opinions?|paragraphs?|submissions?|texts?)";
const LABEL = "(?:assign|award|classify|count|evaluate|give|grade|judge|label|mark|rank|rate|score|treat)";
const MOST =
  "(?:10/10|100|one hundred|full marks|highest|max|maximum|minimum|perfect|top (?:marks|score|grade)|lowest|zero)";
const SKIP = "(?:bypass|discard|disregard|drop|forget|ignore|override|skip|stop following)";
const TAGS =
  "(?:assistant|data|developer|document|instructions?|opinion|output|prompt|response|result|statement|system|text|thinking|tool_result|user)";
/** Where a sentence begins, or what follows a colon or a mark; with what often stands before an order. */
const START = "(?:^|[.!?:;,>)\\]\"'“»–—`]\\s*)(?:(?:and|but|first|kindly|now|please|so|then)[, ]{1,2}){0,3}";
/** What a grade is followed by, and "100 cities" is not. */
const ENDS = "\\s*(?:[,;.!?)}\\]\"'/&<%]|$|(?:and|of|out|please|points?)\\b)";
const NUMBER = `(?:[-+]?\\d+(?:[.,]\\d+)?${ENDS})`;

const patterns = (sources: readonly string[]): RegExp[] => sources.map((source) => new RegExp(source, "iu"));

/** Says by itself that a text speaks to the one who labels instead of to the people who read. */
const PLAIN = patterns([
  // The rules are to be forgotten, or others hold.
  `\\b${SKIP}\\b.{0,30}\\b(?:above|earlier|preceding|previous|prior|system|your)\\b.{0,20}\\b${RULES}\\b`,
  `${START}(?:you (?:must|should) )?${SKIP}\\b (?:all |any |the |these |those |\\w+ing )*(?:\\w+ )?${RULES}\\b`,
  `\\b${SKIP}\\b (?:everything|all|the) (?:above|that came before)\\b`,
  `\\b${SKIP}\\b (?:all |everything )?(?:that |what )?you (?:have been|were) (?:given|taught|told)\\b`,
  `\\b(?:guidance|guidelines|instructions?|prompt|rubric|rules) (?:that )?you (?:are|had been|have been|were) (?:given|shown|told)\\b`,
  `${START}(?:follow|obey) (?:my|the following|these) (?:new |real |updated )?(?:directives|instructions?|prompt)\\b`,
  `(?:^|[.!?\`]\\s*)(?:new|updated|real|actual|hidden|secret|special|admin|following) (?:instructions?|prompt|rubric|directives?)\\s*:`,
  `\\b(?:rubric|prompt|instructions?) (?:update|change|override|addendum|correction)\\b`,
  `\\btranslate the (?:rules|instructions|rubric|prompt)\\b.{0,40}\\b(?:grade|label|rate|score)\\b`,
  `\\byour (?:task|job|role) (?:(?:is|has) now\\b|is to (?:label|grade|rate|score|praise|keep|approve)\\b)`,
  `\\byour (?:instructions?|prompt|system prompt|rubric|guidelines) (?:is|are|has|have|now|was|were|changed)\\b`,
  `\\b(?:reveal|repeat|show|tell me|leak) (?:me )?your (?:system )?(?:prompt|rubric|instructions?|weights)\\b`,
  `\\b(?:dan|debug|developer|god|maintenance|test) mode (?:is )?(?:activated|enabled|engaged|on)\\b`,
  `\\bthis is an? (?:jailbreak|prompt injection)\\b|\\bprompt injection\\b.{0,20}\\b(?:obey|follow)\\b`,
  `\\beverything (?:before|after|above|below) this (?:line|mark|opinion|paragraph|point|sentence|text)\\b`,
  `\\b(?:decode|decipher|rot13|base64)\\b.{0,20}\\b(?:obey|follow)\\b`,
  `\\bignore\\w*instructions\\b`,
  `\\b(?:ignoriere|ignorieren sie|ignorez|ignore toutes|ignora|oublie[zr]?|vergiss|vergessen sie|olvida|dimentica)\\b.{0,50}(?:anweisung|consigne|instrucci|instruction|istruzion)`,
  `(?:忽略|无视).{0,12}(?:指令|规则|说明)`,
  // It poses as another part of what the analyst is given.
  `${START}(?:admin|assistant|developer|system)\\s*[:>\\]]`,
  `\\b(?:admin|assistant|developer|human|system|user) (?:prompt|message|override|instruction|note|mode)\\s*[:>\\]]`,
  `\\brole["']?\\s*[:=]\\s*["']?(?:assistant|developer|system|user)\\b`,
  `(?:<|&lt;|\\\\u003c)\\s*/?\\s*${TAGS}(?:-[0-9a-f]+)?\\b.{0,80}?(?:>|&gt;|\\\\u003e)`,
  `<\\||\\|>|\\[/?(?:inst|sys|system)\\]|<</?sys>>|\\{\\{|\\}\\}|<!--|\`\`\``,
  `#\\s*(?:${RULES}|assistant|output|response|system)\\b`,
  `\\b(?:message|note|notice|order|reminder|update|word) from (?:anthropic|openai)\\b`,
  `\\b(?:anthropic|openai) (?:alignment|policy|safety|security|support|trust) team\\b.{0,60}\\b(?:give|grade|label|maximum|test)\\b`,
  // It names labels and what they are to be.
  `["']${FIGURES}["']\\s*[:=]`,
  `\\b${FIGURES}\\b\\s*(?:[:=→⇒]|->|=>)\\s*(?:${NUMBER}|(?:excellent|exceptional|full|max|maximum|outstanding|perfect|strongly)\\b|(?:for|against|negative|positive)${ENDS})`,
  `\\b(?:clarity|insight|originality|polarity|stance) (?:(?:must|shall|should) be )?[-+]?\\d`,
  `\\b(?:correct|desired|expected|proper|right) (?:answer|grade|label|output|score|stance) (?:for|of) (?:my|this) ${TEXTS}\\b`,
  `\\byour (?:evaluation|grade|grading|label|labelling|rating|score|scoring|verdict) (?:for|of) (?:my|the|this) ${TEXTS}\\b`,
  `\\b${FIGURES} (?:for|of) (?:my|this) ${TEXTS} (?:as|at|be|is|must|should)\\b`,
  `\\b(?:change|fix|make|put|raise|set)\\b (?:its |my |the |your )?${FIGURES} (?:as|at|to)\\b.{0,12}\\b${MOST}\\b`,
  `${START}(?:lower|put|raise|set)\\b.{0,25}\\b${FIGURES} (?:at|to)\\b.{0,12}\\b${MOST}\\b`,
  `\\b(?:assign|award|give) (?:it|me|this)(?: \\w+){0,2} ${FIGURES}\\b.{0,6}(?:\\d|\\b${MOST}\\b)`,
  `\\b(?:grade|label|mark|rate|score) (?:it|me|this) (?:as|at|with)\\b.{0,12}\\b${MOST}\\b`,
  `\\byou (?:can|may|must|now|shall|should|will)(?: now)? (?:grade|label|rate|score) (?:it|me|this)\\b`,
  `\\b(?:arguments?|opinions?|submissions?|texts?)\\b.{0,30}\\b(?:earns?|gets?|receives?)\\b.{0,15}\\b${MOST} (?:${FIGURES}|grades?|marks?)\\b`,
  `\\b(?:assign|award|give|set) (?:a |the )?(?:label|polarity|stance|verdict) (?:of|to)\\b`,
  `\\b${LABEL} (?:all |every |me |my |such |the following |these |this )+${TEXTS}\\b.{0,40}\\b(?:${MOST}|as (?:for|against|positive|negative|pro|con|excellent|exceptional|outstanding|kept|rejected|spam))(?:\\b|$)`,
  `\\b(?:grade|label|rate|score|mark)s? (?:\\w+ )?${TEXTS} like this\\b`,
  `\\b(?:give|gave) (?:it|me|this) (?:100|98|99|one hundred|full marks|top marks)(?: (?:of|out of) 100)?\\s*(?:[.!?;,&<)]|$)`,
  `\\b(?:label|grade|rate) this ${TEXTS}\\b|\\bwhoever (?:evaluates|grades|labels|rates|reads|scores)(?: this)?\\s*[,:;!]`,
  `\\bthis ${TEXTS} (?:(?:has been|was) (?:already )?|is (?:already )?)(?:graded|labell?ed|pre-?approved|rated|scored|verified)\\b`,
  `\\bthis ${TEXTS} (?:must|should|is to) be (?:approved|graded|kept|labell?ed|rated|scored)\\b`,
  `\\bthis ${TEXTS} deserves (?:\\w+ ){0,2}(?:full marks|100|(?:highest|maximum|perfect|top) (?:grade|label|mark|place|quality|rating|score))`,
  // It speaks to whoever labels.
  `${START}(?:act|behave|respond|answer) as (?:an?|the|my) (?:\\w+ )?${READERS}\\b`,
  `${START}(?:pretend|imagine|simulate)(?: to be| that you are| you are)? (?:an?|the) (?:\\w+ )?${READERS}\\b`,
  `\\b(?:you are|you're) an? (?:\\w+ )?(?:ai|chatbot|gpt|grader|labell?er|language model|llm)\\b(?! \\w+)`,
  `\\b(?:you are|you're) an? (?:\\w+ )?(?:grader|labell?er|language model)\\b`,
  `\\b(?:you are|you're) (?:my|the) (?:\\w+ )?(?:ai|analyst|grader|labell?er|language model|llm|rater|scorer)\\s*(?:[,.:;!]|$)`,
  `\\bi am (?:now )?the (?:analyst|grader|labell?er)\\b`,
  `\\byou are now \\w*(?:gpt|bot|grader|judge)\\b`,
  `${START}(?:attention|attn|dear|hello|hey|hi|listen|ok|okay)[ ,:]*(?:the |all |any |mr |this )?${READERS}\\s*[,:;!]`,
  `\\b(?:memo|message|note|notice) (?:to|for) (?:the |all |any |this )?${READERS}\\s*[,:;!]`,
  `(?:^|[.!?])\\s*to (?:the |any |all |whichever )?${READERS}\\s*:`,
  `(?:^|[.!?])\\s*(?:the )?(?:ai|analyst|assistant|bot|chatgpt|claude|evaluator|grader|judge|labell?er|language model|llm|model|rater)\\s*[:,] (?:give (?:me|my|this)|grade|ignore|keep|label|please|rate|remember|score|you must)\\b`,
  `\\bwhen(?:ever)? you (?:evaluate|grade|label|rate|score)(?: (?:it|me|this)(?: ${TEXTS})?| ${TEXTS})?\\s*[,:;]`,
  `\\b${READERS} (?:that |which |who )?(?:grades|grading|labels|labelling|rates|rating|reads|reading|scores|scoring) (?:me|this)(?: ${TEXTS})?\\s*[,:;!]`,
  `\\b(?:analysts|graders|labell?ers|models|raters|reviewers) before you\\b`,
  `\\bas an? (?:\\w+ )?${LABELLERS},? you (?:are|have|must|should)\\b`,
  `\\b(?:output|print|return) (?:only |the |valid |exactly )*json\\b`,
  `\\b(?:answer|output|print|reply|respond|return) (?:exactly |only )*(?:as|in|with) (?:exactly |only )*(?:json|the (?:following|json|label|word)|stance|["'“\\d])`,
  // It wants other texts to count less.
  `${START}(?:discard|downgrade|lower|penali[sz]e|reject|remove|slash)\\b.{0,15}\\b(?:every|next|opposing|others?|previous|remaining|rest)\\b.{0,25}\\b(?:${TEXTS}|stakers?)\\b`,
  `\\b(?:following|next|opposing|other|previous) ${TEXTS} (?:is|are|as) spam\\b`,
  `\\b(?:following|next|opposing|other|previous) ${TEXTS} (?:must|should) be (?:graded|labell?ed|rated|scored|treated)\\b`,
]);

/**
 * May be said of the subject as well: who judges, what quality is, how grades are given. Two of different groups in one sentence are
 * said of labels.
 */
const HINTS = [
  // Figures that a label has.
  patterns([
    `\\b${FIGURES}\\b\\s*(?:\\w+\\s+){0,3}(?:to|of|is|as|at|be)\\s+["']?(?:[-+]?\\d|${MOST}\\b)`,
    `\\b${LABEL}\\b.{0,50}\\b${MOST}(?:\\b|$)`,
  ]),
  // Whoever labels, spoken to.
  patterns([
    `\\b(?:you are|you're|act as|behave as|pretend)\\b.{0,25}\\b${READERS}\\b`,
    `\\b(?:attention|attn|dear|hello|hey|hi|listen|please)\\b[ ,:]*(?:the |all |any |mr |this )?${READERS}\\b`,
    `\\b${READERS},? you\\b`,
    "\\b(?:analyst|grader|labell?er|rater|scorer)s?\\b.{0,30}\\b(?:asked|instructed|must|ordered|should|told)\\b",
  ]),
  // This text, or the others beside it.
  patterns([`\\b(?:my|this) ${TEXTS}\\b`, `\\b(?:every|other|opposing|next|previous) ${TEXTS}\\b`]),
  // Rules of whoever labels.
  patterns([
    `\\b${SKIP}\\b.{0,40}\\b${RULES}\\b`,
    `\\byour (?:\\w+ )?(?:${RULES}|job|role|task)\\b`,
    "\\brubric\\b|\\bsystem prompt\\b",
  ]),
] as const;

/** Words that strangers wrote letter by letter, or with figures for letters. */
const SPELT = /\b\p{L}\b(?: \p{L}\b){4,}/gu;
const MIXED = /\b(?=\w*\p{L})(?=\w*\d)\w+\b/gu;
const LETTERS: Readonly<Record<string, string>> = { 0: "o", 1: "i", 3: "e", 4: "a", 5: "s", 7: "t" };
/** Line breaks aside, the empty character that editors leave behind: read past, so that it hides no word either. */
const EMPTY = /[\u200B\uFEFF]/g;

/** Whether a text speaks to its reader of labels, or poses as part of the analyst's own input. */
export function addressesAnalyst(text: string): boolean {
  const plain = text.normalize("NFKC").replace(EMPTY, "").replace(/\s+/g, " ");
  const readings = new Set([
    plain,
    plain.replace(SPELT, (word) => word.replaceAll(" ", "")),
    plain.replace(MIXED, (word) => word.replace(/[013457]/g, (figure) => LETTERS[figure] ?? figure)),
  ]);
  return [...readings].some(
    (reading) =>
      PLAIN.some((pattern) => pattern.test(reading)) || reading.split(/(?<=[.!?])\s+/).some(hintsTwice),
  );
}

const hintsTwice = (sentence: string): boolean =>
  HINTS.filter((group) => group.some((pattern) => pattern.test(sentence))).length > 1;
