import { at } from "@sooth/kernel";
import { loadConfig, type Stack, startStack } from "@sooth/server";
import { keptPort } from "@sooth/runtime";
import { openStore } from "@sooth/store";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { endProcess, launchServer, serverOn } from "../server/launch.ts";
import { run } from "./load.ts";
import { type BenchPart, type Measurement, measurement, percentile } from "./measurement.ts";
import { seedMarkets } from "./seed-markets.ts";

const MARKETS = 2_000;
const FULL_SECONDS = 8;
const WARM_SECONDS = 2;
const CONNECTIONS = 50;
const STEADY_SECONDS = 20;
const STEADY_RATE = 1_000;
const STEADY_TARGET_MS = 100;
const NOBODY: readonly number[] = [];

/** The read API, in a process of its own, on a database of 2,000 markets; the load comes from this process. */
export const api: BenchPart = {
  name: "api",
  about: "read API: requests a second beside a bare route of the same library, and p95 at 1,000 a second",
  run: async (onStep) => {
    const dataDir = mkdtempSync(path.join(tmpdir(), "sooth-bench-"));
    onStep("starting engines");
    const stack = await startStack({
      // Nothing runs here but the engines: a provider role without providers.
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
    try {
      return await measure(stack, dataDir, onStep);
    } finally {
      await stack.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

async function measure(
  stack: Stack,
  dataDir: string,
  onStep: (text: string) => void,
): Promise<Measurement[]> {
  const server = serverOn(stack, { dataDir, port: await keptPort(), roles: "api" });
  const child = await launchServer(server);
  try {
    onStep(`seeding ${MARKETS.toLocaleString("en-US")} markets through the log handlers`);
    const market = await seed(stack);
    const list = `${server.url}/v1/markets`;
    const one = `${server.url}/v1/markets/${market}`;
    const page = await (await fetch(list)).text();
    const detail = await (await fetch(one)).text();
    return [
      ...(await beside(onStep, "api.markets", list, page.length)),
      ...(await beside(onStep, "api.market", one, detail.length)),
      ...(await steady(onStep, "api.markets", list)),
      ...(await steady(onStep, "api.market", one)),
    ];
  } finally {
    await endProcess(child);
  }
}

async function seed(stack: Stack): Promise<string> {
  const store = openStore({ url: stack.config.DATABASE_URL ?? "", applicationName: "bench" });
  try {
    const ids = await seedMarkets(
      store,
      stack.addresses,
      stack.config.HUB_CHAIN_ID,
      MARKETS,
      await stack.hub.now(),
    );
    await store.pool.query("analyze");
    return at(ids, MARKETS / 2);
  } finally {
    await store.close();
  }
}

/** As many requests as the server takes, beside a bare route that answers as many bytes, one right after the other. */
async function beside(
  onStep: (text: string) => void,
  name: string,
  url: string,
  bytes: number,
): Promise<Measurement[]> {
  onStep(`${name}: as fast as it goes, ${FULL_SECONDS} s, ${CONNECTIONS} connections`);
  await run({ url, seconds: WARM_SECONDS, connections: CONNECTIONS });
  const ours = await run({ url, seconds: FULL_SECONDS, connections: CONNECTIONS });
  const bare = await bareRoute(bytes);
  try {
    await run({ url: bare.url, seconds: WARM_SECONDS, connections: CONNECTIONS });
    const reference = await run({ url: bare.url, seconds: FULL_SECONDS, connections: CONNECTIONS });
    return [
      measurement({
        name: `${name}.throughput`,
        value: Math.round(ours.requestsPerSecond),
        unit: "requests/s",
        reference: Math.round(reference.requestsPerSecond),
        against: `bare Fastify route, ${bytes} bytes, same run`,
      }),
      failures(`${name}.throughput_failures`, ours.failures),
    ];
  } finally {
    await bare.stop();
  }
}

async function steady(onStep: (text: string) => void, name: string, url: string): Promise<Measurement[]> {
  onStep(`${name}: ${STEADY_RATE} requests a second for ${STEADY_SECONDS} s`);
  const { latencies, failures: failed } = await run({
    url,
    seconds: STEADY_SECONDS,
    connections: CONNECTIONS,
    rate: STEADY_RATE,
  });
  return [
    measurement({
      name: `${name}.p95_at_1000`,
      value: percentile(latencies, 0.95),
      unit: "ms",
      reference: STEADY_TARGET_MS,
      against: "target of the design",
      smallerIsBetter: true,
    }),
    failures(`${name}.failures_at_1000`, failed),
  ];
}

const failures = (name: string, value: number): Measurement =>
  measurement({
    name,
    value,
    unit: "requests",
    reference: null,
    against: "0 is wanted",
    smallerIsBetter: true,
  });

async function bareRoute(bytes: number): Promise<{ url: string; stop(): Promise<void> }> {
  const child = fork(path.join(import.meta.dirname, "bare-server.ts"), [String(bytes)]);
  const [url] = (await once(child, "message")) as [string];
  return { url, stop: () => endProcess(child) };
}
