import { stakeManagerAbi } from "@sooth/abi";
import { startAnvil } from "@sooth/chain/local-node";
import { type Hex, need } from "@sooth/kernel";
import { wireCall, wireHex32 } from "@sooth/oracle/core";
import { configureLogs, keptPort } from "@sooth/runtime";
import { loadConfig, startStack } from "@sooth/server";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createTestClient, http, type LocalAccount } from "viem";
import { z } from "zod";
import { apiClient } from "../src/api-client.ts";
import { openHub } from "../src/demo/hub.ts";
import { endProcess, launchServer, serverOn } from "../src/server/launch.ts";
import { waitFor } from "../src/waiting.ts";
import { startKillingNode } from "./killing-node.ts";
import { openTables } from "./replayed.ts";

const PATIENCE_SECONDS = 120;
const HOUR = 3_600;
const PARAMS = {
  epochSeconds: 5,
  seasoningSeconds: 2,
  rereportSeconds: 30,
  evidenceSeconds: 6,
  drawDelaySeconds: 3,
  commitSeconds: 90,
  revealSeconds: 90,
  appealSeconds: 10,
};
const prepared = z.object({ id: wireHex32, calls: z.array(wireCall) });
const calls = z.object({ calls: z.array(wireCall) });

export type KilledStage = Awaited<ReturnType<typeof openKilledStage>>;

/**
 * A network whose providers and jurors run here, and whose api, worker and relayer are a process of its own: it is killed
 * with SIGKILL whenever the node has the first transaction that calls one of `victims` and it has not heard of that yet.
 */
export async function openKilledStage(victims: readonly string[]) {
  configureLogs({ level: "silent" });
  const folder = mkdtempSync(path.join(tmpdir(), "sooth-killed-"));
  const source = createServer((_, response) => response.end('{"close":"2400"}'));
  source.listen(0, "127.0.0.1");
  await once(source, "listening");
  const origin = `http://127.0.0.1:${(source.address() as AddressInfo).port}`;
  const [anvil, tables, port] = await Promise.all([
    startAnvil({ chainId: 31_337, blockSeconds: 1 }),
    openTables(),
    keptPort(),
  ]);
  const stack = await startStack({
    config: loadConfig({
      SOOTH_DATA_DIR: path.join(folder, "stack"),
      SOOTH_ROLES: "provider",
      PROVIDER_API_URL: `http://127.0.0.1:${port}`,
      PROVIDER_ALLOWED_ORIGINS: origin,
      DATABASE_URL: tables.url,
      HUB_RPC_URLS: anvil.rpcUrl,
    }),
    freePorts: true,
    exchanges: false,
    params: PARAMS,
  });

  // A block is a second, however long this machine takes for it: windows do not pass while a server starts.
  const clock = createTestClient({ mode: "anvil", transport: http(anvil.rpcUrl) });
  await clock.setBlockTimestampInterval({ interval: 1 });

  const left = new Set(victims);
  const killed: string[] = [];
  let child: ChildProcess | undefined;
  let work: Promise<void> = Promise.resolve();
  const restart = async (before: Promise<void>): Promise<void> => {
    await before;
    child = await launchServer(settings);
    await clock.setIntervalMining({ interval: 1 });
  };
  let broken: unknown;
  const kill = async (call: string): Promise<void> => {
    if (!left.has(call)) return;
    // A server that is back may send before it has said that it is ready: then it is killed once it has.
    await work;
    if (!child || !left.delete(call)) return;
    killed.push(call);
    await endProcess(child, "SIGKILL");
    child = undefined;
    // It is in a block before anybody can look, and then the chain stands still until the server is back.
    await clock.setIntervalMining({ interval: 0 });
    await clock.mine({ blocks: 1 });
    work = restart(work);
    work.catch((error: unknown) => (broken ??= error));
  };
  const node = await startKillingNode(anvil.rpcUrl, (call) =>
    kill(call).catch((error: unknown) => (broken ??= error)),
  );
  const own = serverOn(stack, { dataDir: folder, port, roles: "api,worker,relayer" });
  const settings = {
    ...own,
    env: {
      ...own.env,
      HUB_RPC_URLS: node.url,
      BEACON_URLS: stack.config.BEACON_URLS.join(","),
      MARKETS_KEEPER: "on",
    },
  };
  child = await launchServer(settings);

  const hub = openHub(anvil.rpcUrl, 31_337);
  const api = apiClient(own.url, PATIENCE_SECONDS);
  const { users } = need(stack.accounts, "a laptop's accounts");
  const user = (name: string): LocalAccount =>
    need(
      users.find((each) => each.name === name),
      name,
    ).account;
  const stage = {
    stack,
    hub,
    api,
    store: tables.store,
    user,
    origin,
    rpcUrl: anvil.rpcUrl,
    params: PARAMS,
    killed: () => [...killed],
    /** Why a server could not be killed or did not come back; undefined when all is well. */
    broken: () => broken,
    /** What `work` compares does not move meanwhile: no block is mined. */
    still: async <T>(work: () => Promise<T>): Promise<T> => {
      await clock.setIntervalMining({ interval: 0 });
      return work().finally(() => clock.setIntervalMining({ interval: 1 }));
    },
    /** Resolves once the server is back from the last kill. */
    settled: () => work,
    stop: async () => {
      await work.catch(() => {});
      if (child) await endProcess(child);
      await node.close();
      await stack.stop();
      await tables.close();
      await anvil.stop();
      source.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await jurorsReady(stage);
  return stage;
}

const jurorsReady = ({ stack }: Pick<KilledStage, "stack">) =>
  waitFor(
    "a snapshot of the jurors, and four providers",
    async () => {
      const manager = { address: stack.addresses.stakeManager, abi: stakeManagerAbi } as const;
      const [, jurors] = await stack.hub.client.readContract({ ...manager, functionName: "jurorSet" });
      const [, epoch] = await stack.hub.client.readContract({
        ...manager,
        functionName: "signerSet",
        args: [0],
      });
      return jurors > 0 && epoch > 0 ? true : undefined;
    },
    { seconds: PATIENCE_SECONDS },
  );

/** Asks whether one ether is worth 2,300 dollars or more (it is), with a market on which Alice and Bob disagree. */
export async function askWithMarket(
  stage: KilledStage,
  liveness: number,
): Promise<{ question: Hex; market: Hex }> {
  const { api, hub, user, origin } = stage;
  const [alice, bob] = [user("Alice"), user("Bob")];
  // It opens once both have staked, however long that takes.
  const opensAt = (await hub.now()) + HOUR;
  const sources = ["a", "b", "c"].map((name) => ({
    name,
    url: `${origin}/${name}`,
    path: "close",
    unit: "USD",
  }));
  const asked = await api.post(
    "/v1/questions/prepare",
    {
      schema: {
        version: 1,
        text: "Is one ether worth 2,300 dollars or more?",
        kind: "bool",
        outcomes: ["No", "Yes"],
        unit: "USD",
        observeAt: opensAt,
        sources,
        rule: { type: "atLeast", threshold: "2300" },
      },
      opensAt,
      deadline: opensAt + 900,
      liveness,
      reward: "1000000",
      asker: alice.address,
    },
    prepared,
  );
  await hub.send(alice, asked.calls);
  const market = await waitFor(
    "the question",
    () =>
      api.post(
        "/v1/markets/prepare",
        { question: asked.id, creator: alice.address, closesAt: opensAt - 1, feeBps: 0 },
        prepared,
      ),
    { seconds: PATIENCE_SECONDS },
  );
  await hub.send(alice, market.calls);
  for (const [outcome, account] of [alice, bob].entries()) {
    const stake = await waitFor(
      "the market",
      () =>
        api.post(
          `/v1/markets/${market.id}/stakes/prepare`,
          { owner: account.address, outcome, amount: "100000000" },
          calls,
        ),
      { seconds: PATIENCE_SECONDS },
    );
    await hub.send(account, stake.calls);
  }
  await hub.warpTo(opensAt);
  return { question: asked.id as Hex, market: market.id as Hex };
}

/** Objects to the answer in somebody's name, as soon as there is one. */
export async function objectTo(stage: KilledStage, question: Hex, who: string, claim: string): Promise<void> {
  const { api, hub, user } = stage;
  const account = user(who);
  const objection = await waitFor(
    "the answer",
    () => api.post(`/v1/questions/${question}/disputes/prepare`, { account: account.address, claim }, calls),
    { seconds: PATIENCE_SECONDS },
  );
  await hub.send(account, objection.calls);
}
