/** A piece of a text; `href`: where it leads, null of plain words. */
export type Piece = { text: string; href: string | null };

/** Only what stands in ASCII. */
const ADDRESS = /\bhttps?:\/\/[!#-;=?-[\]_a-z~]+/gi;
/** Going on so it is no address: these may be letters that look like others, or marks that turn the reading order. */
const GOES_ON = /^[\p{L}\p{N}\p{M}\p{Cf}]/u;
/** Ends a sentence or a quote rather than an address. */
const ENDS = /[.,;:!?'*_]$/;

/**
 * The addresses in what a stranger wrote, and the words between them. They lead where they say and nowhere else: http and https
 * alone, and none that names a user, by which another host could be hidden. Every character of the text is kept.
 */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const shown = withoutEnd(found);
    const href = GOES_ON.test(text.slice(index + found.length)) ? null : hrefOf(shown);
    if (href === null) continue;
    if (index > from) pieces.push({ text: text.slice(from, index), href: null });
    pieces.push({ text: shown, href });
    from = index + shown.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), href: null });
  return pieces;
}

function withoutEnd(address: string): string {
  let shown = address;
  for (;;) {
    const count = (sign: string) => shown.split(sign).length - 1;
    const isOpen =
      (shown.endsWith(")") && count(")") > count("(")) || (shown.endsWith("]") && count("]") > count("["));
    if (!isOpen && !ENDS.test(shown)) return shown;
    shown = shown.slice(0, -1);
  }
}

function hrefOf(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { protocol, username, password, href } = new URL(address);
  const isPlain = (protocol === "http:" || protocol === "https:") && username === "" && password === "";
  return isPlain ? href : null;
}
