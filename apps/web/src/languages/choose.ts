import "./english.ts";
import { i18n } from "@lingui/core";
import { browserStore } from "../browser-store.ts";
import { type Language, LANGUAGES } from "./packs.ts";
import { bringWords } from "./words.ts";

/** `public/first-paint.js` reads the same, before anything is painted. */
const STORED = "sooth.language";

const isLanguage = (text: string): text is Language => LANGUAGES.some((language) => language === text);

/** The language of this page: chosen here before, else the first that the browser asks for and that there is a pack of. */
export function pageLanguage(): Language {
  const { lang } = document.documentElement;
  return isLanguage(lang) ? lang : "en";
}

/** Has the page speak `language`, or English where its words cannot be had: then nothing is said in two languages. */
export async function speak(language: Language): Promise<void> {
  const spoken = await bringWords(language === "en" ? undefined : language).then(
    () => language,
    async (error: unknown) => {
      reportError(error);
      await bringWords(undefined);
      return "en" as const;
    },
  );
  i18n.activate(spoken);
  document.documentElement.lang = spoken;
}

/** Speaks it from now on, in this browser. */
export async function chooseLanguage(language: Language): Promise<void> {
  browserStore()?.setItem(STORED, language);
  await speak(language);
}

export const spokenLanguage = (): Language => (isLanguage(i18n.locale) ? i18n.locale : "en");
