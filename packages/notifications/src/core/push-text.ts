import { cutTo, type Item } from "./letter.ts";

/** More than that at once become one. */
const MOST_SINGLE = 3;
const MOST_WORDS = 200;

/** What a browser is shown, all of it in one message: encrypted it must fit into 4 KiB. `tag`: the same one replaces what is shown. */
export type PushText = { words: string; path: string; tag: string };

export function pushText(items: readonly (Item & { id: string })[]): PushText[] {
  if (items.length > MOST_SINGLE)
    return [{ words: `${items.length} new notifications`, path: "/notifications", tag: "many" }];
  return items.map(({ words, path, id }) => ({
    words: cutTo(words, MOST_WORDS),
    path,
    tag: id,
  }));
}
