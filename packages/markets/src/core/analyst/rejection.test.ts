import { expect, test } from "vitest";
import { ATTEMPTS } from "../../../test/analyst/attempts.ts";
import { HIDDEN_TEXTS, INJECTIONS } from "../../../test/analyst/injections.ts";
import { MORE_PLAIN_SPEECH, PLAIN_SPEECH } from "../../../test/analyst/plain-speech.ts";
import { rejectionOf } from "./rejection.ts";

const STATEMENT = "Zoos should be closed to the public";
test.each([
  ["keeps an argument", "Animals suffer when they are looked at all day.", null],
  ["keeps an argument in two lines", "Animals suffer.\nThey need\tspace.", null],
  [
    "keeps one that repeats the statement and goes on",
    "Zoos should be closed to the public because animals suffer.",
    null,
  ],
  ["keeps one that speaks of judges", "A judge should decide which zoos may stay open, not the mob.", null],
  ["keeps one that speaks of quality", "The quality of life in a zoo is poor for large animals.", null],
  ["keeps one that speaks of rules", "Many owners ignore the rules that protect animals.", null],
  ["refuses nothing at all", "  \n ", "empty"],
  ["refuses figures alone", "100 100 100 !!!", "no_words"],
  ["refuses another script, which it cannot read", "Зоопарки нужно закрыть", "no_words"],
  ["refuses two words", "close them", "too_short"],
  [
    "refuses what says the same again and again",
    "ban zoos ban zoos ban zoos ban zoos ban zoos",
    "repeats_itself",
  ],
  ["refuses the statement", "Zoos should be closed to the public!", "copies_statement"],
  ["refuses the statement in another order", "to the public zoos should be closed", "copies_statement"],
] as const)("%s", (_, text, expected) => expect(rejectionOf(STATEMENT, text)).toBe(expected));

test("there are forty attempts and more, all different", () => {
  expect(new Set(INJECTIONS).size).toBe(INJECTIONS.length);
  expect(INJECTIONS.length).toBeGreaterThanOrEqual(40);
});
test.each(INJECTIONS)("refuses to be told: %s", (text) => {
  expect(rejectionOf(STATEMENT, text)).toMatch(/^(?:addresses_analyst|hidden_characters)$/);
});
test.each(INJECTIONS)("refuses it behind an argument as well: %s", (text) => {
  expect(rejectionOf(STATEMENT, `Animals suffer when they are looked at. ${text}`)).toBe("addresses_analyst");
});
test.each(HIDDEN_TEXTS)("refuses hidden characters: %j", (text) => {
  expect(rejectionOf(STATEMENT, text)).toBe("hidden_characters");
});
test.each(ATTEMPTS)("nor does it let itself be told: %s", (text) => {
  expect(rejectionOf(STATEMENT, `Animals suffer when they are looked at. ${text}`)).toBe("addresses_analyst");
});
test.each([
  "The teacher who marks the papers is tired, so grades differ from one day to the next.",
  "OpenAI and others should pay the authors whose books they trained on.",
  "They leave the instructions of doctors unread and then complain.",
  "A model of society in which nobody works has never lasted.",
  "U S A is not the only country that bans it.",
])("people may say: %s", (text) => {
  expect(rejectionOf(STATEMENT, text)).toBe(null);
});
test.each(PLAIN_SPEECH)("on %s: people may say: %s", (statement, text) => {
  expect(rejectionOf(statement, text)).toBe(null);
});
test.each(MORE_PLAIN_SPEECH)("people may say as well: %s", (text) => {
  expect(rejectionOf(STATEMENT, text)).toBe(null);
});
test("nor is what is said in many such sentences spoken to whoever labels", () => {
  expect(rejectionOf(STATEMENT, MORE_PLAIN_SPEECH.join(" "))).toBe(null);
});
