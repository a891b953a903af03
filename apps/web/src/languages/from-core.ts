import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

/**
 * What the slices' rules say in English of their own: names and hints of kinds, in the words that they have there. The rules know
 * of no language, so what they say is looked up by its text; what is not in this table stays English.
 */
export const FROM_CORE: Readonly<Record<string, MessageDescriptor>> = {
  "Yes or no": msg`Yes or no`,
  "Did it happen?": msg`Did it happen?`,
  "Yes when the sources say at least": msg`Yes when the sources say at least`,
  "Enter the number from which on the answer is Yes.": msg`Enter the number from which on the answer is Yes.`,
  "There is an “and” or “or” in it. Say what holds when only one half is true.": msg`There is an “and” or “or” in it. Say what holds when only one half is true.`,
  "One of many": msg`One of many`,
  "Which of these?": msg`Which of these?`,
  Outcomes: msg`Outcomes`,
  Outcome: msg`Outcome`,
  "Numbers between the outcomes": msg`Numbers between the outcomes`,
  "Below the first it is the first outcome, from the first on the second, and so on.": msg`Below the first it is the first outcome, from the first on the second, and so on.`,
  Number: msg`Number`,
  "A valuation": msg`A valuation`,
  "What is it worth, and how sure is that?": msg`What is it worth, and how sure is that?`,
  "A number": msg`A number`,
  "How much, in brackets?": msg`How much, in brackets?`,
  Unit: msg`Unit`,
  "Digits after the point": msg`Digits after the point`,
  "A score": msg`A score`,
  "How good, from 0 to 100?": msg`How good, from 0 to 100?`,
  "Many at once": msg`Many at once`,
  "The same question about each of a list": msg`The same question about each of a list`,
};

export function fromCore(text: string): string {
  const message = Object.hasOwn(FROM_CORE, text) ? FROM_CORE[text] : undefined;
  return message ? i18n._(message) : text;
}
