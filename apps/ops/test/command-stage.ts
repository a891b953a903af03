import { testDollarAbi } from "@sooth/abi";
import { type Chain, walletOf } from "@sooth/chain";
import { type Address, at, type Hex, need } from "@sooth/kernel";
import { loadConfig, startStack, type Stack } from "@sooth/server";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { encodeFunctionData } from "viem";
import { afterAll, beforeAll, expect, vi } from "vitest";
import { runCommand } from "../src/cli/run.ts";
import { COMMANDS } from "../src/commands/index.ts";

/** What the faucet of test dollars draws at a time. */
export const FAUCET = 10_000_000_000n;

/** What a machine's environment could say instead. */
const FROM_OUTSIDE = ["DATABASE_URL", "HUB_RPC_URLS", "ROLLUPS", "BUNDLE_KEY", "LAPTOP_COMMITTEE"];

/** A command as it is typed: what it says, and how it ends. */
async function sooth(...argv: string[]) {
  const lines: string[] = [];
  const complaints: string[] = [];
  const code = await runCommand(argv, COMMANDS, {
    line: (text = "") => lines.push(text),
    result: (value) => lines.push(JSON.stringify(value)),
    complain: (text) => complaints.push(text),
  });
  return { code, text: lines.join("\n"), complaint: complaints.join("\n") };
}

/** A network of its own for the tests of a file, with these roles, and commands as they are typed against it. */
export function commandStage({ name, roles }: { name: string; roles: string }) {
  const dataDir = mkdtempSync(path.join(tmpdir(), `sooth-${name}-`));
  let started: Stack | undefined;
  beforeAll(async () => {
    for (const key of FROM_OUTSIDE) vi.stubEnv(key, undefined);
    started = await startStack({
      config: loadConfig({ SOOTH_DATA_DIR: dataDir, SOOTH_PORT: "0", SOOTH_ROLES: roles }),
      freePorts: true,
      durable: false,
      exchanges: false,
    });
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await started?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const stack = (): Stack => need(started, "a network");
  const rollup = (which: 0 | 1): Chain => at(stack().rollups, which);
  const userOf = (user: string) =>
    need(
      stack().accounts?.users.find((each) => each.name === user),
      user,
    ).account;
  const dollar = () => ({ address: stack().addresses.collateral, abi: testDollarAbi }) as const;

  const bundle = (...argv: string[]) => sooth("bundle", ...argv, "--url", stack().url);
  /** Sends from a user's wallet on a rollup, and waits until it stands in a block. */
  async function send(which: 0 | 1, user: string, to: Address, data: Hex, value = 0n): Promise<void> {
    const hash = await walletOf(rollup(which), userOf(user)).sendTransaction({ to, data, value });
    await rollup(which).client.waitForTransactionReceipt({ hash, pollingInterval: 100 });
  }

  return {
    stack,
    inFolder: (file: string) => path.join(dataDir, file),
    sooth,
    bundle,
    /** What is said of a bundle, once it says what is expected. */
    statusSoon: (id: string) =>
      expect.poll(async () => (await bundle("status", id)).text, { timeout: 60_000 }),
    rollup,
    idOf: (which: 0 | 1): number => rollup(which).definition.id,
    userOf,
    dollar,
    balanceOn: (which: 0 | 1, whose: Address): Promise<bigint> =>
      rollup(which).client.readContract({ ...dollar(), functionName: "balanceOf", args: [whose] }),
    send,
    /** Draws test dollars on a rollup; for the user himself when nobody else is named. */
    faucet: (which: 0 | 1, user: string, to: Address = userOf(user).address): Promise<void> => {
      const data = encodeFunctionData({ abi: testDollarAbi, functionName: "faucet", args: [to] });
      return send(which, user, dollar().address, data);
    },
  };
}
