import { AppError, type Hex } from "@sooth/kernel";
import type { Executor } from "@sooth/store";
import { type LabelSheet, readSheet } from "../../core/index.ts";
import { contentOf, keptKind } from "../content/store.ts";

export type ReadSheet = { sheet: LabelSheet } | { complaint: string };
export type SheetReader = (market: Hex, sha256: Hex) => Promise<ReadSheet>;

/** Sheets whose working-out is remembered: some bytes each. */
const MOST = 4_096;
/** Sheets that are held as they are read: each report of a market's has one, of megabytes at the most. */
const MOST_HELD = 8;
const decode = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Reads label sheets of a market that are kept here. Nobody looks into a sheet when it is handed over, and working one out takes some
 * hundred milliseconds where it is large: it is done once for each hash, which cannot come to mean anything else. The last ones are held,
 * so that turning pages, or asking for one owner after the other, reads no sheet again.
 */
export function openSheetReader(db: Executor): SheetReader {
  const complaints = new Map<Hex, string | null>();
  const held = new Map<Hex, LabelSheet>();
  const read = async (sha256: Hex): Promise<ReadSheet> => {
    const last = held.get(sha256);
    if (last) {
      keepNewest(held, sha256, last, MOST_HELD);
      return { sheet: last };
    }
    const text = await textOf(db, sha256);
    if (text === null) return { complaint: GONE };
    const known = complaints.get(sha256);
    if (typeof known === "string") return { complaint: known };
    const found: ReadSheet = known === null ? { sheet: JSON.parse(text) as LabelSheet } : readSheet(text);
    keepNewest(complaints, sha256, "complaint" in found ? found.complaint : null, MOST);
    if ("sheet" in found) keepNewest(held, sha256, found.sheet, MOST_HELD);
    return found;
  };
  return async (market, sha256) => {
    if (!(await isKept(db, sha256))) return { complaint: GONE };
    const found = await read(sha256);
    if ("sheet" in found && found.sheet.market.toLowerCase() !== market.toLowerCase())
      return { complaint: "it is of another market" };
    return found;
  };
}

const GONE = "it is not kept here";

/** The oldest goes where there are too many. */
function keepNewest<T>(map: Map<Hex, T>, key: Hex, value: T, most: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}

/** Erased since it was read, a sheet is not told any more. */
async function isKept(db: Executor, sha256: Hex): Promise<boolean> {
  try {
    return (await keptKind(db, sha256)) === "sheet";
  } catch (error) {
    if (error instanceof AppError && error.code === "content.erased") return false;
    throw error;
  }
}

async function textOf(db: Executor, sha256: Hex): Promise<string | null> {
  try {
    const content = await contentOf(db, sha256);
    return content?.kind === "sheet" ? decode.decode(content.bytes) : null;
  } catch (error) {
    if (error instanceof AppError && error.code === "content.erased") return null;
    throw error;
  }
}
