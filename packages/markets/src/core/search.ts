/** Text as searches compare it: letters of one case and one form, so that "ﬁ", "FI" and "fi" are the same. */
export const foldText = (text: string): string => text.normalize("NFKC").toLowerCase();

/** A LIKE pattern that finds `text` anywhere, whatever characters it holds. */
export const likePattern = (text: string): string =>
  `%${foldText(text.trim()).replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;

/** A word, or several between quotes, that must not be there: "-" before it, as search engines have it. */
const UNWANTED = /(?<=^|\s)-(?:"([^"]*)"?|(\S+))/gu;

/**
 * What is searched for, and what must not be there. They are apart since a text is looked at in several languages: it fits when it
 * holds what is wanted in any of them, and what is not wanted in none.
 */
export function askedFor(search: string): { wanted: string; unwanted: string[] } {
  const unwanted = [...search.matchAll(UNWANTED)].map(([, quoted, word]) => quoted ?? word ?? "");
  return {
    wanted: search.replaceAll(UNWANTED, " ").trim(),
    unwanted: unwanted.map((text) => text.replaceAll(/["-]/g, " ").trim()).filter((text) => text !== ""),
  };
}

/** Its words one by one; those between quotes together, with their quotes. */
export const partsOf = (wanted: string): string[] =>
  [...wanted.matchAll(/"([^"]*)"?|[^\s"]+/gu)].map(([part]) => part).filter((part) => part !== '"');

/** Between them stand words that were found: characters that no text on a page has. */
export const MARKS = { from: "\u0002", to: "\u0003" } as const;

/** A piece of a text with {@link MARKS} as parts of it, those that were found marked. */
export const markedParts = (excerpt: string): { text: string; marked: boolean }[] =>
  excerpt
    .split(MARKS.from)
    .flatMap((part, index) => {
      const [found = "", ...rest] = index === 0 ? ["", part] : part.split(MARKS.to);
      return [
        { text: found, marked: true },
        { text: rest.join(""), marked: false },
      ];
    })
    .filter(({ text }) => text !== "");
