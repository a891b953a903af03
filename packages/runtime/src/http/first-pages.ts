import { escapeHtml } from "./escape-html.ts";

/** The folder of a built web app with a file for each page that the server may send in the place of index.html. */
export const FIRST = "first/";
const READS = /<!--reads-->.*?<!--\/reads-->/gs;
/** A row of a list, between what stands around all of them, and what stands there instead of none. */
const ROWS = /<!--rows-->(.*?)<!--row-->(.*?)<!--\/row-->(.*?)<!--or-->(.*?)<!--\/rows-->/gs;
const TITLE = "{{title}}";
const ID = "{{id}}";

/** What a page is about, or one of those that it lists; written by strangers. */
export type PageRow = { id: string; title: string };

/**
 * The first of the page at `where` that was built: its own, or that of its kind, which ends in `_` and takes a `title` and the
 * path's last part. Undefined where none was built, or where nobody knows a title. A page that is a list
 * takes its first `rows`, none where it is asked for others. @param asks whether the path has a query
 */
export function firstPage(
  built: ReadonlyMap<string, string>,
  where: string,
  { title, asks, rows }: { title: string | undefined; asks: boolean; rows: readonly PageRow[] },
): string | undefined {
  const parts = where.split("/").filter((part) => part !== "");
  const own = built.get(`${parts.join("/") || "index"}.html`);
  if (own !== undefined) return asks ? withRows(own.replace(READS, ""), []) : withRows(own, rows);
  const id = parts.pop();
  const kind = built.get(`${parts.join("/")}/_.html`);
  if (kind === undefined || id === undefined || title === undefined) return undefined;
  return filled(kind, { id, title });
}

function withRows(html: string, rows: readonly PageRow[]): string {
  return html.replace(ROWS, (_all, before: string, row: string, after: string, none: string) =>
    rows.length === 0 ? none : before + rows.map((one) => filled(row, one)).join("") + after,
  );
}

// The title is the last to go in: it is written by strangers, and may hold the mark of the other.
const filled = (html: string, { id, title }: PageRow): string =>
  html.replaceAll(ID, () => encodeURIComponent(id)).replaceAll(TITLE, () => escapeHtml(title));
