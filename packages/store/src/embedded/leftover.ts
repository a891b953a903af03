import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StoreError } from "../store-error.ts";

const CLEAN_SECONDS = 15;
const HARD_SECONDS = 5;

/**
 * Ends the server that a killed run left on `dataDir`, and clears its mark. Call with the folder locked: then nobody
 * of ours can still want that server. @throws store.folder_in_use when it belongs to another user
 */
export async function endLeftover(dataDir: string, onRepair: (what: string) => void): Promise<void> {
  const mark = path.join(dataDir, "postmaster.pid");
  const text = await readFile(mark, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const pid = Number(text.split("\n")[0]);
  if (!text || !Number.isInteger(pid) || pid <= 0) return;
  if (await isPostgres(pid)) {
    await end(pid, dataDir);
    onRepair(`an earlier run had been killed and its database still ran (process ${pid}): stopped it`);
  }
  // Postgres would take the number of a zombie, or one given to another program since, for a running server.
  await rm(mark, { force: true });
}

/** Running and a Postgres; a zombie is neither. Source: proc(5), /proc/<pid>/stat. */
async function isPostgres(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const [, name, state] = /^\d+ \((.*)\) (\S)/s.exec(stat) ?? [];
  return name === "postgres" && state !== "Z" && state !== "X";
}

async function end(pid: number, dataDir: string): Promise<void> {
  for (const [signal, seconds] of [
    ["SIGINT", CLEAN_SECONDS],
    ["SIGQUIT", HARD_SECONDS],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ESRCH") return;
      throw StoreError.folder_in_use({ dataDir, pid }, { cause: error });
    }
    for (const giveUp = Date.now() + seconds * 1000; Date.now() < giveUp; await sleep(50))
      if (!(await isPostgres(pid))) return;
  }
  throw StoreError.folder_in_use({ dataDir, pid });
}
