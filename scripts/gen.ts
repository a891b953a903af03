/**
 * Writes every generated file from its source, in the order of their dependence. With `--check` the files are left as
 * they are, and those that would change are listed; the exit code is then 1.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { configPage, envExample, errorsPage, metricsPage } from "./gen/documents.ts";
import { differences, restore, snapshot, writeFile } from "./gen/files.ts";

type Step = {
  name: string;
  /** Files and folders that the step writes; whole folders are compared. */
  writes: readonly string[];
  run: () => Promise<void>;
};

const root = path.resolve(import.meta.dirname, "..");
const at = (file: string): string => path.join(root, file);

// Packages are imported inside the steps: the first step writes the ABI that they load.
const STEPS: readonly Step[] = [
  {
    name: "contract interfaces",
    writes: ["packages/abi/src", "contracts/snapshots/abi", "contracts/snapshots/storage"],
    run: async () => run(process.execPath, [at("scripts/gen-abi.ts")]),
  },
  {
    name: "vectors for both languages",
    writes: ["vectors"],
    run: async () => run(process.execPath, [at("scripts/gen-vectors.ts")]),
  },
  { name: "local deployments", writes: ["deployments"], run: writeDeployments },
  { name: "docs/openapi.json", writes: ["docs/openapi.json"], run: writeApiDocument },
  {
    name: "docs/config.md, errors.md, metrics.md, .env.example",
    writes: ["docs/config.md", "docs/errors.md", "docs/metrics.md", ".env.example"],
    run: writeDocuments,
  },
  {
    name: "database schemas",
    writes: ["store", "chain", "sessions", "oracle", "markets", "bundles", "notifications"].map(
      (slice) => `packages/${slice}/schema.sql`,
    ),
    run: writeSchemas,
  },
  { name: "messages of the web app", writes: ["apps/web/src/languages/packs"], run: writeMessages },
  {
    name: "API client",
    writes: ["packages/client/src/generated"],
    run: async () => run(process.execPath, [at("scripts/gen-client.ts")]),
  },
];

async function writeDeployments(): Promise<void> {
  const { localDeploymentFiles } = await import("@sooth/chain");
  for (const { name, text } of localDeploymentFiles()) writeFile(at(`deployments/${name}`), text);
}

async function writeApiDocument(): Promise<void> {
  const { buildApiDocument } = await import("@sooth/server");
  writeFile(at("docs/openapi.json"), `${JSON.stringify(await buildApiDocument(), null, 2)}\n`);
}

async function writeDocuments(): Promise<void> {
  const [{ configShape }, { describeConfig, registry, alerts }, { errorTables }] = await Promise.all([
    import("@sooth/server"),
    import("@sooth/runtime"),
    import("@sooth/kernel"),
  ]);
  const keys = describeConfig(configShape);
  const pages = {
    "docs/config.md": configPage(keys),
    "docs/errors.md": errorsPage(errorTables),
    "docs/metrics.md": await metricsPage(registry, alerts),
  };
  for (const [file, text] of Object.entries(pages)) writeFile(at(file), text);
  run(at("node_modules/.bin/oxfmt"), Object.keys(pages).map(at));
  writeFile(at(".env.example"), envExample(keys));
}

async function writeSchemas(): Promise<void> {
  const [
    store,
    { startEmbeddedPostgres },
    { chainMigrations },
    { sessions },
    { oracle },
    { markets },
    { bundles },
    { notifications },
  ] = await Promise.all([
    import("@sooth/store"),
    import("@sooth/store/embedded"),
    import("@sooth/chain"),
    import("@sooth/sessions"),
    import("@sooth/oracle"),
    import("@sooth/markets"),
    import("@sooth/bundles"),
    import("@sooth/notifications"),
  ]);
  const dataDir = mkdtempSync(path.join(tmpdir(), "sooth-gen-"));
  const postgres = await startEmbeddedPostgres({ dataDir, durable: false });
  const db = store.openStore({ url: postgres.url });
  try {
    const sets = [
      store.storeMigrations,
      chainMigrations,
      ...[sessions, oracle, markets, bundles, notifications].map((slice) => slice.migrations),
    ];
    await store.migrate(db, sets);
    for (const { slice } of sets)
      writeFile(at(`packages/${slice}/schema.sql`), await store.dumpSchema(db, slice));
  } finally {
    await db.close();
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** New messages come into every pack untranslated, and what no page says any more goes; `npm run check` counts what is missing. */
async function writeMessages(): Promise<void> {
  run(at("node_modules/.bin/lingui"), [
    "extract",
    "--clean",
    "--overwrite",
    "--workers",
    "1",
    "--config",
    at("apps/web/lingui.config.ts"),
  ]);
}

function run(command: string, args: readonly string[]): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: "utf8" });
  if (error) throw error;
  if (status !== 0) throw new Error(`${[command, ...args].join(" ")} failed:\n${stdout}${stderr}`);
}

async function main(): Promise<number> {
  const check = process.argv.includes("--check");
  const places = STEPS.flatMap((step) => step.writes);
  const before = snapshot(root, places);
  try {
    for (const step of STEPS) {
      console.log(`gen: ${step.name}`);
      await step.run();
    }
  } catch (error) {
    if (check) restore(root, before, snapshot(root, places));
    throw error;
  }
  const after = snapshot(root, places);
  const changed = differences(before, after);
  if (!check) {
    console.log(changed.length === 0 ? "gen: nothing changed" : `gen: ${changed.length} files changed`);
    return 0;
  }
  restore(root, before, after);
  if (changed.length === 0) return 0;
  console.error(`\nThese files are not what \`npm run gen\` writes; run it and commit them:\n`);
  for (const line of changed) console.error(`  ${line}`);
  return 1;
}

process.exit(await main());
