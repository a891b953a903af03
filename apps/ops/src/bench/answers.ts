import { at, type Hex } from "@sooth/kernel";
import { type OracleDomain, questionSchema, rootOf } from "@sooth/oracle/core";
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
import { endProcess, freePort, launchServer, serverOn } from "../server/launch.ts";
import { waitFor } from "../waiting.ts";
import { crowdOf, handoverOf, joinAll, type Member } from "./answers-crowd.ts";
import { type BenchPart, type Measurement, measurement, percentile } from "./measurement.ts";

const PROVIDERS = 200;
const DOMAINS = 8;
const QUESTIONS = 160;
/** Questions that open in the same second. */
const A_SECOND = 4;
const ITEMS = 1_000;
const TARGET_BLOCKS = 2;
const PATIENCE_SECONDS = 180;
const EPOCH_SECONDS = 60;
const REWARD = 5_000_000n;
const NOBODY: readonly number[] = [];

/** `values`: what stands under a vector's root. */
type Asked = { id: Hex; opensAt: number; domain: number; values?: readonly bigint[]; root?: Hex };
type Field = { stack: Stack; hub: Hub; api: ApiClient; store: Store; url: string };

/**
 * How many blocks pass between the report that makes a quorum, at the API, and the answer on the chain: 200 providers in
 * eight domains, four questions opening a second, and a vector of 1,000 questions in each domain at the end. Blocks of a
 * local hub are a second apart. The server runs in a process of its own; the providers only sign, they fetch nothing.
 */
export const answers: BenchPart = {
  name: "answers",
  about: `blocks from quorum to answer, ${PROVIDERS} providers`,
  run: async (onStep) => {
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
      const server = serverOn(stack, { dataDir, port: await freePort(), roles: "api,worker,relayer" });
      const child = await launchServer(server);
      try {
        const hub = openHub(at(stack.config.HUB_RPC_URLS, 0), stack.config.HUB_CHAIN_ID);
        const api = apiClient(server.url, PATIENCE_SECONDS);
        return await measure({ stack, hub, api, store, url: server.url }, onStep);
      } finally {
        await endProcess(child);
      }
    } finally {
      await store.close();
      await stack.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

async function measure(field: Field, onStep: (text: string) => void): Promise<Measurement[]> {
  onStep(`${PROVIDERS} providers join`);
  // Domain 0 is the laptop's own.
  const crowd = crowdOf(PROVIDERS, DOMAINS).map((each) => ({ ...each, domain: each.domain + 1 }));
  await joinAll(field.hub, field.stack.hub, field.stack.addresses, crowd);
  const epochs = await seated(field);
  onStep(`asking ${QUESTIONS} questions and ${DOMAINS} vectors of ${ITEMS}`);
  const plain = await askAll(field, "bool", QUESTIONS);
  onStep(`${QUESTIONS} questions, ${A_SECOND} a second`);
  await reportAll(field, crowd, epochs, plain);
  const vectors = await askAll(field, "vector", DOMAINS);
  onStep(`${DOMAINS} vectors, ${A_SECOND} a second`);
  await reportAll(field, crowd, epochs, vectors);
  return [
    ...wait("answers.quorum_to_answer", await waits(field.store, plain)),
    ...wait("answers.vector_quorum_to_answer", await waits(field.store, vectors)),
  ];
}

const wait = (name: string, blocks: readonly number[]): Measurement[] =>
  (["p95", "p50"] as const).map((which) =>
    measurement({
      name: `${name}_${which}`,
      value: percentile(blocks, which === "p95" ? 0.95 : 0.5),
      unit: "blocks",
      reference: TARGET_BLOCKS,
      against: `target of the design, of ${blocks.length} answers`,
      smallerIsBetter: true,
    }),
  );

/** The epoch in which everybody of a domain sits, of each domain. */
async function seated({ hub, store }: Field): Promise<Map<number, number>> {
  const each = PROVIDERS / DOMAINS;
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
      return found.length === DOMAINS ? new Map(found.map((row) => [row.domain, row.epoch])) : undefined;
    },
    { seconds: PATIENCE_SECONDS, everyMs: 2_000 },
  );
}

/** Asks `count` questions over the domains in turn; they open A_SECOND a second, when all are known. */
async function askAll(field: Field, kind: "bool" | "vector", count: number): Promise<Asked[]> {
  const { hub, api, stack } = field;
  const asker = stack.accounts?.house;
  if (!asker) throw OpsError.not_in_time({ waitedFor: "a laptop's accounts", seconds: 0, saw: "none" });
  const start = (await hub.now()) + 45 + Math.ceil(count / 5);
  const asked: Asked[] = [];
  const calls = [];
  for (let index = 0; index < count; index++) {
    const opensAt = start + Math.floor(index / A_SECOND);
    const domain = 1 + (index % DOMAINS);
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

/** Everybody of a question's domain hands over as soon as it opens; returns when all are answered. @throws ops.api_refused */
async function reportAll(
  { stack, hub, url, store }: Field,
  crowd: readonly Member[],
  epochs: ReadonlyMap<number, number>,
  asked: readonly Asked[],
): Promise<void> {
  const domain: OracleDomain = { chainId: stack.config.HUB_CHAIN_ID, oracle: stack.addresses.oracle };
  const bodies = new Map<Hex, string[]>();
  for (const { id, domain: of, root, values } of asked) {
    const said = {
      question: id,
      value: root === undefined ? "1" : "0",
      epoch: epochs.get(of) ?? 0,
      root,
      values: values?.map(String),
    };
    const members = crowd.filter((member) => member.domain === of);
    const signed = await Promise.all(members.map((member) => handoverOf(domain, member, said)));
    bodies.set(
      id,
      signed.map((body) => JSON.stringify(body)),
    );
  }
  const byOpening = Map.groupBy(asked, ({ opensAt }) => opensAt);
  const sent: Promise<void>[] = [];
  for (const [opensAt, opened] of byOpening) {
    await waitFor("the next to open", async () => (await hub.now()) >= opensAt || undefined, {
      seconds: PATIENCE_SECONDS,
    });
    for (const { id } of opened)
      for (const body of bodies.get(id) ?? []) {
        const handing = handOver(url, body);
        // What fails is told where all are awaited.
        handing.catch(() => {});
        sent.push(handing);
      }
  }
  await Promise.all(sent);
  const ids = asked.map(({ id }) => id);
  await waitFor(
    "all to be answered",
    async () => {
      const done = await rows(
        store.db,
        sql`select id from oracle.questions where id = any(${ids}) and state <> 'open'`,
      );
      return done.length === ids.length || undefined;
    },
    { seconds: PATIENCE_SECONDS },
  );
}

const AGAIN_MS = 250;

/** As a provider node does: what was not taken is handed over again. @throws ops.api_refused */
async function handOver(url: string, body: string): Promise<void> {
  for (;;) {
    const reply = await tryOnce(url, body);
    if (reply.status === 200) return;
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

/** Blocks, here seconds of the chain, from the report with which more than two thirds of the weight had spoken. */
async function waits(store: Store, asked: readonly Asked[]): Promise<number[]> {
  const found = await rows<{ blocks: number }>(
    store.db,
    sql`
    with summed as (
      select r.question, r.received_at, e.total_weight,
        sum(r.weight) over (partition by r.question order by r.received_at) as weight
      from oracle.reports r join oracle.questions q on q.id = r.question
      join oracle.epochs e on e.domain = q.domain and e.epoch = r.epoch
      where r.question = any(${asked.map(({ id }) => id)}))
    select q.answered_at - min(s.received_at) as blocks from summed s join oracle.questions q on q.id = s.question
    where s.weight * 3 > s.total_weight * 2 group by q.id, q.answered_at`,
  );
  return found.map(({ blocks }) => blocks);
}
