import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { oracleAbi, testDollarAbi } from "@sooth/abi";
import { devAccount, turnClock } from "@sooth/chain/local-node";
import { type Hex, need, sameAddress } from "@sooth/kernel";
import { logger, registry } from "@sooth/runtime";
import { one, sql } from "@sooth/store";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type Sources, startSources } from "../../../test/sources.ts";
import { asker, type Call, openStage, sendAll, type Stage, until, walletOf } from "../../../test/stage.ts";
import { type Attempt, reasonHash, silenceFrom, watcherClaimFrom } from "../../core/index.ts";
import { watchAndTell } from "./watch-and-tell.ts";

/** Of a dispute on a question that secures nothing: 250 dollars. */
const DEPOSIT = 250_000_000n;
const SECONDS = 4_000;
const watcher = devAccount(17);
let sources: Sources;
let stage: Stage;
beforeAll(async () => {
  sources = await startSources(["a", "b", "c"]);
  // The server itself puts nothing down: what happens is the watcher's.
  stage = await openStage({ allowedOrigins: [sources.origin] });
  await until("the first epoch", () => one(stage.store.db, sql`select 1 from oracle.epochs`));
  await fund();
}, 120_000);
afterAll(async () => {
  await stage.close();
  await sources.stop();
});

/** Credit for two questions, of which one is left over. */
async function fund(): Promise<void> {
  const { collateral, oracle } = stage.addresses;
  await stage.node.setBalance({ address: watcher.address, value: 10n ** 18n });
  const wallet = walletOf(stage, watcher);
  const token = { address: collateral, abi: testDollarAbi } as const;
  const bank = { address: oracle, abi: oracleAbi } as const;
  for (const hash of [
    await wallet.writeContract({ ...token, functionName: "faucet", args: [watcher.address] }),
    await wallet.writeContract({ ...token, functionName: "approve", args: [oracle, 2n * DEPOSIT] }),
    await wallet.writeContract({ ...bank, functionName: "deposit", args: [watcher.address, 2n * DEPOSIT] }),
  ])
    expect((await stage.node.waitForTransactionReceipt({ hash, pollingInterval: 50 })).status).toBe(
      "success",
    );
}
const credit = () =>
  stage.chain.client.readContract({
    address: stage.addresses.oracle,
    abi: oracleAbi,
    functionName: "creditOf",
    args: [watcher.address],
  });
const jumpTo = (time: number) => turnClock(stage.node, time);
const statusOf = async (id: Hex) => (await stage.get<{ status: string }>(`/v1/questions/${id}`)).status;
async function ask(text: string): Promise<{ id: Hex; opensAt: number; deadline: number }> {
  const opensAt = (await stage.chain.now()) + 3;
  const response = await fetch(new URL("/v1/questions/prepare", stage.apiUrl), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      schema: {
        version: 1,
        text,
        kind: "bool",
        outcomes: ["No", "Yes"],
        unit: "USD",
        observeAt: opensAt,
        sources: sources.named,
        rule: { type: "atLeast", threshold: "2300" },
      },
      opensAt,
      deadline: opensAt + SECONDS,
      liveness: 2,
      reward: "5000000",
      asker: asker.address,
    }),
  });
  const { id, calls } = (await response.json()) as { id: Hex; calls: Call[] };
  await sendAll(stage, asker, calls);
  await until("the question", async () => (await statusOf(id)) === "open");
  return { id, opensAt, deadline: opensAt + SECONDS };
}

type Objection = {
  disputer: Hex;
  claimLabel: string;
  deposit: string;
  reason: { hash: Hex; text: string | null } | null;
};
const disputesOf = async (id: Hex) =>
  (await stage.get<{ items: Objection[] }>(`/v1/disputes?question=${id}`)).items;

const watch = (silenceDeposit: bigint, looksFile?: string): (() => Promise<void>) => {
  const stop = new AbortController();
  const running = watchAndTell({
    hub: stage.chain,
    addresses: stage.addresses,
    fromBlock: stage.startBlock,
    account: watcher,
    apiUrl: stage.apiUrl,
    allowedOrigins: [sources.origin],
    originPace: { perSecond: 10, burst: 30 },
    silenceDeposit,
    looksFile,
    signal: stop.signal,
    log: logger("watcher"),
  });
  return () => {
    stop.abort();
    return running;
  };
};

test("no provider runs: a watcher who read it himself objects with his own deposit, and with no more than he may", async () => {
  sources.set({ close: "2400.00" });
  const { id, opensAt, deadline } = await ask("Is one ether worth 2,300 dollars or more?");
  await jumpTo(watcherClaimFrom({ opensAt, deadline }, { notBefore: opensAt }) + 1);
  const careful = watch(DEPOSIT - 1n);
  await until("the careful one to leave it", async () =>
    (await registry.metrics()).includes('oracle_watcher_objections_total{outcome="left"} 1'),
  );
  await careful();
  expect(await statusOf(id)).toBe("open");

  const willing = watch(DEPOSIT);
  await until("the objection", async () => (await statusOf(id)) === "disputed");
  await willing();
  const items = await disputesOf(id);
  expect(items).toMatchObject([{ claimLabel: "Yes", deposit: String(DEPOSIT) }]);
  expect(items[0] && sameAddress(items[0].disputer, watcher.address)).toBe(true);
  // The chain logs the hash of a text that says what was read, and where.
  const { hash, text } = need(items[0]?.reason, "a reason");
  expect(reasonHash(text ?? "")).toBe(hash);
  expect(text).toMatch(
    new RegExp(`^Nobody answered ${id}\\. ${watcher.address} read its sources and says Yes:`),
  );
  const { host } = new URL(sources.origin);
  for (const name of ["a", "b", "c"])
    expect(text).toMatch(
      new RegExp(`\\n- ${name} \\(${host}\\): 2400, HTTP 200, sha256 0x[0-9a-f]{64}(\\n|$)`),
    );
  const told = await stage.get<{ items: Attempt[] }>(`/v1/questions/${id}/attempts`);
  expect(told.items.map(({ kind, reason }) => `${kind}: ${reason}`)).toContain(
    "rereport: somebody objected to the silence and says Yes: providers read again",
  );
  // What was given for two is there for the other.
  expect(await credit()).toBe(DEPOSIT);
}, 120_000);

/** Looks once, when objecting begins, and stops; returns what was kept of it. */
async function lookOnce(
  asked: { id: Hex; opensAt: number; deadline: number },
  file: string,
): Promise<string> {
  await jumpTo(silenceFrom(asked, { notBefore: asked.opensAt }) + 1);
  const first = watch(DEPOSIT, file);
  const kept = await until("its first look", async () => {
    const text = await readFile(file, "utf8").catch(() => "");
    return text.includes(asked.id) ? text : undefined;
  });
  await first();
  expect(await statusOf(asked.id)).toBe("open");
  await jumpTo(watcherClaimFrom(asked, { notBefore: asked.opensAt }) + 1);
  return kept;
}

test("a watcher that is started anew remembers its first look: it objects by it, and not where its sources moved", async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "sooth-looks-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, "watcher.looks");
  sources.set({ close: "2400.00" });
  const moved = await ask("Is one ether worth 2,301 dollars or more?");
  await lookOnce(moved, file);
  sources.set({ close: "2200.00" });
  const mind = watch(DEPOSIT, file);
  await until("it to leave what its sources contradict", async () =>
    (await registry.metrics()).includes('oracle_watcher_objections_total{outcome="left"} 2'),
  );
  await mind();
  expect(await disputesOf(moved.id)).toEqual([]);

  sources.set({ close: "2400.00" });
  const same = await ask("Is one ether worth 2,302 dollars or more?");
  const kept = await lookOnce(same, file);
  const again = watch(DEPOSIT, file);
  await until("the objection", async () => (await statusOf(same.id)) === "disputed");
  await again();
  const [objection] = await disputesOf(same.id);
  const line = need(
    kept.split("\n").find((each) => each.includes(same.id)),
    "the line of its first look",
  );
  const { at } = JSON.parse(line) as { at: number };
  // The one before it was started anew, not a second one after it.
  expect(objection?.reason?.text).toContain(
    `It came to Yes at ${new Date(at * 1_000).toISOString().slice(0, 19)}Z`,
  );
  expect(at).toBeLessThan(watcherClaimFrom(same, { notBefore: same.opensAt }));
}, 120_000);
