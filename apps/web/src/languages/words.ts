import { i18n, type Messages } from "@lingui/core";
import type { PACKS } from "./packs.ts";

type Pack = (typeof PACKS)[number];

/** What every page says; `build/words.ts` calls it so too. */
const FRAME = "frame";

/** The pages that were opened since this was loaded: what they say is needed in the language that is spoken next. */
const opened = new Set([FRAME]);
let spoken: Pack | undefined;

/** Brings what all opened pages say in a language, and that of pages which are opened while it is spoken; none for English. */
export async function bringWords(language: Pack | undefined): Promise<void> {
  spoken = language;
  if (language) await Promise.all([...opened].map((page) => bring(language, page)));
}

/**
 * Loads a page, and beside its scripts what it says in the language that is spoken. Where that cannot be had the page is shown all
 * the same, in English: it may hold what somebody came to claim.
 */
export const withWords =
  <T>(page: string, load: () => Promise<T>) =>
  async (): Promise<T> => {
    opened.add(page);
    const words = spoken && bring(spoken, page).catch(reportError);
    const [loaded] = await Promise.all([load(), words]);
    return loaded;
  };

async function bring(language: Pack, page: string): Promise<void> {
  const { messages } = await wordsOf(language, page);
  i18n.load(language, messages);
}

/** Built, each page's words are a file of their own; while pages are worked on it is the whole pack. */
function wordsOf(language: Pack, page: string): Promise<{ messages: Messages }> {
  if (import.meta.env.DEV) return language === "de" ? import("./packs/de.po") : import("./packs/es.po");
  const mark = document.querySelector<HTMLScriptElement>("script[data-words]")?.dataset["words"];
  return import(/* @vite-ignore */ `/assets/words-${language}-${page}-${mark}.js`);
}
