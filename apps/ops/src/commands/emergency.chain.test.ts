import { guardAbi, settlerAbi } from "@sooth/abi";
import type { Chain } from "@sooth/chain";
import { type Address, at } from "@sooth/kernel";
import { loadConfig, startStack, type Stack } from "@sooth/server";
import { Keystore } from "ox";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { privateKeyToAddress } from "viem/accounts";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { runCommand } from "../cli/run.ts";
import { recordFile } from "../emergency/record.ts";
import { COMMANDS } from "./index.ts";

/** The first key of a local node, which is a laptop's guardian, and one that is nobody's. */
const GUARDIAN = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const STRANGER = `0x${"77".repeat(32)}` as const;
const QUESTION = `0x${"ab".repeat(32)}`;

const dataDir = mkdtempSync(path.join(tmpdir(), "sooth-emergency-"));
let stack: Stack;
beforeAll(async () => {
  for (const key of ["DATABASE_URL", "HUB_RPC_URLS", "GUARDIAN_KEY"]) vi.stubEnv(key, undefined);
  stack = await startStack({
    config: loadConfig({ SOOTH_DATA_DIR: dataDir, SOOTH_PORT: "0" }),
    freePorts: true,
    durable: false,
    exchanges: false,
    providers: [],
  });
}, 180_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await stack.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function ops(...argv: string[]) {
  const lines: string[] = [];
  const complaints: string[] = [];
  const code = await runCommand(["emergency", ...argv, "--data-dir", dataDir], COMMANDS, {
    line: (text = "") => lines.push(text),
    result: (value) => lines.push(JSON.stringify(value)),
    complain: (text) => complaints.push(text),
  });
  return { code, text: lines.join("\n"), complaint: complaints.join("\n") };
}
const lastPause = () =>
  stack.hub.client.readContract({
    address: stack.addresses.guard,
    abi: guardAbi,
    functionName: "lastPause",
  });
const entries = () =>
  readFileSync(recordFile(dataDir), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
function keystoreOf(key: `0x${string}`, name: string): string[] {
  const [file, passwordFile] = [path.join(dataDir, name), path.join(dataDir, `${name}.password`)];
  const [derived, options] = Keystore.scrypt({ password: "open", n: 1_024 });
  writeFileSync(file, JSON.stringify(Keystore.encrypt(key, derived, options)));
  writeFileSync(passwordFile, "open\n", { mode: 0o600 });
  return ["--keystore", file, "--password-file", passwordFile];
}
const PAUSE = ["pause", "--hours", "1", "--why", "a wrong answer"];

test("in calm it says that there is nothing to do, and what is not due is not sent", async () => {
  const { code, text } = await ops("status");
  expect(code).toBe(0);
  expect(text).toMatch(/^pause +none, and none before$/m);
  expect(text).toMatch(/^value +0 in one hour \(0 answers\), limit 1,000,000$/m);
  expect(text).toMatch(/next: nothing: no event waits, nothing is near its limit$/);
  for (const argv of [
    ["hold", "--all", "--yes"],
    ["trip", "--yes"],
  ])
    expect(await ops(...argv)).toMatchObject({ complaint: expect.stringContaining("[ops.not_due]") });
  expect(existsSync(recordFile(dataDir))).toBe(false);
});

test("without --yes nothing is sent, and it is told what would be", async () => {
  const { code, text } = await ops(...PAUSE);
  expect(code).toBe(0);
  expect(text).toContain(`calls ${stack.addresses.guard} with`);
  expect(text).toContain("nothing was sent: it would go through now; --yes sends it");
  expect(await lastPause()).toEqual([0, 0]);
  expect(existsSync(recordFile(dataDir))).toBe(false);
});

const refused = async (complaint: string, ...argv: string[]) =>
  expect(await ops(...argv, "--yes")).toMatchObject({
    code: expect.not.toSatisfy((code: number) => code === 0) as number,
    complaint: expect.stringContaining(complaint) as string,
  });

test("too many hours, another's key, another chain, an open password and a wrong one are refused by a code", async () => {
  await refused("the guard allows 72 hours at most", "pause", "--hours", "72.5", "--why", "x");
  const stranger = keystoreOf(STRANGER, "stranger.json");
  await refused("[ops.not_guardian]", ...PAUSE, ...stranger);
  vi.stubEnv("GUARDIAN_KEY", STRANGER);
  await refused("[ops.not_guardian]", ...PAUSE);
  vi.stubEnv("GUARDIAN_KEY", undefined);
  chmodSync(at(stranger, 3), 0o644);
  await refused("[ops.open_to_others]", ...PAUSE, ...stranger);
  chmodSync(at(stranger, 3), 0o600);
  writeFileSync(at(stranger, 3), "wrong");
  await refused("[ops.bad_keystore]", ...PAUSE, ...stranger);
  await refused("[ops.no_key]", ...PAUSE, "--keystore", at(stranger, 1));
  const ports = JSON.parse(readFileSync(path.join(dataDir, "ports.json"), "utf8")) as { rollupA: number };
  vi.stubEnv("HUB_RPC_URLS", `http://127.0.0.1:${ports.rollupA}`);
  await refused("wrong_chain]", ...PAUSE);
  vi.stubEnv("HUB_RPC_URLS", undefined);
  expect(await lastPause()).toEqual([0, 0]);
});

test("the guardian pauses once; who, when and which transaction are written down, and the next one is refused", async () => {
  const { code, text, complaint } = await ops(
    ...PAUSE,
    "--yes",
    "--who",
    "ann",
    ...keystoreOf(GUARDIAN, "guardian.json"),
  );
  expect({ code, complaint }).toEqual({ code: 0, complaint: "" });
  expect(text).toMatch(/^pause for 3600 s: in block \d+ \(.*\), transaction 0x[0-9a-f]{64}$/m);
  expect(text).toMatch(/^pause +number 1, until .* \(60 min left\)$/m);
  expect(text).toContain("next: use the pause: object to every wrong answer before");
  const [number, until] = await lastPause();
  expect(number).toBe(1);
  const told = entries();
  expect(told.map(({ state }) => state)).toEqual(["sent", "mined"]);
  expect(told[1]).toMatchObject({
    who: "ann",
    why: "a wrong answer",
    chainId: 31_337,
    account: privateKeyToAddress(GUARDIAN),
    to: stack.addresses.guard,
    transaction: told[0]?.["transaction"],
  });
  expect((told[1]?.["chainTime"] as number) + 3_600).toBeGreaterThanOrEqual(until);

  const again = await ops(...PAUSE, "--yes");
  expect(again.complaint).toContain("[ops.refused]");
  expect(again.complaint).toContain(`Guard_TooSoon(${until + 72 * 3_600})`);
  expect(entries().at(-1)).toMatchObject({ state: "refused", transaction: null });
});

test("in a pause anybody holds; what the tables know of is held already", async () => {
  vi.stubEnv("GUARDIAN_KEY", GUARDIAN);
  expect((await ops("hold", "--all")).complaint).toContain("the pause was added to every answer");
  const { text } = await ops("hold", QUESTION, "--yes", "--json");
  expect(JSON.parse(text)).toMatchObject({ sent: true, steps: [{ action: "hold 1 answers" }] });
  vi.stubEnv("GUARDIAN_KEY", undefined);
  expect((await ops("hold", "0x12")).complaint).toContain("[ops.bad_argument]");
});

const BUNDLES = ["pause", "bundles", "--hours", "2", "--why", "a hole in an escrow"];
const pausedUntil = (chain: Chain, address: Address) =>
  chain.client.readContract({ address, abi: settlerAbi, functionName: "pausedUntil" });

test("the guardian pauses hub, settlers and escrows, a chain or all; another's key and a second pause are refused", async () => {
  const { bundleHub, settler, escrow } = stack.addresses;
  const [a, b] = [at(stack.rollups, 0), at(stack.rollups, 1)];
  const chainA = String(a.definition.id);
  expect((await ops("status")).text).toMatch(/^escrow on chain 31338 +as usual$/m);

  const stranger = await ops(...BUNDLES, "--yes", ...keystoreOf(STRANGER, "other.json"));
  expect(stranger.code).toBe(1);
  expect(stranger.text.match(/^NOT pause the .*\[ops\.not_guardian\]$/gm)).toHaveLength(7);
  vi.stubEnv("GUARDIAN_KEY", GUARDIAN);
  const shown = await ops(...BUNDLES, "--chain", chainA);
  expect([shown.code, shown.text]).toEqual([0, expect.stringContaining("nothing was sent")]);
  expect(shown.text.match(/^would pause the /gm)).toHaveLength(2);
  expect(await pausedUntil(a, settler)).toBe(0);

  const one = await ops(...BUNDLES, "--chain", chainA, "--yes");
  expect([one.code, one.complaint]).toEqual([0, ""]);
  for (const contract of [settler, escrow]) expect(await pausedUntil(a, contract)).toBeGreaterThan(0);
  expect(await pausedUntil(b, settler)).toBe(0);
  expect(entries().at(-1)).toMatchObject({
    state: "mined",
    chainId: a.definition.id,
    why: "a hole in an escrow",
  });

  // What is paused already keeps nothing else from it.
  const all = await ops(...BUNDLES, "--yes");
  expect(all.code).toBe(1);
  expect(all.text.match(/^NOT pause the .* on chain 31338 .*Brake_TooSoon/gm)).toHaveLength(2);
  const ours: [Chain, Address][] = [stack.hub, b].flatMap(
    (chain) =>
      [
        [chain, settler],
        [chain, escrow],
      ] as [Chain, Address][],
  );
  for (const [chain, contract] of [...ours, [stack.hub, bundleHub] as const])
    expect(await pausedUntil(chain, contract)).toBeGreaterThan(0);
  expect((await ops("status")).text.match(/ on chain \d+ +paused until /g)).toHaveLength(7);
  vi.stubEnv("GUARDIAN_KEY", undefined);
  expect((await ops(...BUNDLES, "--chain", "10")).complaint).toContain("[ops.not_due]");
});
