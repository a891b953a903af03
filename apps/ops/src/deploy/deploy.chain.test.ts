import { escrowAbi } from "@sooth/abi";
import { startAnvil } from "@sooth/chain/local-node";
import { need } from "@sooth/kernel";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createPublicClient, http } from "viem";
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

test("limits that are stated once are set on each chain, shown where they differ, and left alone where they do not", async () => {
  const token = "0x00000000000000000000000000000000000000aa";
  const chains = await Promise.all([31_337, 31_338].map((chainId) => startAnvil({ chainId })));
  const [hub, rollup] = [need(chains[0], "hub"), need(chains[1], "rollup")];
  const folder = mkdtempSync(path.join(tmpdir(), "sooth-deploy-"));
  const on = (chainId: number, ...argv: string[]) => {
    vi.stubEnv("HUB_CHAIN_ID", String(chainId));
    vi.stubEnv("HUB_RPC_URLS", (chainId === 31_337 ? hub : rollup).rpcUrl);
    return run("deploy", ...argv, ...WHO, ...(chainId === 31_337 ? [] : ["--role", "rollup"]));
  };
  try {
    vi.stubEnv("DEPLOYER_KEY", KEY);
    vi.stubEnv("BUNDLES_LANES", `31337>31338 ${token} 500, 31338>31337 ${token} 700, 31338 ${token} 900`);
    const lane = `700 units of ${token} an hour on 31338 towards 31337`;
    const all = `900 units of ${token} an hour on 31338`;
    expect((await on(31_338, "plan")).said).toContain(`${lane}: to be set, now 0`);
    const first = await on(31_338, "apply", "--folder", folder);
    expect(first).toMatchObject({ code: 0, said: expect.stringContaining(`setting ${lane}`) });
    const plan = await on(31_338, "plan");
    expect(plan.said).toContain(`${lane}: as stated`);
    expect(plan.said).toContain(`${all}: as stated`);
    // The other chain's limits are none of this one's.
    expect(plan.said).not.toContain("500 units");
    const escrow = need(/Escrow +(0x[0-9a-fA-F]{40})/.exec(plan.said)?.[1], "escrow") as `0x${string}`;
    const client = createPublicClient({ transport: http(rollup.rpcUrl) });
    const room = (functionName: "roomAcross" | "roomFor") =>
      functionName === "roomFor"
        ? client.readContract({ address: escrow, abi: escrowAbi, functionName, args: [token] })
        : client.readContract({ address: escrow, abi: escrowAbi, functionName, args: [31_337n, token] });
    expect([await room("roomAcross"), await room("roomFor")]).toEqual([700n, 900n]);

    const before = await client.getBlockNumber({ cacheTime: 0 });
    const again = await on(31_338, "apply", "--folder", folder);
    expect(again).toMatchObject({ code: 0, said: expect.stringContaining("everything was there") });
    expect(await client.getBlockNumber({ cacheTime: 0 })).toBe(before);

    // One is changed and one is lifted; each differs by itself.
    vi.stubEnv("BUNDLES_LANES", `31338>31337 ${token} 0, 31338 ${token} 900`);
    const changed = await on(31_338, "plan");
    expect(changed.said).toContain(`0 units of ${token} an hour on 31338 towards 31337: to be set, now 700`);
    expect(changed.said).toContain(`${all}: as stated`);
    await on(31_338, "apply", "--folder", folder);
    expect([await room("roomAcross"), await room("roomFor")]).toEqual([2n ** 256n - 1n, 900n]);
    expect(await client.getBlockNumber({ cacheTime: 0 })).toBe(before + 1n);

    // Whoever deploys and does not govern is told what the governor is to send.
    const governed = WHO.map((one, i) => (WHO[i - 1] === "--proposer" ? TREASURY : one));
    vi.stubEnv("BUNDLES_LANES", `31337>31338 ${token} 500`);
    vi.stubEnv("HUB_CHAIN_ID", "31337");
    vi.stubEnv("HUB_RPC_URLS", hub.rpcUrl);
    const left = await run("deploy", "apply", ...governed, "--role", "rollup", "--folder", folder);
    expect(left).toMatchObject({ code: 1, said: expect.stringContaining(`for the governor, ${TREASURY}`) });
    expect(left.said).toContain("to be set, now 0");
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await Promise.all(chains.map((chain) => chain.stop()));
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
