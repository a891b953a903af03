/** Text as searches compare it: letters of one case and one form, so that "ﬁ", "FI" and "fi" are the same. */
export const foldText = (text: string): string => text.normalize("NFKC").toLowerCase();

/** A LIKE pattern that finds `text` anywhere, whatever characters it holds. */
export const likePattern = (text: string): string =>
  `%${foldText(text.trim()).replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
