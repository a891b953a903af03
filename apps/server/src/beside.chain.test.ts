import { feedsAbi } from "@sooth/abi";
import { walletOf } from "@sooth/chain";
import { turnClock } from "@sooth/chain/local-node";
import { at, need, type Hex } from "@sooth/kernel";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  createTestClient,
  http,
  keccak256,
  toBytes,
  type LocalAccount,
  type TypedDataDefinition,
} from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { settingsBeside } from "./beside.ts";
import { loadConfig } from "./config.ts";
import { startStack, type Stack } from "./stack.ts";

/** A laptop on which three of four providers run: with a fifth seat, no quorum stands without whoever joins from outside. */
const MAIN = path.join(import.meta.dirname, "main.ts");
const folder = mkdtempSync(path.join(tmpdir(), "sooth-beside-"));
const key = generatePrivateKey();
const signer = privateKeyToAccount(key);
const file = path.join(folder, "provider.env");
let stack: Stack;
let owner: LocalAccount;

beforeAll(async () => {
  stack = await startStack({
    config: loadConfig({ SOOTH_DATA_DIR: folder, SOOTH_PORT: "0" }),
    freePorts: true,
    durable: false,
    providers: [0, 1, 2],
    params: { epochSeconds: 5, seasoningSeconds: 2 },
  });
  owner = at(need(stack.accounts, "a laptop's accounts").users, 3).account;
  writeFileSync(file, `# Signing key of a Sooth provider.\nPROVIDER_KEY=${key}\n`);
}, 120_000);
afterAll(async () => {
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Source = { name: string; url: string; path: string; unit: string };
const nameOf = ({ name, url, path: where, unit }: Source) => ({ name, url, path: where, unit });
type Call = { to: Hex; data: Hex };
type Prepared = { id: Hex; calls: Call[]; possession: TypedDataDefinition | null };
type Seen = { signer: string; counted: number; standings: { seat: number | null }[] };
type Question = { state: string; reports: { signer: string }[]; answer: unknown };

async function api<T>(where: string, body?: unknown): Promise<T> {
  const response = await fetch(new URL(where, stack.url), {
    method: body === undefined ? "GET" : "POST",
    ...(body === undefined
      ? {}
      : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  const said = (await response.json()) as T;
  if (!response.ok) throw new Error(`${where}: ${JSON.stringify(said)}`);
  return said;
}

async function send(account: LocalAccount, calls: readonly Call[]): Promise<void> {
  for (const { to, data } of calls) {
    const hash = await walletOf(stack.hub, account).sendTransaction({ to, data });
    const receipt = await stack.hub.client.waitForTransactionReceipt({ hash, pollingInterval: 100 });
    expect(receipt.status).toBe("success");
  }
}

/** `npm start -- …` without the launcher, in a process of its own, with nothing of this one's environment. */
function startNode(...said: string[]): { child: ChildProcess; said: () => string } {
  let text = "";
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", MAIN, ...said], {
    env: { PATH: process.env["PATH"] },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  });
  return { child, said: () => text };
}

test(
  "who joined from outside runs a node beside a running server, and no answer lands without it",
  { timeout: 300_000 },
  async () => {
    const wanted = { owner: owner.address, signer: signer.address, stake: "5000000000", domains: [0] };
    const asked = await api<Prepared>("/v1/providers/prepare/join", wanted);
    const possession = await signer.signTypedData(need(asked.possession, "what the key signs"));
    await send(owner, (await api<Prepared>("/v1/providers/prepare/join", { ...wanted, possession })).calls);

    const node = startNode("--join", stack.url, "--settings", file, "--data-dir", folder);
    await expect.poll(node.said, { timeout: 60_000 }).toContain("The node runs.");
    expect(node.said()).toContain(
      `It signs with ${signer.address} for the provider ${owner.address.toLowerCase()}`,
    );
    expect(node.said()).not.toContain(key.slice(2));
    const provider = () => api<Seen>(`/v1/providers/${owner.address}`);
    await expect
      .poll(async () => (await provider()).standings.some(({ seat }) => seat !== null), { timeout: 60_000 })
      .toBe(true);

    const { sourceTemplates } = await api<{ sourceTemplates: Source[] }>("/v1/network");
    const now = await stack.hub.now();
    const observeAt = Math.ceil((now + 30) / 60) * 60;
    const { id, calls } = await api<Prepared>("/v1/questions/prepare", {
      schema: {
        version: 1,
        text: "Will ether close at or above 1 dollar?",
        kind: "bool",
        outcomes: ["No", "Yes"],
        observeAt,
        rule: { type: "atLeast", threshold: "1" },
        sources: sourceTemplates.map(nameOf),
      },
      opensAt: observeAt,
      deadline: observeAt + 600,
      liveness: 10,
      reward: "1000000",
      asker: owner.address,
    });
    await send(owner, calls);
    const clock = createTestClient({ mode: "anvil", transport: http(at(stack.config.HUB_RPC_URLS, 0)) });
    await turnClock(clock, observeAt + 1);
    await expect.poll(async () => (await provider()).counted, { timeout: 60_000, interval: 500 }).toBe(1);
    const { reports } = await api<Question>(`/v1/questions/${id}`);
    expect(reports.map((report) => report.signer.toLowerCase())).toContain(signer.address.toLowerCase());
    expect(reports).toHaveLength(4);

    const second = startNode("--join", stack.url, "--settings", file, "--data-dir", folder);
    await expect.poll(second.said, { timeout: 60_000 }).toContain("[server.key_in_use]");
    const journal = path.join(folder, "providers", `${signer.address.toLowerCase()}.journal`);
    expect(readFileSync(journal, "utf8")).toContain(id);
  },
);

test(
  "the owner of a source tells a feed of his own from a node that nobody staked for; a replay is refused",
  { timeout: 120_000 },
  async () => {
    const { sourceTemplates } = await api<{ sourceTemplates: Source[] }>("/v1/network");
    const sourceKey = generatePrivateKey();
    const source = privateKeyToAccount(sourceKey);
    const { id, calls } = await api<Prepared>("/v1/feeds/prepare", {
      heartbeat: 120,
      signer: source.address,
      schema: {
        version: 1,
        text: "ETH/USD of one exchange",
        decimals: 2,
        unit: "USD",
        step: 60,
        deviationBps: 0,
        sources: [nameOf(at(sourceTemplates, 0))],
      },
    });
    await send(owner, calls);
    // As an operator does who wants to pay for it: of "all" feeds it is none.
    stack.config.ORACLE_FEEDS.push(id);
    const own = path.join(folder, "source.env");
    writeFileSync(own, `PROVIDER_KEY=${sourceKey}\nPROVIDER_FIRST_PARTY_FEEDS=${id}\n`);
    const node = startNode("--join", stack.url, "--settings", own, "--data-dir", folder);
    await expect.poll(node.said, { timeout: 60_000 }).toContain("No provider names the key");

    type Told = { status: string; value: string; observedAt: number; reports: { signer: string }[] };
    const feed = () => api<Told & { scheme: string; signer: string }>(`/v1/feeds/${id}`);
    await expect.poll(async () => (await feed()).status, { timeout: 60_000, interval: 500 }).toBe("fresh");
    const told = await feed();
    expect(told).toMatchObject({ scheme: "first-party", signer: source.address.toLowerCase() });
    expect(told.reports.map(({ signer: by }) => by)).toContain(source.address.toLowerCase());
    const { feeds } = stack.addresses;
    const read = await stack.hub.client.readContract({
      address: feeds,
      abi: feedsAbi,
      functionName: "read",
      args: [id],
    });
    expect(read[1]).toBe(BigInt(told.value));

    const { items } = await api<{ items: { transaction: Hex }[] }>(`/v1/feeds/${id}/values?limit=1`);
    const { input } = await stack.hub.client.getTransaction({ hash: at(items, 0).transaction });
    const again = stack.hub.client.call({ to: feeds, data: input });
    await expect(again).rejects.toThrow(
      keccak256(toBytes("Feeds_NotNewer(bytes32,uint40,uint40)")).slice(0, 10),
    );
  },
);

const settings = (more: Record<string, string> = {}) => loadConfig({ PROVIDER_KEY: key, ...more });

test("a server that is not there, a missing key and another chain are told apart", async () => {
  await expect(settingsBeside(settings(), "http://127.0.0.1:9")).rejects.toMatchObject({
    code: "server.no_server",
  });
  await expect(settingsBeside(loadConfig({}), stack.url)).rejects.toMatchObject({
    code: "server.missing_setting",
  });
  await expect(settingsBeside(settings({ HUB_CHAIN_ID: "11155111" }), stack.url)).rejects.toMatchObject({
    code: "server.other_chain",
  });
});
