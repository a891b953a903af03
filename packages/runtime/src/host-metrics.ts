import { statfs } from "node:fs/promises";
import { availableParallelism, freemem, loadavg, totalmem } from "node:os";
import { gauge, onScrape } from "./metrics.ts";

const load = gauge("host_load", "Processes of this machine that ran or waited to run, over the last minute");
const processors = gauge("host_processors", "Processors that this process may use");
const memory = gauge("host_memory_bytes", "Memory of this machine, by what it is used for", ["state"]);
const disk = gauge(
  "host_disk_bytes",
  "Disk that a folder of ours is on, by what is left for us and what there is",
  ["folder", "state"],
);

let started = false;

/** Tells of the machine that this process shares with others, beside the process's own figures; once. */
export function startHostMetrics(): void {
  if (started) return;
  started = true;
  onScrape(() => {
    load.set(loadavg()[0] ?? 0);
    processors.set(availableParallelism());
    memory.set({ state: "free" }, freemem());
    memory.set({ state: "all" }, totalmem());
  });
}

/** Tells of the disk that `path` is on, under a name that is the same on every machine. The function returned ends it. */
export function watchDisk(folder: string, path: string): () => void {
  const forget = () => {
    disk.remove({ folder, state: "free" });
    disk.remove({ folder, state: "all" });
  };
  const stop = onScrape(async () => {
    try {
      const { bavail, blocks, bsize } = await statfs(path);
      disk.set({ folder, state: "free" }, bavail * bsize);
      disk.set({ folder, state: "all" }, blocks * bsize);
    } catch {
      // It is not there yet, or no longer: a figure of before would look like room.
      forget();
    }
  });
  return () => {
    stop();
    forget();
  };
}
