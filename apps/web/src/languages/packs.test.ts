import { readFileSync } from "node:fs";
import path from "node:path";
import { i18n } from "@lingui/core";
import { formatter } from "@lingui/format-po";
import { FORM_KINDS, kindOf } from "@sooth/oracle/core";
import { afterEach, describe, expect, test } from "vitest";
import { formatAmount, formatPercent, formatShare, parseAmount, typedAmount } from "../format/amount.ts";
import { formatAbsolute } from "../format/time.ts";
import { FROM_CORE } from "./from-core.ts";
import { LANGUAGES, PACKS } from "./packs.ts";

const file = (name: string): string => readFileSync(path.join(import.meta.dirname, name), "utf8");
type Entry = { message?: string; translation?: string };
const entriesOf = (language: string): [string, Entry][] =>
  Object.entries(
    formatter().parse(file(`packs/${language}.po`), {
      locale: language,
      sourceLocale: "en",
      filename: `${language}.po`,
    }) as Record<string, Entry>,
  );
/** What is put in, and the marks around words: `{0}`, `{name}`, `<0>`. */
const holes = (text: string): string[] =>
  [...new Set(text.match(/(?<!(?:one|other) )\{\w+(?=[,}])|<\/?\d+\/?>/g) ?? [])].toSorted();
const ends = (text: string): boolean => /[.?]$/.test(text.replace(/[“”„«»]/g, ""));

afterEach(() => i18n.loadAndActivate({ locale: "en", messages: {} }));
const speakOnly = (locale: string) => i18n.loadAndActivate({ locale, messages: {} });

describe.each(PACKS)("%s", (language) => {
  test("puts in the same values as English does, and nothing else", () => {
    const wrong = entriesOf(language).filter(
      ([, { message, translation = "" }]) =>
        message !== undefined && holes(message).join(" ") !== holes(translation).join(" "),
    );
    expect(wrong).toEqual([]);
  });

  test("says as much at the ends: blanks, and what ends a sentence", () => {
    const wrong = entriesOf(language).filter(
      ([, { message, translation = "" }]) =>
        message !== undefined && (translation !== translation.trim() || ends(message) !== ends(translation)),
    );
    expect(wrong).toEqual([]);
  });

  test("an amount is written with a comma, and never with points between thousands", () => {
    speakOnly(language);
    expect(formatAmount(1_234_567_500_000n, 6)).toBe("1\u202F234\u202F567,50");
    expect([formatShare(6_123), formatPercent(250)]).toEqual(["61,2\u00A0%", "2,5\u00A0%"]);
  });

  test("a typed amount is read as it is written, and refused where it may be two", () => {
    speakOnly(language);
    for (const value of [0n, 1n, 2_125_000n, 123_456_789_012_345n]) {
      expect(parseAmount(formatAmount(value, 6), 6)).toBe(value);
      expect(parseAmount(typedAmount(value, 6), 6)).toBe(value);
    }
    expect(parseAmount("1,5", 6)).toBe(1_500_000n);
    expect(parseAmount("1.5", 6)).toBe(1_500_000n);
    expect(parseAmount("1.234,5", 6)).toBe(1_234_500_000n);
    expect(() => parseAmount("1.234", 6)).toThrow("“1.234” may mean two amounts");
    expect(() => parseAmount("1,234,5", 6)).toThrow("is not an amount");
  });

  test("moments are UTC", () => {
    speakOnly(language);
    expect(formatAbsolute(1_747_008_000)).toMatch(/^12\D+2025, 0?0:00:00 UTC$/);
  });
});

test("the router asks for the words of the page that it loads", () => {
  const router = file("../router.tsx");
  const loaded = [...router.matchAll(/import\("\.\/pages\/([\w-]+)\.tsx"\)/g)].map(([, page]) => page);
  const named = [...router.matchAll(/withWords\(\s*"([\w-]+)"/g)].map(([, page]) => page);
  expect(loaded.length).toBeGreaterThan(20);
  expect(named).toEqual(loaded);
});

test("the script before the first paint knows every language", () => {
  const listed = /languages = new Set\((\[.*?\])\)/.exec(file("../../public/first-paint.js"))?.[1] ?? "";
  expect(JSON.parse(listed)).toEqual(LANGUAGES);
  for (const language of LANGUAGES)
    expect(file("../styles.css")).toContain(`:root[lang="${language}"] .said:not([lang="${language}"])`);
});

test("what the rules say of kinds is looked up as they say it", () => {
  const said = FORM_KINDS.flatMap((kind) => {
    const { title, hint, form } = kindOf({ kind });
    const fields = [...(form?.fields ?? []), ...(form?.deciding ?? [])];
    const of = (field: (typeof fields)[number]) => Object.entries(field);
    const shown = fields
      .flatMap(of)
      .flatMap(([key, text]) => (["label", "hint", "item"].includes(key) ? [String(text)] : []));
    return [title, hint, ...shown];
  });
  expect(said.filter((text) => !(text in FROM_CORE))).toEqual([]);
});
