import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { startHostMetrics, watchDisk } from "./host-metrics.ts";
import { scraped } from "./metrics.ts";

const valueOf = async (series: string): Promise<number | undefined> => {
  const line = (await scraped()).split("\n").find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.split(" ")[1]);
};

test("the machine's load and memory are told", async () => {
  startHostMetrics();
  const free = await valueOf('host_memory_bytes{state="free"}');
  expect(free).toBeGreaterThan(0);
  expect(await valueOf('host_memory_bytes{state="all"}')).toBeGreaterThan(free ?? Infinity);
  expect(await valueOf("host_processors")).toBeGreaterThanOrEqual(1);
  expect(await valueOf("host_load")).toBeGreaterThanOrEqual(0);
});

test("a folder's disk is told of while it is there and watched", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "disk-"));
  const [free, all] = ["free", "all"].map((state) => `host_disk_bytes{folder="test",state="${state}"}`);
  const stop = watchDisk("test", folder);
  const left = await valueOf(free ?? "");
  expect(left).toBeGreaterThan(0);
  expect(await valueOf(all ?? "")).toBeGreaterThanOrEqual(left ?? Infinity);
  rmSync(folder, { recursive: true });
  expect(await valueOf(free ?? "")).toBeUndefined();
  stop();
});
