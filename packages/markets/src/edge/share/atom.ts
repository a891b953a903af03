import { escapeHtml } from "@sooth/runtime";
import { Feed, type Item } from "feed";

/** Of one feed, at most. */
export const ENTRIES = 50;
export const ATOM = {
  "cache-control": "public, max-age=60",
  "content-type": "application/atom+xml; charset=utf-8",
};

type Entry = { id: string; title: string; link: string; at: number };
// Titles are written by strangers, and readers take an entry's title for HTML.
export const entry = ({ id, title, link, at }: Entry): Item => ({
  id,
  title: escapeHtml(title),
  link,
  date: new Date(at * 1_000),
});

/** `updated` is of the newest entry, so that the same entries are the same text. */
export function feedOf(id: string, title: string, link: string, entries: readonly Item[]): string {
  const newest = Math.max(0, ...entries.map(({ date }) => date.getTime()));
  const feed = new Feed({ id, title, link, updated: new Date(newest), generator: "Sooth" });
  for (const item of entries) feed.addItem(item);
  return feed.atom1();
}
