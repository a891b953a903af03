import { expect, test } from "vitest";
import { queriesOf, splitOpinions } from "./queries.ts";

const said = (text: string) => ({ text, stance: 1, quality: 1 });
const talk = (statement: string, words: string) =>
  splitOpinions({
    statement,
    opinions: Array.from({ length: 20 }, (_, index) => said(`we think that ${words} matter, ${index}`)),
  });

test("queries are made of opinions that are not searched in", () => {
  const { indexed, unseen } = talk("Zoos should be closed", "elephants");
  expect(indexed).toHaveLength(5);
  expect(unseen).toHaveLength(15);
  expect(unseen.filter((text) => indexed.includes(text))).toEqual([]);
});

test("they are words that mark the discussion off, without forms of the statement's own", () => {
  const splits = [talk("Zoos should be closed", "elephants closely caged"), talk("Ban cars", "streets")];
  const { words, pairs, exact } = queriesOf(splits, 1);
  expect(words).toEqual([
    { search: "caged", market: 0 },
    { search: "elephants", market: 0 },
  ]);
  expect(pairs).toEqual([{ search: "caged elephants", market: 0 }]);
  expect(exact).toEqual([{ search: "should closed", market: 0 }]);
});
