import { ascending } from "@sooth/kernel";
import { agreeingWeight, plurality, sumOfWeights, weightedLowerMedian } from "./aggregate.ts";
import { type AnswerWord, INVALID, isSentinel } from "./answer-word.ts";
import { dateOf, percentOf, several } from "./figures.ts";
import { kindOf, labelOf } from "./kinds/index.ts";
import { mayBeEarly, statusOf } from "./status.ts";
import type { Terms } from "./terms.ts";
import type { QuestionSchema } from "./wire.ts";

/** A report as far as its part in the answer goes. Until there is an answer its value is not for anybody to know. */
export type WeighedReport = { value: bigint; weight: bigint; counted: boolean };

export type Explained = {
  schema: QuestionSchema;
  terms: Terms;
  word: AnswerWord;
  /** Of the current round, and of the epoch that answered or is current. */
  reports: readonly WeighedReport[];
  /** Of that epoch; null while there is none. */
  totalWeight: bigint | null;
  /** When the contract took the answer; null while there is none. Unix seconds. */
  answeredAt: number | null;
  reopenings: readonly { round: number; notBefore: number }[];
  now: number;
};

/** How the answer came out of the reports, one sentence a step, with the numbers in them. */
export function explain(explained: Explained): string[] {
  return [
    ...explained.reopenings.map(
      ({ round, notBefore }) =>
        `Round ${round - 1}: more than two thirds of the weight said that it was too early; the question opened again at ${dateOf(notBefore)}.`,
    ),
    ...(explained.word.state === "answered"
      ? afterAnswer(explained, explained.word)
      : beforeAnswer(explained)),
  ];
}

function beforeAnswer({ word, now, reports, totalWeight, terms, schema }: Explained): string[] {
  if (word.state === "disputed")
    return ["Somebody objected to the answer: the dispute ladder decides, and nobody is paid meanwhile."];
  if (word.state !== "open") return [];
  if (statusOf(word, now) === "invalid")
    return [
      `No quorum answered by ${dateOf(terms.deadline)}, so the question is invalid and everybody is refunded.`,
      ...standing(reports, totalWeight, schema),
    ];
  if (now < word.notBefore)
    return mayBeEarly(terms, word)
      ? [
          `Providers may report from ${dateOf(word.notBefore)} on, or before, if it has ended by then.`,
          sealed(reports, totalWeight),
          "Before that moment an answer needs reports with nine tenths of all weight, from then on with more than two thirds.",
        ]
      : [`Providers may report from ${dateOf(word.notBefore)} on.`];
  return [
    `Providers may report until ${dateOf(terms.deadline)}.`,
    sealed(reports, totalWeight),
    "An answer needs reports with more than two thirds of all weight.",
  ];
}

const reported = (reports: readonly WeighedReport[], totalWeight: bigint): string =>
  `${several(reports.length, "provider")} reported, with ${percentOf(sumOfWeights(reports), totalWeight)} of all weight`;

/** Told before the answer, values could be copied, and whoever likes could choose which quorum counts. */
function sealed(reports: readonly WeighedReport[], totalWeight: bigint | null): string {
  if (reports.length === 0 || totalWeight === null) return "No provider has reported.";
  return `${reported(reports, totalWeight)}; what they said is sealed until the question is answered.`;
}

function standing(
  reports: readonly WeighedReport[],
  totalWeight: bigint | null,
  schema: QuestionSchema,
): string[] {
  if (reports.length === 0 || totalWeight === null) return ["No provider has reported."];
  return [`${reported(reports, totalWeight)}: ${spread(reports, schema)}.`];
}

const spread = (reports: readonly WeighedReport[], schema: QuestionSchema): string => {
  const values = [...new Set(reports.map(({ value }) => value))].toSorted(ascending);
  return values
    .map((value) => {
      const count = reports.filter((report) => report.value === value).length;
      return `${count} × ${labelOf(value, schema)}`;
    })
    .join(", ");
};

function afterAnswer(
  { schema, terms, reports, totalWeight, answeredAt, now }: Explained,
  word: Extract<AnswerWord, { state: "answered" }>,
): string[] {
  const counted = reports.filter((report) => report.counted);
  const weight = sumOfWeights(counted);
  const total = totalWeight ?? 0n;
  const answer = labelOf(word.value, schema);
  const missed = reports.length - counted.length;
  const isEarly = !word.ruled && answeredAt !== null && answeredAt < terms.opensAt;
  const wanted = isEarly ? "so early nine tenths were needed" : "more than two thirds were needed";
  const late = missed === 0 ? [] : [`${several(missed, "more report")} did not go into the answer.`];
  // What a jury found carries nobody's signature.
  if (word.ruled && counted.length === 0)
    return [
      `It was decided in a dispute: the answer is ${answer}, and no provider's signature stands behind it.`,
      ...(terms.aggregation === "median" ? heldAt(terms, word.value, answer) : []),
      ...late,
      fate(word, now, answer),
    ];
  return [
    `${several(counted.length, "provider")} with ${percentOf(weight, total)} of all weight signed the reports that the contract accepted; ${wanted}.`,
    `They said: ${spread(counted, schema)}.`,
    ...(isSentinel(word.value) ? [] : [howDecided(terms, counted, total, answer)]),
    ...(terms.aggregation === "median" ? heldAt(terms, word.value, answer) : []),
    ...(isSentinel(word.value) || counted.length === 0 ? [] : [howSure(terms, word, counted, total)]),
    ...remarks(schema, word.value, counted),
    ...late,
    fate(word, now, answer),
  ];
}

function howDecided(terms: Terms, counted: readonly WeighedReport[], total: bigint, answer: string): string {
  if (counted.length === 0) return `The answer is ${answer}.`;
  if (terms.aggregation === "median") {
    const median = weightedLowerMedian(counted);
    const reached = sumOfWeights(counted.filter(({ value }) => value <= median));
    return `The answer is the weighted median, ${answer}: ${percentOf(reached, sumOfWeights(counted))} of their weight lies at or below it, and less than half lies below.`;
  }
  const { weight } = plurality(counted);
  return `The answer is ${answer}, signed by ${percentOf(weight, total)} of all weight; more than half was needed.`;
}

/** What else a kind has to say of its values. */
function remarks(schema: QuestionSchema, value: bigint, counted: readonly WeighedReport[]): string[] {
  const told = isSentinel(value) ? null : kindOf(schema).remark?.(value, counted, schema);
  return told ? [told] : [];
}

/** What an answer at an end of the bounds stands for. */
function heldAt(terms: Terms, value: bigint, answer: string): string[] {
  if (value === terms.max) return [`Answers are held between the bounds: ${answer} means that or more.`];
  if (value === terms.min) return [`Answers are held between the bounds: ${answer} means that or less.`];
  return [];
}

function howSure(
  terms: Terms,
  word: Extract<AnswerWord, { state: "answered" }>,
  counted: readonly WeighedReport[],
  total: bigint,
): string {
  const agreeing = agreeingWeight(counted, word.value, terms.tolerance);
  const within = terms.tolerance === 0n ? "exactly the answer" : "a value within the tolerance";
  return `${percentOf(agreeing, total)} of all weight signed ${within}: the confidence is ${percentOf(BigInt(word.confidence), 10_000n)}.`;
}

function fate(word: Extract<AnswerWord, { state: "answered" }>, now: number, answer: string): string {
  const invalid = word.value === INVALID;
  if (now < word.finalizeAt)
    return invalid
      ? `It becomes invalid at ${dateOf(word.finalizeAt)}: everybody is refunded.`
      : `It becomes final at ${dateOf(word.finalizeAt)}.`;
  return invalid
    ? `Invalid since ${dateOf(word.finalizeAt)}: everybody is refunded.`
    : `Final since ${dateOf(word.finalizeAt)}: ${answer}.`;
}
