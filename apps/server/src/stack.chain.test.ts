import { oracleAbi } from "@sooth/abi";
import { at, type Hex, need } from "@sooth/kernel";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { generatePrivateKey, privateKeyToAddress } from "viem/accounts";
import { afterAll, expect, test } from "vitest";
import { loadConfig } from "./config.ts";
import { laptopAccounts } from "./laptop/accounts.ts";
import { startStack, type Stack } from "./stack.ts";

const folder = mkdtempSync(path.join(tmpdir(), "sooth-stack-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const start = (
  said: string[] = [],
  more: { settings?: Record<string, string>; fresh?: boolean } = {},
): Promise<Stack> =>
  startStack({
    config: loadConfig({ SOOTH_DATA_DIR: folder, SOOTH_PORT: "0", ...more.settings }),
    freePorts: true,
    fresh: more.fresh ?? false,
    onStep: (text) => said.push(text),
    onRepair: (text) => said.push(`repaired: ${text}`),
  });

const get = async (stack: Stack, where: string) => {
  const response = await fetch(stack.url + where);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

const relayersCredit = ({ hub, addresses, accounts }: Stack) =>
  hub.client.readContract({
    address: addresses.oracle,
    abi: oracleAbi,
    functionName: "creditOf",
    args: [need(accounts, "a laptop's accounts").relayer.address],
  });

test("a laptop starts from nothing, stops, and goes on where it was", { timeout: 120_000 }, async () => {
  const first = await start();
  const network = await get(first, "/v1/network");
  expect(network.status).toBe(200);
  expect(network.body.addresses).toEqual(first.addresses);
  await expect.poll(async () => (await get(first, "/ready")).status, { timeout: 60_000 }).toBe(200);
  const providers = await readUntil(
    async () => (await get(first, "/v1/providers")).body.items as { state: string; domains: number[] }[],
    (items) => items.length === 16,
  );
  // Four that report, and twelve that sit on juries.
  expect(providers.filter(({ domains }) => domains.length > 0)).toHaveLength(4);
  expect(providers.every(({ state }) => state === "active")).toBe(true);
  // Out of this the server objects to silence, so that a newcomer sees the whole way up to a jury.
  expect(first.config.ORACLE_RESOLVE_DEPOSIT).toBe(1_000_000_000n);
  expect(await relayersCredit(first)).toBe(5_000_000_000n);
  const block = await first.hub.client.getBlockNumber();
  await first.stop();

  const said: string[] = [];
  const second = await start(said);
  expect(second.addresses).toEqual(first.addresses);
  expect(await second.hub.client.getBlockNumber()).toBeGreaterThanOrEqual(block);
  expect(await relayersCredit(second)).toBe(5_000_000_000n);
  expect(said.filter((text) => text.startsWith("deploying") || text.startsWith("repaired"))).toEqual([]);
  await second.stop();
});

test("a second start on the same folder is refused by name", { timeout: 120_000 }, async () => {
  const stack = await start();
  await expect(start()).rejects.toMatchObject({ code: "server.already_running" });
  expect((await get(stack, "/health")).status).toBe(200);
  await stack.stop();
});

test("a chain that vanished takes its rows with it, and it is said", { timeout: 120_000 }, async () => {
  rmSync(path.join(folder, "chains"), { recursive: true });
  const said: string[] = [];
  const stack = await start(said);
  expect(said.join("\n")).toMatch(/^repaired: the hub is another chain/m);
  const providers = await readUntil(
    async () => (await get(stack, "/v1/providers")).body.items as object[],
    (items) => items.length === 16,
  );
  expect(providers).toHaveLength(16);
  before = await firstBlock(stack);
  await stack.stop();
});

/** The hash of block 1, by which one chain is told from another. */
const firstBlock = async ({ hub }: Stack) => (await hub.client.getBlock({ blockNumber: 1n })).hash;
let before: Hex | undefined;

test("fresh forgets, without a word of repair", { timeout: 120_000 }, async () => {
  expect(before).toBeDefined();
  const said: string[] = [];
  const journals = path.join(folder, "providers");
  const signers = [at(laptopAccounts().jurors, 0).address, privateKeyToAddress(generatePrivateKey())];
  const files = signers.map((signer) => path.join(journals, `${signer.toLowerCase()}.journal.votes`));
  for (const file of files) writeFileSync(file, "");
  const stack = await start(said, { fresh: true });
  expect(said.filter((text) => text.startsWith("repaired"))).toEqual([]);
  // Another chain: how many blocks it has by now depends on the machine.
  expect(await firstBlock(stack)).not.toBe(before);
  // A node beside the laptop has its journal here too, and that may be of another network.
  expect(files.map((file) => existsSync(file))).toEqual([false, true]);
  await stack.stop();
});

test("keys of the environment take the places of test keys", { timeout: 120_000 }, async () => {
  const [relayer, provider] = [generatePrivateKey(), generatePrivateKey()];
  const stack = await start([], { settings: { RELAYER_KEY: relayer, PROVIDER_KEY: provider } });
  const gas = await stack.hub.client.getBalance({ address: privateKeyToAddress(relayer) });
  expect(gas).toBeGreaterThan(0n);
  const signer = privateKeyToAddress(provider).toLowerCase();
  const signers = await readUntil(
    async () =>
      ((await get(stack, "/v1/providers")).body.items as { signer: string }[]).map((item) => item.signer),
    (list) => list.includes(signer),
  );
  expect(signers).toContain(signer);
  await stack.stop();
});

test("a busy web port is refused before anything starts", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  await expect(start([], { settings: { SOOTH_PORT: String(port) } })).rejects.toMatchObject({
    code: "server.port_busy",
  });
  other.close();
});

test("providers alone must know where to hand over", async () => {
  const settings = { SOOTH_ROLES: "provider", HUB_CHAIN_ID: "11155111", HUB_RPC_URLS: "http://127.0.0.1:1" };
  await expect(
    start([], { settings: { ...settings, DEPLOYMENT_FILE: "deployments/31337.json" } }),
  ).rejects.toMatchObject({
    code: "server.missing_setting",
  });
});

async function readUntil<T>(read: () => Promise<T>, done: (value: T) => boolean): Promise<T> {
  const until = Date.now() + 60_000;
  for (;;) {
    const value = await read();
    if (done(value) || Date.now() > until) return value;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
