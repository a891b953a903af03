import { logger } from "@sooth/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sources, startSources } from "../../../test/sources.ts";
import { asker, type Call, keys, openStage, sendAll, type Stage, until } from "../../../test/stage.ts";
import { evidenceHash, readEvidence } from "../../core/index.ts";
import type { WireEvent } from "../security/events.ts";
import { watchAndTell } from "./watch-and-tell.ts";

let sources: Sources;
let stage: Stage;
beforeAll(async () => {
  sources = await startSources(["a", "b", "c"]);
  stage = await openStage({ allowedOrigins: [sources.origin] });
});
afterAll(async () => {
  await stage.close();
  await sources.stop();
});

test("what a watcher reads against an answer becomes an event with his evidence", async () => {
  sources.set({ close: "2400.00" });
  const stops = keys.slice(0, 4).map((key) => stage.provide(key));
  const opensAt = await stage.chain.now();
  const response = await fetch(new URL("/v1/questions/prepare", stage.apiUrl), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      schema: {
        version: 1,
        text: "What is the close of ETH?",
        kind: "numeric",
        decimals: 8,
        unit: "USD",
        observeAt: opensAt,
        sources: sources.named,
      },
      opensAt,
      deadline: opensAt + 120,
      liveness: 600,
      reward: "5000000",
      asker: asker.address,
    }),
  });
  const { id, calls } = (await response.json()) as { id: string; calls: Call[] };
  await sendAll(stage, asker, calls);
  await until("the answer", async () => {
    const { status } = await stage.get<{ status: string }>(`/v1/questions/${id}`);
    return status === "answered";
  });
  await Promise.all(stops.map((stop) => stop()));

  sources.set({ close: "2315.50" });
  const stop = new AbortController();
  const running = watchAndTell({
    hub: stage.chain,
    addresses: stage.addresses,
    fromBlock: stage.startBlock,
    // A provider's own key, whose owner has something to lose.
    account: keys[0] as (typeof keys)[number],
    apiUrl: stage.apiUrl,
    allowedOrigins: [sources.origin],
    originPace: { perSecond: 10, burst: 30 },
    signal: stop.signal,
    log: logger("watcher"),
  });
  const event = await until("an event", async () => {
    const { items } = await stage.get<{ items: WireEvent[] }>("/v1/security/events?rule=watcher");
    return items[0];
  });
  stop.abort();
  await running;
  expect(event).toMatchObject({
    severity: 4,
    subject: id,
    state: "open",
    summary: "a watcher reads 231550000000 where the answer is 240000000000",
  });
  const body = await (await fetch(new URL(`/v1/evidence/${event.evidence}`, stage.apiUrl))).text();
  expect(evidenceHash(body)).toBe(event.evidence);
  expect(readEvidence(body)).toMatchObject({ bundle: { question: id, value: "231550000000" } });
});

test("the overview tells of a calm network, and of what stands behind its domain", async () => {
  expect(await stage.get("/v1/security")).toMatchObject({
    pausedUntil: null,
    windowFactor: 1,
    breakers: [{ tripped: false }, { tripped: false }],
    domains: [{ domain: 0, secured: "0", stake: "4000000000", ratio: 0 }],
    openEvents: 1,
  });
});
