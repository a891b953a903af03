import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { at } from "@sooth/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfig } from "./config.ts";
import { privateKeyOf } from "./laptop/accounts.ts";
import { startStack, type Stack } from "./stack.ts";

// The examples of bundles in the client's package, run as anybody would run them, each in a process of its own.
const folder = mkdtempSync(path.join(tmpdir(), "sooth-bundle-examples-"));
const EXAMPLES = path.resolve(import.meta.dirname, "../../../packages/client/examples");
const SHOP = "0x000000000000000000000000000000000000bEEF";
let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    config: loadConfig({ SOOTH_DATA_DIR: folder, SOOTH_PORT: "0" }),
    freePorts: true,
    durable: false,
  });
}, 120_000);
afterAll(async () => {
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What an example prints: a JSON object a line. */
async function example(name: string, ...args: string[]): Promise<Record<string, unknown>[]> {
  const script = path.join(EXAMPLES, name);
  const { stdout } = await promisify(execFile)(process.execPath, [script, stack.url, ...args], {
    timeout: 150_000,
  });
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
const keyOf = (user: number): string => privateKeyOf(at(stack.accounts?.users ?? [], user).account);

test("two swap between rollups: one signed once, the other took half", { timeout: 200_000 }, async () => {
  const [opened, ended] = await example("swap-on-two-rollups.ts", keyOf(0), keyOf(1));
  expect(opened).toMatchObject({
    bundle: expect.stringMatching(/^0x/),
    promises: expect.arrayContaining(["P4"]),
  });
  // 50 of 100 for which 99 are wanted.
  expect(ended).toMatchObject({ ended: "completed", makerGot: "49500000", takerGot: "50000000" });
});

test("what is minted on one rollup is paid on the other", { timeout: 200_000 }, async () => {
  const [, ended] = await example("mint-here-pay-there.ts", keyOf(2), SHOP);
  expect(ended).toEqual({
    ended: "completed",
    // The compensation was not needed.
    legs: ["ok", "ok", expect.stringMatching(/none|cancelled/)],
    minted: "10000000000",
    shopGot: "25000000",
  });
});

test("a chain of three runs while its condition holds", { timeout: 200_000 }, async () => {
  const [, ended] = await example("three-legs-with-a-condition.ts", keyOf(3), SHOP, "1");
  expect(ended).toMatchObject({ ended: "completed" });
});
