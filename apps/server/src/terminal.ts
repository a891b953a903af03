import { AppError } from "@sooth/kernel";

/** What a person at the terminal reads. Machines read the JSON log on the same stream only at warn and above. */
const line = (text: string): boolean => process.stdout.write(`${text}\n`);

export const progress = (text: string): boolean => line(`  · ${text}`);

export function ready(o: { url: string; local: boolean; ms: number }): void {
  line("");
  line(`Sooth is ready after ${(o.ms / 1000).toFixed(1)} s:  ${o.url.replace("127.0.0.1", "localhost")}`);
  if (o.local)
    line(
      "Open it and take a test wallet: it holds test dollars. Ctrl-C stops everything; the next start goes on from here.",
    );
}

/** @param who whose key signs, or what is missing. */
export function nodeReady(who: string): void {
  // At once: whoever reads along sees both or neither.
  line(`\nThe node runs. Ctrl-C stops it; LOG_LEVEL=info shows each answer that it signs.\n${who}`);
}

export const stopped = (): boolean => line("stopped");

/** One sentence for an error that we know, everything for one that we do not. */
export function failed(error: unknown): void {
  if (error instanceof AppError)
    process.stderr.write(`\nSooth cannot start: ${error.message} [${error.code}]\n`);
  else
    process.stderr.write(
      `\nSooth failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
}
