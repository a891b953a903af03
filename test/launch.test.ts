import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

// A project without dependencies, pinned to the Node that runs this test: npm has nothing to fetch, so these tests
// need no network. What a real installation does is seen by every clean checkout.
const scripts = path.resolve(import.meta.dirname, "../scripts");
const APP = `
  const [mode] = process.argv.slice(2);
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => { console.log("got " + signal); process.exit(0); });
  console.log("app " + process.pid);
  if (mode === "exit") process.exit(7);
  if (mode === "wait") setInterval(() => {}, 1000);
`;
let root: string;
const started: ChildProcess[] = [];

beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), "sooth-launch-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

async function project(name: string, manifest: object = {}): Promise<string> {
  const folder = path.join(root, name);
  await mkdir(path.join(folder, "runtime"), { recursive: true });
  await mkdir(path.join(folder, "apps/server"), { recursive: true });
  await mkdir(path.join(folder, "packages"));
  await cp(path.join(scripts, "launch.mjs"), path.join(folder, "scripts/launch.mjs"));
  await cp(path.join(scripts, "launch"), path.join(folder, "scripts/launch"), { recursive: true });
  const version = process.versions.node;
  await writeFile(
    path.join(folder, "runtime/package.json"),
    JSON.stringify({ version, optionalDependencies: {} }),
  );
  await writeFile(path.join(folder, "package.json"), JSON.stringify({ name, private: true, ...manifest }));
  await writeFile(path.join(folder, "app.mjs"), APP);
  return folder;
}

function launch(folder: string, mode: string, env: NodeJS.ProcessEnv = {}, flags: readonly string[] = []) {
  const child = spawn(process.execPath, [...flags, "scripts/launch.mjs", "app.mjs", mode], {
    cwd: folder,
    env: { ...process.env, npm_config_cache: path.join(root, "cache"), npm_lifecycle_event: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said.err += chunk.toString()));
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.on("close", (code, signal) => resolve({ code, signal })),
  );
  const appPid = async (): Promise<number> => {
    await expect.poll(() => said.out, { timeout: 20_000 }).toMatch(/^app \d+/);
    return Number(said.out.split(/\s/)[1]);
  };
  return { child, said, ended, appPid };
}
const isAlive = (pid: number): Promise<boolean> =>
  readFile(`/proc/${pid}/stat`, "utf8").then(
    (text) => !/\) [ZX] /.test(text),
    () => false,
  );

test("two starts at once: one installs, the other waits, both run; later ones install nothing", async () => {
  const folder = await project("twice");
  const both = [launch(folder, "exit"), launch(folder, "exit")];
  expect(await Promise.all(both.map(({ ended }) => ended))).toEqual([
    { code: 7, signal: null },
    { code: 7, signal: null },
  ]);
  const said = both.map(({ said }) => said.err).toSorted();
  expect(said[0]).toContain("installing dependencies, about a minute the first time");
  expect(said[1]).toBe("[setup] waiting for another installation of this folder to end\n");
  const third = launch(folder, "exit");
  expect(await third.ended).toEqual({ code: 7, signal: null });
  expect(third.said.err).toBe("");
});

test("an installation that was cut off is thrown away and begun anew", async () => {
  const folder = await project("cut");
  await mkdir(path.join(folder, "node_modules/half"), { recursive: true });
  await writeFile(path.join(folder, "node_modules/half/package.json"), "{}");
  await writeFile(path.join(folder, "node_modules/.sooth-unfinished"), "");
  const { ended, said } = launch(folder, "exit");
  expect((await ended).code).toBe(7);
  expect(said.err).toContain("an earlier installation was cut off: starting it anew");
  await expect(readFile(path.join(folder, "node_modules/half/package.json"))).rejects.toMatchObject({
    code: "ENOENT",
  });
});

test("a changed manifest is installed again", async () => {
  const folder = await project("changed");
  await launch(folder, "exit").ended;
  await writeFile(
    path.join(folder, "package.json"),
    JSON.stringify({ name: "changed", private: true, version: "2.0.0" }),
  );
  const { ended, said } = launch(folder, "exit");
  await ended;
  expect(said.err).toContain("installing dependencies");
});

test.each(["SIGTERM", "SIGINT"] as const)("%s reaches the app once, and its end is ours", async (signal) => {
  const { child, said, ended, appPid } = launch(await project(`signal-${signal}`), "wait");
  const pid = await appPid();
  // npm hands on what the terminal has sent already.
  child.kill(signal);
  child.kill(signal);
  expect(await ended).toEqual({ code: 0, signal: null });
  expect(said.out.match(/got SIG\w+/g)).toEqual([`got ${signal}`]);
  expect(await isAlive(pid)).toBe(false);
});

test("a launcher that is killed takes the app with it", async () => {
  const { child, appPid } = launch(await project("killed"), "wait");
  const pid = await appPid();
  child.kill("SIGKILL");
  await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false);
});

test("an app that is killed is told by the same signal", async () => {
  const { ended, appPid } = launch(await project("app-killed"), "wait");
  process.kill(await appPid(), "SIGKILL");
  expect(await ended).toEqual({ code: null, signal: "SIGKILL" });
});

test("the command of the repository goes through the same launcher, from any folder", async () => {
  const folder = await project("command");
  const bin = path.join(folder, "apps/ops/bin");
  await mkdir(path.join(folder, "apps/ops/src"), { recursive: true });
  await cp(path.resolve(scripts, "../apps/ops/bin"), bin, { recursive: true });
  await writeFile(
    path.join(folder, "apps/ops/package.json"),
    JSON.stringify({ name: "ops", type: "module", bin: { sooth: "./bin/sooth.mjs" } }),
  );
  await writeFile(
    path.join(folder, "apps/ops/src/main.ts"),
    "console.log(JSON.stringify([process.cwd(), ...process.argv.slice(2)]))",
  );
  const child = spawn(path.join(bin, "sooth.mjs"), ["verify", "question", "0x12"], {
    cwd: os.tmpdir(),
    env: { ...process.env, npm_config_cache: path.join(root, "cache"), npm_lifecycle_event: "" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  started.push(child);
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
  expect(JSON.parse(said)).toEqual([folder, "verify", "question", "0x12"]);
});

test("a registry that cannot be reached is told in one sentence", async () => {
  const folder = await project("offline", { dependencies: { "left-pad": "1.3.0" } });
  const env = { npm_config_registry: "http://127.0.0.1:1/", npm_config_fetch_retries: "0" };
  const { ended, said } = launch(folder, "exit", env);
  expect((await ended).code).toBe(1);
  expect(said.err.trim().split("\n").at(-1)).toMatch(
    /^\[setup\] The npm registry cannot be reached: .*try again\.$/,
  );
});

test("a machine without npm is told where to get it", async () => {
  const folder = await project("no-npm");
  const { ended, said } = launch(folder, "exit", { npm_execpath: "", PATH: root });
  expect((await ended).code).toBe(1);
  expect(said.err).toContain("npm was not found: install Node with npm");
});

test.each([
  [
    "16.20.2",
    /^\[setup\] This is Node 16\.20\.2, and the installer needs 18 or newer: install a current Node/,
  ],
  ["20.1.0", /^\[setup\] Sooth needs Node \d+ on \S+, and this is 20\.1\.0: install Node/],
])("Node %s, where none can be installed, is told what to do", async (version, sentence) => {
  const fake = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`;
  const flags = ["--import", `data:text/javascript,${encodeURIComponent(fake)}`];
  const { ended, said } = launch(await project(`node-${version}`), "exit", {}, flags);
  expect((await ended).code).toBe(1);
  expect(said.err).toMatch(sentence);
});
