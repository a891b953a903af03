import { mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ServerError } from "../errors.ts";

/** Enough for the database, three nodes' state and a day of logs. */
const NEED_MB = 300;

/** `pid` and start time together: a number alone may belong to somebody else after a reboot. */
type Holder = { pid: number; started: string };

/**
 * Takes a folder for this process: the data folder, or that of a signing key. A lock whose holder is gone is taken over,
 * and `onRepair` is told.
 * @param refusal what a second holder is told; the data folder's when not given
 * @returns releases the folder.
 * @throws server.already_running, server.folder_not_writable, server.disk_full
 */
export function lockFolder(
  folder: string,
  onRepair: (what: string) => void,
  refusal: (pid: number) => Error = (pid) => ServerError.already_running({ dataDir: folder, pid }),
): () => void {
  makeWritable(folder);
  const file = path.join(folder, "lock.json");
  const mine: Holder = { pid: process.pid, started: startTime(process.pid) ?? "unknown" };
  for (;;) {
    try {
      writeFileSync(file, JSON.stringify(mine), { flag: "wx" });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
      const holder = readHolder(file);
      if (holder && startTime(holder.pid) === holder.started) throw refusal(holder.pid);
      onRepair("the last run did not stop by itself; its lock is taken over");
      rmSync(file, { force: true });
    }
  }
}

function makeWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    const probe = path.join(folder, `.probe-${process.pid}`);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (error) {
    if (codeOf(error) === "ENOSPC") throw ServerError.disk_full({ folder, freeMb: 0, needMb: NEED_MB });
    throw ServerError.folder_not_writable({ folder, reason: codeOf(error) ?? String(error) });
  }
  const disk = statfsSync(folder);
  const freeMb = Math.floor((disk.bavail * disk.bsize) / 1_048_576);
  if (freeMb < NEED_MB) throw ServerError.disk_full({ folder, freeMb, needMb: NEED_MB });
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Holder;
  } catch {
    // Unreadable means half written by a process that died: nobody holds it.
    return undefined;
  }
}

/** When the process started, as the kernel counts it; undefined when there is none, or it is a zombie. */
function startTime(pid: number): string | undefined {
  try {
    // Fields after the closing bracket of the command, which may itself hold spaces: state is the first, start the 20th.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return aliveWithoutProc(pid) ? "unknown" : undefined;
  }
}

/** Systems without /proc can only be asked whether the number is in use. */
function aliveWithoutProc(pid: number): boolean {
  if (process.platform === "linux") return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error ? String(error.code) : undefined;
