import type { Hex } from "@sooth/kernel";
import { LRUCache } from "lru-cache";
import { sha256, stringToBytes } from "viem";
import { MOST_OPINION_BYTES } from "../../../core/index.ts";
import { fetchText } from "../sources/fetch-text.ts";

/** `absent`: everybody who was asked answered that he has no such text. `away`: somebody could not be asked. */
export type Text = { found: "text"; text: string } | { found: "absent" } | { found: "away"; why: string };

const AT_ONCE = 16;
/** A store that does not have a text, or may not give it. */
const NOT_THERE = new Set([404, 410, 451]);
/** A store may itself ask others first, which takes five seconds where nobody has a text. */
const TIMEOUT_MS = 15_000;
/**
 * Stores keep label sheets too, and pass on files of as much. Whoever stakes on the hash of one has no text; were it not read to its
 * end, that could not be told from a store that gives something else, and nobody would answer for the whole market.
 */
const MOST_BYTES = 4_194_304;
/** Texts kept between attempts, in characters: 2,000 opinions of the largest market are a few of them. */
const MOST_KEPT = 32_000_000;

// An empty text takes room as well: it is an entry.
const kept = new LRUCache<Hex, string>({ maxSize: MOST_KEPT, sizeCalculation: ({ length }) => length + 1 });

/** Reads texts by their hashes, from the first gateway that has each. Nobody is believed: what came is hashed. */
export async function readTexts(
  gateways: readonly string[],
  hashes: readonly Hex[],
  signal: AbortSignal,
): Promise<Map<Hex, Text>> {
  const texts = new Map<Hex, Text>();
  const waiting = [...new Set(hashes)];
  const work = async () => {
    for (let hash = waiting.pop(); hash !== undefined; hash = waiting.pop())
      texts.set(hash, await readOne(gateways, hash, signal));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return texts;
}

async function readOne(gateways: readonly string[], hash: Hex, signal: AbortSignal): Promise<Text> {
  const before = kept.get(hash);
  if (before !== undefined) return { found: "text", text: before };
  let away: string | null = gateways.length === 0 ? "no store of texts is set" : null;
  for (const template of gateways) {
    const url = new URL(template.replace("{sha256}", hash));
    const got = await fetchText(url, {
      // The operator named it, so it is asked whatever sources he reads.
      allowedOrigins: [url.origin],
      accept: "text/plain, application/vnd.ipld.raw",
      timeoutMs: TIMEOUT_MS,
      maxBytes: MOST_BYTES,
      signal,
    });
    if (!got.ok) {
      if (got.status === null || !NOT_THERE.has(got.status)) away = `${url.origin}: ${got.failed}`;
      continue;
    }
    const bytes = stringToBytes(got.body);
    // A text that is written again must be the same bytes: what is not UTF-8 is no text, as long as its hash says that it is all.
    if (got.sha256 === hash && (sha256(bytes) !== hash || bytes.length > MOST_OPINION_BYTES)) continue;
    if (got.sha256 !== hash) {
      away = `${url.origin}: it gives something else`;
      continue;
    }
    kept.set(hash, got.body);
    return { found: "text", text: got.body };
  }
  return away === null ? { found: "absent" } : { found: "away", why: away };
}
