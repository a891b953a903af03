import { startAnvil } from "@sooth/chain/local-node";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { runCommand } from "../cli/run.ts";
import { deployApply, deployPlan } from "../commands/deploy.ts";

// The first key of the test mnemonic that every local node funds.
const KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const TREASURY = "0x8626f6940e2eb28930efb4cef49b2d1f2c9c1199";
const DEPLOYER = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const WHO = ["--deployer", DEPLOYER, "--guardian", DEPLOYER, "--proposer", DEPLOYER, "--treasury", TREASURY];

afterEach(() => vi.unstubAllEnvs());

async function run(...argv: string[]): Promise<{ code: number; said: string }> {
  const said: string[] = [];
  const line = (text = "") => void said.push(text);
  const terminal = { line, complain: line, result: (value: unknown) => line(JSON.stringify(value)) };
  const code = await runCommand(argv, [deployPlan, deployApply], terminal);
  return { code, said: said.join("\n") };
}

test("a plan tells what is missing, applying it brings it, and applying again changes nothing", async () => {
  const anvil = await startAnvil({ chainId: 31_337 });
  const folder = mkdtempSync(path.join(tmpdir(), "sooth-deploy-"));
  try {
    vi.stubEnv("HUB_RPC_URLS", anvil.rpcUrl);
    vi.stubEnv("DEPLOYER_KEY", KEY);
    const before = await run("deploy", "plan", ...WHO);
    expect(before.code).toBe(0);
    expect(before.said.match(/ missing/g)).toHaveLength(26);
    const first = await run("deploy", "apply", ...WHO, "--folder", folder);
    expect(first).toMatchObject({ code: 0, said: expect.stringContaining("deployed ") });
    const book = readFileSync(path.join(folder, "31337.json"), "utf8");
    const second = await run("deploy", "apply", ...WHO, "--folder", folder);
    expect(second).toMatchObject({ code: 0, said: expect.stringContaining("everything was there") });
    const again = JSON.parse(readFileSync(path.join(folder, "31337.json"), "utf8")) as { addresses: unknown };
    expect(again.addresses).toEqual((JSON.parse(book) as { addresses: unknown }).addresses);
    expect((await run("deploy", "plan", ...WHO)).said.match(/ there/g)).toHaveLength(26);
    const other = await run("deploy", "plan", ...WHO, "--min-stake", "2000.5");
    expect(other.said).toMatch(/minStake +2000500000/);
    expect(other.said.match(/ missing/g)).toHaveLength(18);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await anvil.stop();
  }
});

test("what is not given is told in one sentence", async () => {
  vi.stubEnv("HUB_RPC_URLS", "");
  vi.stubEnv("DEPLOYER_KEY", "");
  const plan = await run("deploy", "plan", ...WHO);
  // A local chain has the laptop's beacon, one of the public drand's.
  expect(plan.said).toMatch(/beaconKey +0x14af17ca/);
  vi.stubEnv("HUB_CHAIN_ID", "1");
  const onEthereum = await run("deploy", "plan", ...WHO);
  expect(onEthereum.said).toMatch(/beaconKey +0x07e1d1d3/);
  expect(onEthereum.said).toMatch(/beaconGenesis +1727521075/);
  vi.stubEnv("HUB_CHAIN_ID", "");
  expect(plan).toMatchObject({ code: 0, said: expect.stringContaining("not asked") });
  expect(await run("deploy", "plan")).toMatchObject({
    code: 2,
    said: expect.stringContaining("--treasury: is wanted"),
  });
  expect((await run("help", "deploy", "plan")).said).toMatch(/--provider-share-bps N/);
  expect(await run("deploy", "plan", "--treasury", "0x12")).toMatchObject({ code: 2 });
  expect((await run("deploy", "apply", ...WHO)).said).toMatch(/HUB_RPC_URLS is not set/);
  vi.stubEnv("HUB_RPC_URLS", "http://127.0.0.1:1");
  expect((await run("deploy", "apply", ...WHO)).said).toMatch(/DEPLOYER_KEY is not set/);
  vi.stubEnv("DEPLOYER_KEY", KEY);
  vi.stubEnv("HUB_CHAIN_ID", "1");
  expect((await run("deploy", "apply", ...WHO)).said).toMatch(/ethereum holds real money/);
});

test.for([
  ["--opinion-most-stake", "0.4", "opinion-most-stake: is less than the least"],
  ["--opinion-most-seconds", "3600", "opinion-most-seconds: is less than the least"],
  ["--opinion-fee", "100.000001", "opinion-fee: wants 100 at most"],
] as const)("%s %s: no contract would be built", async ([flag, value, why]) => {
  vi.stubEnv("HUB_RPC_URLS", "");
  expect(await run("deploy", "plan", ...WHO, flag, value)).toMatchObject({
    code: 2,
    said: expect.stringContaining(why),
  });
});
