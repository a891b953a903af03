import { readFile } from "node:fs/promises";
import type { Hex } from "@sooth/kernel";
import { z } from "zod";
import { OracleError, wireAddress, wireFeedReport, wireHex32 } from "../../core/index.ts";
import { replaceLines } from "./replace-lines.ts";

const entrySchema = wireFeedReport.extend({
  feed: wireHex32,
  signer: wireAddress,
  /** Chain and contract that the signature counts for. */
  domain: z.string(),
});
export type FeedEntry = z.infer<typeof entrySchema>;

/**
 * What a provider signed last for each feed. A moment before that one is never signed again, so nothing older need be
 * known, and the file stays as small as the number of feeds.
 */
export type FeedJournal = {
  last(feed: Hex): FeedEntry | undefined;
  /** Returns once the entry would survive a crash of the machine. */
  write(entry: FeedEntry): Promise<void>;
};

const keyOf = ({ feed, signer, domain }: Pick<FeedEntry, "feed" | "signer" | "domain">) =>
  `${domain}:${signer.toLowerCase()}:${feed}`;

/** Without a file it lives in memory. @throws oracle.bad_journal */
export async function openFeedJournal(o: {
  file: string | undefined;
  signer: Hex;
  domain: string;
}): Promise<FeedJournal> {
  const { file } = o;
  const entries = file === undefined ? [] : await readEntries(file);
  const held = new Map(entries.map((entry) => [keyOf(entry), entry]));
  let before: Promise<void> = Promise.resolve();
  return {
    last: (feed) => held.get(keyOf({ ...o, feed })),
    write: async (entry) => {
      const earlier = before;
      before = (async () => {
        // One after the other: each writes the whole file. One that failed was told to whoever wrote it.
        await earlier.catch(() => undefined);
        const next = new Map(held).set(keyOf(entry), entry);
        if (file !== undefined) await (await replaceLines(file, [...next.values()])).close();
        held.set(keyOf(entry), entry);
      })();
      await before;
    },
  };
}

async function readEntries(file: string): Promise<FeedEntry[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line, index) => {
      try {
        return entrySchema.parse(JSON.parse(line));
      } catch (error) {
        // Going on without it could sign a second value: a person must look.
        throw OracleError.bad_journal({ file, line: index + 1 }, { cause: error });
      }
    });
}
