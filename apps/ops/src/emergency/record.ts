import { appendFileSync, mkdirSync } from "node:fs";
import path from "node:path";

/** What was done in an emergency: a line of JSON before and after each transaction, in a file that only grows. */
export type Entry = {
  /** ISO 8601, by this machine's clock. */
  at: string;
  /** By the chain's, unix seconds. */
  chainTime: number;
  chainId: number;
  /** Who sat at the keyboard, and with which key. */
  who: string;
  account: string;
  action: string;
  why: string;
  state: "sent" | "mined" | "reverted" | "refused";
  to: string;
  data: string;
  transaction: string | null;
  block: number | null;
  /** Why it was refused, without having been sent. */
  error: string | null;
};

export const recordFile = (dataDir: string): string => path.join(dataDir, "emergency.jsonl");

export function writeEntry(file: string, entry: Entry): void {
  mkdirSync(path.dirname(file), { recursive: true });
  appendFileSync(file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
}
