import { readFile } from "node:fs/promises";
import path from "node:path";
import { formatter } from "@lingui/format-po";
import type { Said } from "../src/first-pages.ts";
import { PACKS } from "../src/languages/packs.ts";

/** A text in each language, of which the style sheet shows the page's own. */
export type SaidIn = (said: Said) => string;

const FOLDER = path.resolve(import.meta.dirname, "../src/languages/packs");

/** Reads the packs. The server does not know which language a browser has chosen, so it sends these few texts in all. */
export async function inAllLanguages(): Promise<SaidIn> {
  const packs = await Promise.all(
    PACKS.map(async (language) => [language, await readPack(language)] as const),
  );
  return ({ id, message }) =>
    [["en", message], ...packs.map(([language, pack]) => [language, needed(pack, id, language)])]
      .map(([language, text]) => `<span lang="${language}" class="said">${text}</span>`)
      .join("");
}

type Entry = {
  message?: string | undefined;
  translation?: string | undefined;
  /** The files that say it, and where in them. */
  origin?: readonly (readonly [string, ...unknown[]])[] | undefined;
};
type Pack = Readonly<Record<string, Entry>>;

/** What a pack says, by the keys of its messages. */
export async function readPack(language: string): Promise<Pack> {
  const text = await readFile(path.join(FOLDER, `${language}.po`), "utf8");
  return formatter().parse(text, {
    locale: language,
    sourceLocale: "en",
    filename: `${language}.po`,
  }) as Pack;
}

function needed(pack: Pack, id: string, language: string): string {
  const text = pack[id]?.translation;
  if (!text) throw new Error(`${language}.po says nothing for ${id}`);
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
