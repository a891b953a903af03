import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, readFile, rm, truncate } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createTestClient, http, publicActions } from "viem";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Anvil, startAnvil } from "./index.ts";

let folder: string;
let stateFile: string;
let repairs: string[];
const running: Anvil[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "sooth-anvil-"));
  stateFile = path.join(folder, "31337.json");
  repairs = [];
});
afterEach(async () => {
  for (const anvil of running.splice(0)) await anvil.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(o: { port?: number; blockSeconds?: number } = {}) {
  const anvil = await startAnvil({
    chainId: 31337,
    stateFile,
    onRepair: (found) => repairs.push(found),
    ...o,
  });
  running.push(anvil);
  const node = createTestClient({ mode: "anvil", transport: http(anvil.rpcUrl), cacheTime: 0 }).extend(
    publicActions,
  );
  const stop = () => {
    running.splice(running.indexOf(anvil), 1);
    return anvil.stop();
  };
  return { anvil, node, stop };
}
const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test("a chain goes on where it was, with its blocks, and with time", async () => {
  const first = await start();
  await first.node.mine({ blocks: 7 });
  const before = await first.node.getBlock();
  await first.stop();
  const second = await start();
  expect(await second.node.getBlockNumber()).toBe(7n);
  expect((await second.node.getBlock({ blockNumber: 7n })).hash).toBe(before.hash);
  await second.node.mine({ blocks: 1 });
  const after = await second.node.getBlock();
  expect(after.parentHash).toBe(before.hash);
  expect(after.timestamp).toBeGreaterThanOrEqual(before.timestamp);
  expect(repairs).toEqual([]);
});

test("a chain whose time was moved ahead does not run backwards after a restart", async () => {
  const first = await start();
  await first.node.increaseTime({ seconds: 864_000 });
  await first.node.mine({ blocks: 1 });
  const { timestamp } = await first.node.getBlock();
  await first.stop();
  const second = await start();
  await second.node.mine({ blocks: 1 });
  const next = (await second.node.getBlock()).timestamp;
  expect(Number(next - timestamp)).toBeGreaterThan(0);
  expect(Number(next - timestamp)).toBeLessThan(60);
  // And it goes on with time, instead of standing at what was set.
  await second.node.increaseTime({ seconds: 100 });
  await second.node.mine({ blocks: 1 });
  expect(Number((await second.node.getBlock()).timestamp - next)).toBeGreaterThanOrEqual(100);
});

test("a state that was half written goes back to the last whole copy, and says so", async () => {
  const first = await start();
  await first.node.mine({ blocks: 3 });
  await first.stop();
  // A start copies the whole state aside.
  await (await start()).stop();
  await truncate(stateFile, 2_000);
  const second = await start();
  expect(await second.node.getBlockNumber()).toBe(3n);
  expect(repairs).toHaveLength(1);
  expect(repairs[0]).toMatch(/unreadable \(it was half written\): went back to the copy of 2\d{3}-/);
  expect(await readFile(`${stateFile}.broken`, "utf8")).toHaveLength(2_000);
});

test("a broken state without a copy starts a new chain, and says so", async () => {
  await copyFile(import.meta.filename, stateFile);
  const { node } = await start();
  expect(await node.getBlockNumber()).toBe(0n);
  expect(repairs).toEqual([expect.stringContaining("there is no copy: the chain starts anew")]);
});

test("a whole file that is no state is refused by the node, and the chain starts anew", async () => {
  await copyFile(path.join(import.meta.dirname, "../../package.json"), stateFile);
  const { node } = await start();
  expect(await node.getBlockNumber()).toBe(0n);
  expect(repairs).toEqual([expect.stringContaining("the chain starts anew")]);
});

test("a busy port is named with what to do", async () => {
  const { anvil } = await start();
  await expect(startAnvil({ chainId: 31338, port: anvil.port })).rejects.toMatchObject({
    code: "chain.port_busy",
    message: `port ${anvil.port} is in use: stop the program that holds it, or choose another port`,
  });
});

test("stopping leaves no process", async () => {
  const { anvil, stop } = await start({ blockSeconds: 1 });
  expect(alive(anvil.pid)).toBe(true);
  await stop();
  expect(alive(anvil.pid)).toBe(false);
});

test("a node whose parent is killed keeps its chain and ends, and the next start waits for it", async () => {
  const door = path.join(import.meta.dirname, "index.ts");
  const code = `const { startAnvil } = await import(${JSON.stringify(door)});
    const anvil = await startAnvil({ chainId: 31337, stateFile: ${JSON.stringify(stateFile)} });
    await fetch(anvil.rpcUrl, { method: "POST", headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "anvil_mine", params: ["0x5"] }) });
    console.log(anvil.pid); setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(parent.stdout, "data")) as [Buffer];
  const pid = Number(line.toString());
  parent.kill("SIGKILL");
  const { node } = await start();
  expect(await node.getBlockNumber()).toBe(5n);
  await vi.waitFor(() => expect(alive(pid)).toBe(false), { timeout: 30_000 });
});
