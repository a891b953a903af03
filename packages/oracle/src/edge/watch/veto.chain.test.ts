import { turnClock } from "@sooth/chain/local-node";
import { at, type Hex } from "@sooth/kernel";
import { logger } from "@sooth/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sources, startSources } from "../../../test/sources.ts";
import { asker, type Call, keys, openStage, sendAll, type Stage, until } from "../../../test/stage.ts";
import { watchAndTell } from "./watch-and-tell.ts";

const LIVENESS = 600;
/** A provider's own key, whose owner has something to lose: what others hand over is refused. */
const watcher = at(keys, 0);
let sources: Sources;
let stage: Stage;
beforeAll(async () => {
  sources = await startSources(["a", "b", "c"]);
  stage = await openStage({ allowedOrigins: [sources.origin] });
  await stage.node.setBalance({ address: watcher.address, value: 10n ** 18n });
});
afterAll(async () => {
  await stage.close();
  await sources.stop();
});

type Detail = {
  status: string;
  finalizeAt: number;
  watcher: string | null;
  veto: { watcher: string; finalizeAt: number; reason: { text: string | null } } | null;
};
const detailOf = (id: Hex) => stage.get<Detail>(`/v1/questions/${id}`);
const prepare = (opensAt: number, named: Hex | undefined) =>
  fetch(new URL("/v1/questions/prepare", stage.apiUrl), {
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
      liveness: LIVENESS,
      reward: "5000000",
      asker: asker.address,
      watcher: named,
    }),
  });
async function ask(opensAt: number, named?: Hex): Promise<Hex> {
  const { id, calls } = (await (await prepare(opensAt, named)).json()) as { id: Hex; calls: Call[] };
  await sendAll(stage, asker, calls);
  return id;
}

test("who is named too late is refused before anything is sent", async () => {
  const response = await prepare((await stage.chain.now()) + 5, watcher.address);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: "oracle.bad_terms" } });
});

test("a watcher puts off, once, what it reads otherwise and is named for, and nothing else", async () => {
  const opensAt = (await stage.chain.now()) + 60;
  const [named, other, bare] = [
    await ask(opensAt, watcher.address),
    await ask(opensAt, asker.address),
    await ask(opensAt),
  ];
  await until("the watcher", async () => (await detailOf(named)).watcher !== null);
  expect((await detailOf(named)).watcher).toBe(watcher.address.toLowerCase());
  await turnClock(stage.node, opensAt);
  sources.set({ close: "2400.00" });
  const stops = keys.slice(0, 4).map((key) => stage.provide(key));
  for (const id of [named, other, bare])
    await until("the answer", async () => (await detailOf(id)).status === "answered");
  await Promise.all(stops.map((stop) => stop()));
  const before = await Promise.all([named, other, bare].map(async (id) => (await detailOf(id)).finalizeAt));

  sources.set({ close: "2315.50" });
  const stop = new AbortController();
  const running = watchAndTell({
    hub: stage.chain,
    addresses: stage.addresses,
    fromBlock: stage.startBlock,
    account: watcher,
    apiUrl: stage.apiUrl,
    allowedOrigins: [sources.origin],
    originPace: { perSecond: 10, burst: 30 },
    signal: stop.signal,
    log: logger("watcher"),
  });
  await until("the veto", async () => (await detailOf(named)).veto !== null);
  // What it thinks of all three is known by now.
  await until("all three", async () => {
    const { items } = await stage.get<{ items: unknown[] }>("/v1/security/events?rule=watcher");
    return items.length === 3;
  });
  stop.abort();
  await running;
  const detail = await detailOf(named);
  expect(detail).toMatchObject({
    status: "answered",
    watcher: null,
    finalizeAt: (before[0] ?? 0) + LIVENESS,
    veto: { watcher: watcher.address.toLowerCase(), finalizeAt: (before[0] ?? 0) + LIVENESS },
  });
  expect(detail.veto?.reason?.text).toContain(`The answer to ${named} is 2,400`);
  expect(detail.veto?.reason?.text).toContain("says 2,315.5");
  for (const [index, id] of [other, bare].entries())
    expect(await detailOf(id)).toMatchObject({ veto: null, finalizeAt: before[index + 1] });
  expect((await detailOf(other)).watcher).toBe(asker.address.toLowerCase());
}, 120_000);
