import { Parser } from "htmlparser2";

/** What is no text for people, whatever stands in it. */
const SILENT = new Set(["script", "style", "template", "noscript", "svg", "iframe", "object", "select"]);
/** Ends a line of text. Everything else stands within one. */
const BLOCKS = new Set(
  "address article aside blockquote body br caption dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 head header hr html li main nav ol option p pre section table tbody td tfoot th thead title tr ul".split(
    " ",
  ),
);
const VOID = new Set("area base br col embed hr img input link meta source track wbr".split(" "));
const HIDING_STYLE = /display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])/i;
const HTML = /<(?:!doctype\s+html|html)[\s>]/i;
/** Characters at the start of a body in which a page says that it is one, behind comments and declarations. */
const PREAMBLE = 2_000;
const isPage = (body: string): boolean => {
  const start = body.slice(0, PREAMBLE).trimStart();
  return start.startsWith("<") && HTML.test(start);
};

/** Characters that are parsed before the depth is looked at again. */
const CHUNK = 4_096;
/** Pages of people are some dozens of elements deep. */
const DEEPEST = 1_000;

/**
 * The text of a page as people read it, one block on a line. Elements that their own attributes hide are left out; what
 * a stylesheet hides stays, since only a browser could tell. Behind a thousand open elements nothing is read. A body that is no page of HTML is text as it is.
 */
export function pageText(body: string): string {
  if (!isPage(body)) return body;
  const parts: string[] = [];
  // Of the open elements, how many are within one that is not read. Void elements are never open.
  let unread = 0;
  const open: boolean[] = [];
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        if (BLOCKS.has(name)) parts.push("\n");
        if (VOID.has(name)) return;
        const hidden = SILENT.has(name) || isHidden(attributes);
        open.push(hidden);
        if (hidden) unread += 1;
      },
      ontext: (text) => {
        if (unread === 0) parts.push(text.replace(/\s+/g, " "));
      },
      onclosetag: (name) => {
        if (BLOCKS.has(name)) parts.push("\n");
        if (!VOID.has(name) && open.pop() === true) unread -= 1;
      },
    },
    { decodeEntities: true },
  );
  // The parser's work grows with the square of the depth, so a page of nothing but nesting is read as far as people go.
  for (let at = 0; at < body.length && open.length < DEEPEST; at += CHUNK)
    parser.write(body.slice(at, at + CHUNK));
  parser.end();
  return parts
    .join("")
    .split("\n")
    .map((line) => line.replace(/ +/g, " ").trim())
    .filter((line) => line !== "")
    .join("\n");
}

const isHidden = (attributes: Readonly<Record<string, string>>): boolean =>
  "hidden" in attributes ||
  attributes["aria-hidden"] === "true" ||
  HIDING_STYLE.test(attributes["style"] ?? "");
