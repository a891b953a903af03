import type { Page } from "playwright-core";
import { readPack } from "../../apps/web/build/said-in.ts";

const german = await readPack("de");
/** Whole texts that German says otherwise; with what is put in they are not found by their text. */
const ENGLISH = new Set(
  Object.values(german).flatMap(({ message, translation }) =>
    message !== undefined && message !== translation && !/[{<]/.test(message) ? [message] : [],
  ),
);

/** What the page says, but for what is marked as English. */
export const textsOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const holder = walker.currentNode.parentElement;
      if (!holder?.closest("[lang=en],script,style,noscript"))
        found.push(walker.currentNode.textContent?.trim() ?? "");
    }
    return found;
  });
/** Whole texts of a German page that are said in English. */
export const leftInEnglish = async (page: Page): Promise<string[]> =>
  (await textsOf(page)).filter((text) => ENGLISH.has(text));
