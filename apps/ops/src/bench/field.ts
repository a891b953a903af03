import { at, type Hex } from "@sooth/kernel";
import { keptPort } from "@sooth/runtime";
import { questionSchema, rootOf } from "@sooth/oracle/core";
import { loadConfig, type Stack, startStack } from "@sooth/server";
import { openStore, rows, sql, type Store } from "@sooth/store";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type ApiClient, apiClient } from "../api-client.ts";
import { type Hub, openHub } from "../demo/hub.ts";
import { preparedQuestion } from "../demo/wire.ts";
import { OpsError } from "../ops-error.ts";
import { endProcess, launchServer, serverOn } from "../server/launch.ts";
import { waitFor } from "../waiting.ts";

const ITEMS = 1_000;
export const PATIENCE_SECONDS = 180;
const EPOCH_SECONDS = 60;
const REWARD = 5_000_000n;
const NOBODY: readonly number[] = [];

/** `values`: what stands under a vector's root. */
export type Asked = { id: Hex; opensAt: number; domain: number; values?: readonly bigint[]; root?: Hex };
/** A network without providers, and a server on it in a process of its own. */
export type Field = { stack: Stack; hub: Hub; api: ApiClient; store: Store; url: string };

export async function onField<T>(
  onStep: (text: string) => void,
  measure: (field: Field) => Promise<T>,
): Promise<T> {
  const dataDir = mkdtempSync(path.join(tmpdir(), "sooth-bench-"));
  onStep("starting engines");
  const stack = await startStack({
    config: loadConfig({
      SOOTH_DATA_DIR: path.join(dataDir, "stack"),
      SOOTH_ROLES: "provider",
      PROVIDER_API_URL: "http://127.0.0.1:1",
    }),
    freePorts: true,
    durable: false,
    exchanges: false,
    providers: NOBODY,
  });
  const store = openStore({ url: stack.config.DATABASE_URL ?? "", applicationName: "bench" });
  try {
    const server = serverOn(stack, { dataDir, port: await keptPort(), roles: "api,worker,relayer" });
    const child = await launchServer(server);
    try {
      const hub = openHub(at(stack.config.HUB_RPC_URLS, 0), stack.config.HUB_CHAIN_ID);
      const api = apiClient(server.url, PATIENCE_SECONDS);
      return await measure({ stack, hub, api, store, url: server.url });
    } finally {
      await endProcess(child);
    }
  } finally {
    await store.close();
    await stack.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The epoch in which everybody of a domain sits, of each domain. */
export async function seated(
  { hub, store }: Field,
  { domains, each }: { domains: number; each: number },
): Promise<Map<number, number>> {
  return waitFor(
    "everybody to be seated",
    async () => {
      await hub.warpTo((await hub.now()) + EPOCH_SECONDS + 1);
      const found = await rows<{ domain: number; epoch: number }>(
        store.db,
        sql`select s.domain, s.epoch from oracle.seats s
          where s.epoch = (select max(epoch) from oracle.epochs e where e.domain = s.domain)
          group by s.domain, s.epoch having count(*) = ${each}`,
      );
      return found.length === domains ? new Map(found.map((row) => [row.domain, row.epoch])) : undefined;
    },
    { seconds: PATIENCE_SECONDS, everyMs: 2_000 },
  );
}

/** Asks `count` questions over the domains in turn; they open `aSecond` a second, when all are known. */
export async function askAll(
  field: Field,
  kind: "bool" | "vector",
  count: number,
  { domains, aSecond }: { domains: number; aSecond: number },
): Promise<Asked[]> {
  const { hub, api, stack } = field;
  const asker = stack.accounts?.house;
  if (!asker) throw OpsError.not_in_time({ waitedFor: "a laptop's accounts", seconds: 0, saw: "none" });
  const start = (await hub.now()) + 45 + Math.ceil(count / 5);
  const asked: Asked[] = [];
  const calls = [];
  for (let index = 0; index < count; index++) {
    const opensAt = start + Math.floor(index / aSecond);
    const domain = 1 + (index % domains);
    const schema = schemaOf(kind, index, opensAt);
    const body = { schema, opensAt, deadline: opensAt + 900, liveness: 60, reward: String(REWARD), domain };
    const prepared = await api.post(
      "/v1/questions/prepare",
      { ...body, asker: asker.address },
      preparedQuestion,
    );
    calls.push(...prepared.calls);
    const values =
      kind === "vector" ? Array.from({ length: ITEMS }, (_, item) => BigInt(item * 25)) : undefined;
    const root = values && rootOf(questionSchema.parse(schema), values);
    asked.push({ id: prepared.id as Hex, opensAt, domain, values, root });
  }
  await hub.sendAll(asker, calls);
  const ids = asked.map(({ id }) => id);
  await waitFor(
    "the questions to be known",
    async () => {
      const known = await rows(field.store.db, sql`select id from oracle.questions where id = any(${ids})`);
      return known.length === count || undefined;
    },
    { seconds: PATIENCE_SECONDS },
  );
  return asked;
}

const schemaOf = (kind: "bool" | "vector", index: number, observeAt: number) => ({
  version: 1,
  text: `Does the bench say so for number ${index} of second ${observeAt}?`,
  kind,
  ...(kind === "vector" ? { items: { kind: "numeric", count: ITEMS }, decimals: 2 } : { decimals: 0 }),
  outcomes: kind === "vector" ? [] : ["No", "Yes"],
  unit: "USD",
  observeAt,
  rule: kind === "vector" ? { type: "value" } : { type: "atLeast", threshold: "1" },
  sources: [
    {
      name: "bench",
      url: `https://bench.invalid/{observeAt}`,
      path: kind === "vector" ? "figures.{index}" : "figure",
      unit: "USD",
    },
  ],
});

const AGAIN_MS = 250;

/**
 * As a provider node does: what was not taken is handed over again. Returns the milliseconds from sending what was taken until
 * its receipt was here. @throws ops.api_refused
 */
export async function handOver(url: string, body: string): Promise<number> {
  for (;;) {
    const sentAt = performance.now();
    const reply = await tryOnce(url, body);
    if (reply.status === 200) return performance.now() - sentAt;
    // The API's view of the chain may be a moment behind ours; status 0 is a connection that was cut.
    if (![0, 503].includes(reply.status) && !reply.text.includes("oracle.too_early"))
      throw OpsError.api_refused({ call: "POST /v1/reports", status: reply.status, body: reply.text });
    await delay(AGAIN_MS);
  }
}

async function tryOnce(url: string, body: string): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(`${url}/v1/reports`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    return { status: response.ok ? 200 : response.status, text: (await response.text()).slice(0, 300) };
  } catch (error) {
    return { status: 0, text: error instanceof Error ? error.message : String(error) };
  }
}
