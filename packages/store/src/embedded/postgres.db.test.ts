import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { one, openStore, sql } from "../index.ts";
import { type EmbeddedOptions, type EmbeddedPostgres, startEmbeddedPostgres, testDatabase } from "./index.ts";

const RUNNER = path.resolve(import.meta.dirname, "../../test/run-embedded.ts");
const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;
const asNobody = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
// A checkout below a private home cannot be read by anybody else.
const nobodyReads = isRoot && spawnSync("setpriv", [...asNobody.slice(1), "test", "-r", RUNNER]).status === 0;

let folder: string;
let dataDir: string;
let template: string;
const running: { stop(): Promise<void> }[] = [];
const children: ChildProcess[] = [];

beforeAll(async () => {
  template = await mkdtemp(path.join(os.tmpdir(), "sooth-template-"));
  await chmod(template, 0o711);
  await (await startEmbeddedPostgres({ dataDir: path.join(template, "data"), durable: false })).stop();
});
afterAll(() => rm(template, { recursive: true, force: true }));
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "sooth-embedded-"));
  await chmod(folder, 0o711);
  dataDir = path.join(folder, "data");
});
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

async function start(options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, durable: false, ...options });
  running.push(server);
  return server;
}
/** Puts a database into the folder that was made before, for tests about what comes after. */
const fill = (): Promise<void> => cp(path.join(template, "data"), dataDir, { recursive: true });
async function ask<T>(url: string, text: string): Promise<T | undefined> {
  const store = openStore({ url, max: 1 });
  try {
    return await one<T>(store.db, sql.raw<T>(text));
  } finally {
    await store.close();
  }
}
const serverPid = async (): Promise<number> =>
  Number((await readFile(path.join(dataDir, "postmaster.pid"), "utf8")).split("\n")[0]);
/** A zombie has ended: in some containers nobody ever collects it. */
const isAlive = (pid: number): Promise<boolean> =>
  readFile(`/proc/${pid}/stat`, "utf8").then(
    (text) => !/\) [ZX] /.test(text),
    () => false,
  );

type Line = { url?: string; repaired?: string; stopped?: boolean; code?: string; message?: string };
/** The runner in a process of its own; `next` is its next line. */
function run(prefix: readonly string[] = [], env: NodeJS.ProcessEnv = process.env) {
  const [command, ...args] = [...prefix, process.execPath, RUNNER, dataDir];
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"], env });
  children.push(child);
  const lines: Line[] = [];
  child.stdout.on("data", (chunk: Buffer) =>
    lines.push(
      ...chunk
        .toString()
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Line),
    ),
  );
  const next = async (): Promise<Line> => {
    await expect.poll(() => lines.length, { timeout: 60_000 }).toBeGreaterThan(0);
    return lines.shift() ?? {};
  };
  return { child, next };
}

test("gives each test an empty database of its own", async () => {
  const [first, second] = await Promise.all([testDatabase(), testDatabase()]);
  await ask(first.url, "create table only_here ()");
  expect(await ask(second.url, "select to_regclass('only_here') as found")).toEqual({ found: null });
  await Promise.all([first.drop(), second.drop()]);
  await expect(ask(first.url, "select 1")).rejects.toMatchObject({ code: "store.refused" });
});

test("makes a database, keeps it over a stop, and leaves no process", async () => {
  const first = await start({ durable: true });
  await ask(first.url, "create table kept as select 42 as n");
  const pid = await serverPid();
  await first.stop();
  expect(await isAlive(pid)).toBe(false);
  expect(await readdir(folder)).toEqual(["data"]);
  const repairs: string[] = [];
  const second = await start({ durable: true, onRepair: (what) => repairs.push(what) });
  expect(await ask(second.url, "select n from kept")).toEqual({ n: 42 });
  expect(repairs).toEqual([]);
});

test("asks for a password, and knows upper and lower case beyond ASCII", async () => {
  const { url } = await start();
  expect(await ask(url, "select lower('ÅΣ') as low, current_setting('timezone') as zone")).toEqual({
    low: "åσ",
    zone: "UTC",
  });
  const wrong = new URL(url);
  wrong.password = "guess";
  await expect(ask(wrong.href, "select 1")).rejects.toMatchObject({ code: "store.refused" });
  expect((await stat(path.join(dataDir, "sooth-password"))).mode & 0o077).toBe(0);
});

test("starts the server again when it is killed, on the same port, and says so", async () => {
  await fill();
  const repairs: string[] = [];
  const server = await start({ durable: true, onRepair: (what) => repairs.push(what) });
  await ask(server.url, "create table kept as select 1 as n");
  const store = openStore({ url: server.url });
  process.kill(await serverPid(), "SIGKILL");
  await expect
    .poll(() => one(store.db, sql`select n from kept`).catch(() => "away"), { timeout: 60_000 })
    .toEqual({ n: 1 });
  await store.close();
  expect(repairs).toEqual([
    expect.stringContaining("ended unexpectedly"),
    expect.stringContaining("nothing that was committed is lost"),
  ]);
});

test("after its process was killed the next start finds everything there", async () => {
  await fill();
  const { child, next } = run();
  const { url = "" } = await next();
  await ask(url, "create table kept as select 7 as n");
  const pid = await serverPid();
  child.kill("SIGKILL");
  const server = await start();
  expect(await ask(server.url, "select n from kept")).toEqual({ n: 7 });
  expect(await isAlive(pid)).toBe(false);
});

test("after process and server were killed together it repairs, says so, and nothing is lost", async () => {
  await fill();
  const { child, next } = run();
  const { url = "" } = await next();
  await ask(url, "create table kept as select 7 as n");
  const pid = await serverPid();
  process.kill(pid, "SIGKILL");
  child.kill("SIGKILL");
  const repairs: string[] = [];
  const server = await start({ onRepair: (what) => repairs.push(what) });
  expect(await ask(server.url, "select n from kept")).toEqual({ n: 7 });
  expect(repairs).toEqual([expect.stringContaining("nothing that was committed is lost")]);
});

test("a mark that names another program's process does not stop it", async () => {
  await fill();
  await writeFile(path.join(dataDir, "postmaster.pid"), `${process.pid}\n${dataDir}\n`);
  const server = await start();
  expect(await ask(server.url, "select 1 as n")).toEqual({ n: 1 });
});

test("a run that was killed while it made the database leaves nothing in the way", async () => {
  await mkdir(`${dataDir}.new/base`, { recursive: true });
  await writeFile(`${dataDir}.new/PG_VERSION`, "18");
  await writeFile(`${dataDir}.new-password`, "old");
  await mkdir(dataDir);
  const server = await start();
  expect(await ask(server.url, "select 1 as n")).toEqual({ n: 1 });
  expect(await readdir(folder)).toEqual(["data"]);
});

test("a second start on the same folder is refused with the first one's process", async () => {
  const { next } = run();
  const second = next();
  const first = await start().catch((error: unknown) => error);
  const other = await second;
  // Whoever came first; the other must say so, and the winner must work.
  const refused = first instanceof Error ? first : other;
  expect(refused).toMatchObject({ code: "store.folder_in_use" });
  expect(refused.message).toMatch(/is in use by process [1-9]\d*: stop that one first/);
  const url = first instanceof Error ? other.url : (first as EmbeddedPostgres).url;
  expect(await ask(url ?? "", "select 1 as n")).toEqual({ n: 1 });
});

test("a port that is taken is told, and the folder is let go", async () => {
  await fill();
  const blocker = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => blocker.once("listening", resolve));
  const { port } = blocker.address() as net.AddressInfo;
  await expect(start({ port })).rejects.toMatchObject({ code: "store.port_busy", data: { port } });
  await new Promise((resolve) => blocker.close(resolve));
  expect((await start({ port })).port).toBe(port);
});

test.each([
  ["zeroed control file", () => writeFile(path.join(dataDir, "global/pg_control"), Buffer.alloc(8192))],
  ["a missing version", () => rm(path.join(dataDir, "PG_VERSION"))],
  ["another version", () => writeFile(path.join(dataDir, "PG_VERSION"), "12\n")],
  ["a missing password", () => rm(path.join(dataDir, "sooth-password"))],
  ["a file in its place", async () => (await rm(dataDir, { recursive: true }), writeFile(dataDir, "x"))],
])("%s: says what was found and what to do", async (_, damage) => {
  await fill();
  await damage();
  const error = (await start().catch((thrown: unknown) => thrown)) as Error;
  expect(error).toMatchObject({ code: "store.data_corrupt" });
  expect(error.message).toMatch(/cannot be used \(.{8,}\): move that folder away, or start with --fresh/);
});

test.runIf(nobodyReads)("runs as an ordinary user", async () => {
  await chown(folder, NOBODY, NOBODY);
  const { child, next } = run(asNobody);
  const { url = "" } = await next();
  expect(await ask(url, "select 1 as n")).toEqual({ n: 1 });
  expect((await stat(`/proc/${await serverPid()}`)).uid).toBe(NOBODY);
  child.stdin.end();
  expect(await next()).toEqual({ stopped: true });
});

test.runIf(nobodyReads)("an ordinary user who may not write there is told so", async () => {
  const { next } = run(asNobody);
  const { code, message } = await next();
  expect(code).toBe("store.folder_denied");
  expect(message).toContain("make the folder writable for this user");
});

test.runIf(isRoot)("root keeps the files, seen as nobody inside a user namespace", async () => {
  const { url } = await start();
  expect(await ask(url, "select 1 as n")).toEqual({ n: 1 });
  expect((await stat(path.join(dataDir, "PG_VERSION"))).uid).toBe(0);
});

test.runIf(nobodyReads)("root becomes nobody where user namespaces are forbidden", async () => {
  const tools = path.join(folder, "tools");
  await mkdir(tools);
  await writeFile(path.join(tools, "unshare"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  const { child, next } = run([], { ...process.env, PATH: `${tools}:${process.env.PATH}` });
  const { url = "" } = await next();
  expect(await ask(url, "select 1 as n")).toEqual({ n: 1 });
  const pid = await serverPid();
  expect((await stat(`/proc/${pid}`)).uid).toBe(NOBODY);
  child.kill("SIGKILL");
  await expect.poll(() => isAlive(pid)).toBe(false);
});
