import { createReadStream } from "node:fs";
import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A node writes its whole state each time: small ones often, large ones rarely. */
const INTERVAL_SECONDS = 5;
const BYTES_PER_SECOND = 5_000_000;
/** A node whose parent was killed writes its state before it ends; the next start waits this long for it. */
const HANDOVER_MS = 6_000;

export type StateFile = {
  path: string;
  intervalSeconds: number;
  /** Call once the node runs: names its process, and copies each new whole state aside until the file is closed. */
  hold(pid: number): Promise<void>;
  /** Puts the last whole copy in place of a state that the node refused. False when there is nothing left to try. */
  goBack(refusal: string): Promise<boolean>;
  close(): Promise<void>;
};

/**
 * The node writes its state in place, so a kill in the middle leaves half a file. We keep a copy of the last whole one
 * beside it (`<file>.previous`), and go back to that.
 */
export async function openStateFile(file: string, onRepair: (found: string) => void): Promise<StateFile> {
  const previous = `${file}.previous`;
  const pidFile = `${file}.pid`;
  await mkdir(path.dirname(file), { recursive: true });
  await endLeftover(pidFile, onRepair);

  const goBack = async (refusal: string): Promise<boolean> => {
    if (!(await exists(file))) return false;
    await rename(file, `${file}.broken`);
    const back = await exists(previous);
    // A copy that is refused too is moved away by the next call, so this ends.
    if (back) await rename(previous, file);
    const kept = `the broken file is kept as ${path.basename(file)}.broken`;
    onRepair(
      back
        ? `the local chain's state was unreadable (${refusal}): went back to the copy of ${await ageOf(file)}; ${kept}`
        : `the local chain's state was unreadable (${refusal}) and there is no copy: the chain starts anew; ${kept}`,
    );
    return true;
  };

  if ((await exists(file)) && !(await isWhole(file))) await goBack("it was half written");
  const size = (await exists(file)) ? (await stat(file)).size : 0;
  const intervalSeconds = Math.max(INTERVAL_SECONDS, Math.ceil(size / BYTES_PER_SECOND));

  let timer: NodeJS.Timeout | undefined;
  let copying: Promise<void> = Promise.resolve();
  let copied = 0;
  const copy = async (): Promise<void> => {
    const found = await stat(file).catch(() => null);
    if (!found || found.mtimeMs === copied) return;
    const next = `${previous}.next`;
    await copyFile(file, next);
    // Copied while the node wrote: the next round copies again.
    if (!(await isWhole(next))) return rm(next, { force: true });
    await rename(next, previous);
    copied = found.mtimeMs;
  };

  return {
    path: file,
    intervalSeconds,
    goBack,
    hold: async (pid) => {
      await writeFile(pidFile, String(pid));
      await copy();
      const round = () => {
        copying = copy().catch((error: Error) =>
          onRepair(`the local chain's state was not copied: ${error.message}`),
        );
      };
      timer = setInterval(round, intervalSeconds * 1000).unref();
    },
    close: async () => {
      clearInterval(timer);
      await copying;
      await rm(pidFile, { force: true });
    },
  };
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

async function ageOf(file: string): Promise<string> {
  return (await stat(file)).mtime.toISOString();
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = new Set([0x7b, 0x5b]);
const CLOSE = new Set([0x7d, 0x5d]);

/** Whether the JSON value in the file ends: counts brackets as it streams, since these files outgrow one string. */
export async function isWhole(file: string): Promise<boolean> {
  let depth = 0;
  let inText = false;
  let escaped = false;
  let seen = false;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    for (const byte of chunk) {
      if (inText) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inText = false;
      } else if (byte === QUOTE) inText = true;
      else if (OPEN.has(byte)) {
        depth++;
        seen = true;
      } else if (CLOSE.has(byte)) depth--;
    }
  }
  return seen && depth === 0 && !inText;
}

/** Waits for the node of a killed run, which is writing its state; then ends it. */
async function endLeftover(pidFile: string, onRepair: (found: string) => void): Promise<void> {
  const pid = Number(await readFile(pidFile, "utf8").catch(() => "0"));
  if (pid > 0 && (await isAnvil(pid))) {
    onRepair(`a local node of an earlier run still ran (process ${pid}): it was stopped`);
    process.kill(pid, "SIGINT");
    const deadline = performance.now() + HANDOVER_MS;
    while ((await isAnvil(pid)) && performance.now() < deadline) await sleep(50);
    if (await isAnvil(pid)) process.kill(pid, "SIGKILL");
  }
  await rm(pidFile, { force: true });
}

/** The number may belong to another program by now. A zombie no longer runs. Source: proc(5). */
async function isAnvil(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return status.includes("(anvil)") && !/\) [ZX]/.test(status);
}
