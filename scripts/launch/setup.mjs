import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { lockSetup } from "./lock.mjs";
import { npmInstall } from "./npm.mjs";
import { say } from "./say.mjs";
import { sayAndStop, sentenceFor } from "./sentence.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const at = (...parts) => path.join(root, ...parts);
const pinned = JSON.parse(readFileSync(at("runtime/package.json"), "utf8"));
// Bytes on the disk. Measured: Node 190 MB, packages 560 MB.
const ROOM = { runtime: 2.5e8, ".": 7e8 };
const ROOM_FOR_CHANGES = 1e8;
const ROOM_LEFT = 2e7;
const platform = `${process.platform}-${process.arch}`;

/** Installs what is missing, once, however many start at the same time. Returns the Node to run Sooth with. */
export async function setUp() {
  const node = pinnedNode();
  if (isReady(node)) return node;
  try {
    const unlock = await lockSetup(root, () => say("waiting for another installation of this folder to end"));
    if (!isReady(node)) await install(node);
    unlock();
  } catch (error) {
    const sentence = sentenceFor(error.code, root);
    throw sentence ? sayAndStop(sentence, error) : error;
  }
  return node;
}

/** This process's own Node where it will do, else the one that npm has for this platform. */
function pinnedNode() {
  const [major, minor, patch] = pinned.version.split(".").map(Number);
  const own = process.versions.node.split(".").map(Number);
  const sameLine = own[0] === major && (own[1] > minor || (own[1] === minor && own[2] >= patch));
  if (sameLine) return process.execPath;
  if (`node-${platform}` in pinned.optionalDependencies)
    return at("runtime/node_modules", `node-${platform}`, "bin/node");
  // No build to install: a newer Node of the user's is the next best thing.
  if (own[0] > major) return process.execPath;
  throw sayAndStop(
    `Sooth needs Node ${major} on ${platform}, and this is ${process.versions.node}: ` +
      `install Node ${pinned.version} or newer from https://nodejs.org, then try again.`,
  );
}

async function install(node) {
  if (!hasNode(node)) {
    say(`installing Node ${pinned.version} (this machine has ${process.versions.node})`);
    await installInto("runtime", process.execPath);
    if (!hasNode(node))
      throw sayAndStop(
        `npm did not bring Node ${pinned.version} for ${platform}: install it from https://nodejs.org, then try again.`,
      );
  }
  if (hasDependencies()) return;
  say("installing dependencies, about a minute the first time");
  const began = Date.now();
  await installInto(".", node);
  linkPostgres(node);
  writeFileSync(at("node_modules", ".sooth-installed.new"), fingerprint());
  renameSync(at("node_modules", ".sooth-installed.new"), installedMark());
  say(`dependencies are installed (${Math.round((Date.now() - began) / 1000)} s)`);
}

// npm takes a package that was unpacked half-way for a whole one. So an installation that did not end is thrown away.
async function installInto(folder, node) {
  const modules = at(folder, "node_modules");
  const unfinished = path.join(modules, ".sooth-unfinished");
  if (existsSync(unfinished)) {
    say("an earlier installation was cut off: starting it anew");
    rmSync(modules, { recursive: true, force: true });
  }
  needRoom(existsSync(modules) ? ROOM_FOR_CHANGES : ROOM[folder]);
  mkdirSync(modules, { recursive: true });
  writeFileSync(unfinished, "");
  await npmInstall({ node, folder: at(folder), root });
  // npm drops an optional package that did not fit, and says nothing.
  needRoom(ROOM_LEFT);
  rmSync(unfinished);
}

function needRoom(bytes) {
  // Node 18 before 18.15 cannot ask.
  if (!fs.statfsSync) return;
  const { bavail, bsize } = fs.statfsSync(root);
  if (bavail * bsize < bytes) throw Object.assign(new Error("no room"), { code: "ENOSPC" });
}

const installedMark = () => at("node_modules/.sooth-installed");
const isReady = (node) => hasNode(node) && hasDependencies();
const hasDependencies = () =>
  existsSync(installedMark()) && readFileSync(installedMark(), "utf8") === fingerprint();

function hasNode(node) {
  if (node === process.execPath) return true;
  const manifest = path.resolve(path.dirname(node), "../package.json");
  const unfinished = at("runtime/node_modules/.sooth-unfinished");
  if (!existsSync(node) || !existsSync(manifest) || existsSync(unfinished)) return false;
  return JSON.parse(readFileSync(manifest, "utf8")).version === pinned.version;
}

/** Changes whenever what ought to be installed does. */
function fingerprint() {
  const workspaces = ["apps", "packages"].flatMap((group) =>
    readdirSync(at(group))
      // oxlint-disable-next-line unicorn/no-array-sort -- toSorted came with Node 20
      .sort()
      .map((name) => path.join(group, name, "package.json")),
  );
  const hash = createHash("sha256").update(`${platform} ${pinned.version}\n`);
  for (const file of ["package.json", "package-lock.json", ...workspaces].filter((name) =>
    existsSync(at(name)),
  ))
    hash.update(`${file}\n`).update(readFileSync(at(file)));
  return hash.digest("hex");
}

// What the package's install script would do. Done now, because later the folder may be read-only. A platform without
// Postgres is no error here: with DATABASE_URL none is needed, and without it the start says so.
function linkPostgres(node) {
  const code = 'import { postgresBinaries } from "@sooth/store/embedded"; postgresBinaries();';
  spawnSync(node, ["--input-type=module", "--eval", code], { cwd: at("apps/server"), stdio: "ignore" });
}
