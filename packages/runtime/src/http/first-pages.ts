import { escapeHtml } from "./escape-html.ts";

/** The folder of a built web app with a file for each page that the server may send in the place of index.html. */
export const FIRST = "first/";
const READS = /<!--reads-->.*?<!--\/reads-->/gs;
const TITLE = "{{title}}";
const ID = "{{id}}";

/**
 * The first of the page at `where` that was built: its own, or that of its kind, which ends in `_` and takes a `title` and the
 * path's last part. Undefined where none was built, or where nobody knows a title. @param asks whether the path has a query
 */
export function firstPage(
  built: ReadonlyMap<string, string>,
  where: string,
  { title, asks }: { title: string | undefined; asks: boolean },
): string | undefined {
  const parts = where.split("/").filter((part) => part !== "");
  const own = built.get(`${parts.join("/") || "index"}.html`);
  if (own !== undefined) return asks ? own.replace(READS, "") : own;
  const id = parts.pop();
  const kind = built.get(`${parts.join("/")}/_.html`);
  if (kind === undefined || id === undefined || title === undefined) return undefined;
  // The title is the last to go in: it is written by strangers, and may hold the mark of the other.
  return kind.replaceAll(ID, () => encodeURIComponent(id)).replaceAll(TITLE, () => escapeHtml(title));
}
