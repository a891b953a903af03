import "./english.ts";
import { i18n, type Messages } from "@lingui/core";
import { browserStore } from "../browser-store.ts";
import { type Language, LANGUAGES } from "./packs.ts";

/** `public/first-paint.js` reads the same, before anything is painted. */
const STORED = "sooth.language";

const LOADERS: Record<Exclude<Language, "en">, () => Promise<{ messages: Messages }>> = {
  de: () => import("./packs/de.po"),
  es: () => import("./packs/es.po"),
};

const isLanguage = (text: string): text is Language => LANGUAGES.some((language) => language === text);

/** The language of this page: chosen here before, else the first that the browser asks for and that there is a pack of. */
export function pageLanguage(): Language {
  const { lang } = document.documentElement;
  return isLanguage(lang) ? lang : "en";
}

/** Has the page speak `language`, or English where its pack cannot be had: then nothing is said in two languages. */
export async function speak(language: Language): Promise<void> {
  try {
    const messages = language === "en" ? {} : (await LOADERS[language]()).messages;
    i18n.loadAndActivate({ locale: language, messages });
    document.documentElement.lang = language;
  } catch (error) {
    reportError(error);
    i18n.loadAndActivate({ locale: "en", messages: {} });
    document.documentElement.lang = "en";
  }
}

/** Speaks it from now on, in this browser. */
export async function chooseLanguage(language: Language): Promise<void> {
  browserStore()?.setItem(STORED, language);
  await speak(language);
}

export const spokenLanguage = (): Language => (isLanguage(i18n.locale) ? i18n.locale : "en");
