import { logger } from "@sooth/runtime";
import type { Hex } from "@sooth/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sources, startSources } from "../../../test/sources.ts";
import { asker, type Call, keys, openStage, sendAll, type Stage, until } from "../../../test/stage.ts";
import type { WatchFinding } from "../../core/index.ts";
import { answersOnChain } from "./answers-on-chain.ts";
import { runWatcher } from "./run-watcher.ts";

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

async function ask(liveness: number): Promise<Hex> {
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
      liveness,
      reward: "5000000",
      asker: asker.address,
    }),
  });
  const { id, calls } = (await response.json()) as { id: Hex; calls: Call[] };
  await sendAll(stage, asker, calls);
  return id;
}

test("a watcher with its own eyes finds the answer that providers were misled to, while it is not final", async () => {
  sources.set({ close: "2400.00" });
  const stops = keys.slice(0, 4).map((key) => stage.provide(key));
  const [lasting, short] = [await ask(600), await ask(2)];
  const answers = answersOnChain(stage.chain, stage.addresses, stage.startBlock);
  const listed = async () => (await answers()).map(({ question }) => question);
  await until("the answer", async () => (await listed()).includes(lasting));
  // Its window is over within seconds: there is nothing to object to.
  await until("finality", async () => {
    const { status } = await stage.get<{ status: string }>(`/v1/questions/${short}`);
    return status === "final";
  });
  await until("the end of its window", async () => !(await listed()).includes(short));
  expect(await listed()).toEqual([lasting]);
  await Promise.all(stops.map((stop) => stop()));

  sources.set({ close: "2315.50" });
  const found: WatchFinding[] = [];
  const stop = new AbortController();
  const running = runWatcher({
    answers,
    tools: { allowedOrigins: [sources.origin] },
    now: () => stage.chain.now(),
    watcher: asker.address,
    chainId: 31_337,
    onWrong: async (finding) => void found.push(finding),
    pollMs: 50,
    signal: stop.signal,
    log: logger("watcher"),
  });
  await until("a finding", async () => found.length > 0);
  stop.abort();
  await running;
  expect(found).toMatchObject([
    { question: lasting, expected: 231_550_000_000n, got: 240_000_000_000n, severity: 4 },
  ]);
});
