import { AppError, type Hex } from "@sooth/kernel";
import type { Executor } from "@sooth/store";
import { type LabelSheet, readSheet } from "../../core/index.ts";
import { contentOf } from "../content/store.ts";

export type ReadSheet = { sheet: LabelSheet } | { complaint: string };
export type SheetReader = (market: Hex, sha256: Hex) => Promise<ReadSheet>;

/** Sheets whose working-out is remembered: some bytes each. */
const MOST = 4_096;
const decode = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Reads label sheets of a market that are kept here. Nobody looks into a sheet when it is handed over, and working one out takes some
 * hundred milliseconds where it is large: it is done once for each hash, which cannot come to mean anything else.
 */
export function openSheetReader(db: Executor): SheetReader {
  const complaints = new Map<Hex, string | null>();
  return async (market, sha256) => {
    const text = await textOf(db, sha256);
    if (text === null) return { complaint: "it is not kept here" };
    const known = complaints.get(sha256);
    if (typeof known === "string") return { complaint: known };
    const read: ReadSheet = known === null ? { sheet: JSON.parse(text) as LabelSheet } : readSheet(text);
    const [oldest] = complaints.keys();
    if (complaints.size >= MOST && oldest !== undefined) complaints.delete(oldest);
    complaints.set(sha256, "complaint" in read ? read.complaint : null);
    if ("sheet" in read && read.sheet.market.toLowerCase() !== market.toLowerCase())
      return { complaint: "it is of another market" };
    return read;
  };
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
