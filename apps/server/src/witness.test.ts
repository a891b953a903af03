import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { logger } from "@sooth/runtime";
import { expect, onTestFinished, test } from "vitest";
import { loadConfig } from "./config.ts";
import { witnessOf } from "./witness.ts";

async function witnessWith(settings: Record<string, string>) {
  const folder = await mkdtemp(path.join(os.tmpdir(), "sooth-witness-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const config = loadConfig({ SOOTH_DATA_DIR: folder, ...settings });
  return { folder, config, model: await witnessOf(config, logger("test")) };
}

test("without a key a provider is no witness", async () => {
  expect((await witnessWith({})).model).toBe(undefined);
});

test("with a key it declares its model and family, and a spent day's budget asks nobody", async () => {
  const { folder, model } = await witnessWith({
    PROVIDER_WITNESS_KEY: "sk-none",
    PROVIDER_WITNESS_URL: "http://127.0.0.1:1",
    PROVIDER_WITNESS_DAILY_DOLLARS: "0",
    PROVIDER_WITNESS_CONFIDENCE: "90",
  });
  expect(model).toMatchObject({ model: "claude-sonnet-5-5", family: "claude", minConfidence: 90 });
  const said = await model?.ask({ system: "s", user: "u" }, new AbortController().signal);
  expect(said).toEqual({ said: false, why: "the witness has spent what it may in a day", spent: true });
  // A refusal writes nothing: the folder is there for the ledger to come.
  expect((await stat(path.join(folder, "providers"))).isDirectory()).toBe(true);
});

test("a node of a key has a ledger of its own, which no other process writes", async () => {
  const { folder } = await witnessWith({
    PROVIDER_WITNESS_KEY: "sk-none",
    PROVIDER_KEY: `0x${"1".repeat(64)}`,
  });
  expect(await readdir(path.join(folder, "nodes"))).toHaveLength(1);
  await expect(stat(path.join(folder, "providers"))).rejects.toThrow("ENOENT");
});

test("prices and caps that are no dollars are refused by name", () => {
  expect(() => loadConfig({ PROVIDER_WITNESS_DAILY_DOLLARS: "five" })).toThrow(
    /PROVIDER_WITNESS_DAILY_DOLLARS/,
  );
});

test("a process' providers and its watcher have one witness, and one budget", async () => {
  const { config, model } = await witnessWith({ PROVIDER_WITNESS_KEY: "sk-none" });
  expect(model).toBeDefined();
  expect(await witnessOf(config, logger("test"))).toBe(model);
});
