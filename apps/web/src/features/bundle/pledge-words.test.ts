import { i18n } from "@lingui/core";
import { PLEDGES } from "@sooth/bundles/core";
import { afterEach, expect, test } from "vitest";
import { PLEDGE_WORDS, pledgeWords } from "./pledge-words.ts";

afterEach(() => i18n.loadAndActivate({ locale: "en", messages: {} }));

const says = Object.values(PLEDGES).flatMap((pledges) => pledges.map((one) => one.says));

test("every pledge can be said in other languages, and nothing else is translated", () => {
  expect(Object.keys(PLEDGE_WORDS).toSorted()).toEqual([...new Set(says)].toSorted());
});

test("English is the promise itself; a pledge that is not known stays as it was given", () => {
  const [first = ""] = says;
  expect(pledgeWords(first)).toBeNull();
  i18n.loadAndActivate({ locale: "de", messages: { [PLEDGE_WORDS[first]?.id ?? ""]: "Höchstens einmal." } });
  expect(pledgeWords(first)).toBe("Höchstens einmal.");
  expect(pledgeWords(`${first} Or twice.`)).toBeNull();
});
