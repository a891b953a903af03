import { turnClock } from "@sooth/chain/local-node";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { oracleAbi, testDollarAbi } from "@sooth/abi";
import { at, type Hex, need } from "@sooth/kernel";
import { one, rows, sql } from "@sooth/store";
import { toHex } from "viem";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { z } from "zod";
import { handoverOf } from "../../../test/people.ts";
import { type Sources, startSources } from "../../../test/sources.ts";
import {
  asker,
  type Call,
  keys,
  openStage,
  owners,
  sendAll,
  STAKE,
  type Stage,
  until,
} from "../../../test/stage.ts";
import type { wireProvider, wireQuestionDetail, wireTerms } from "../../core/index.ts";
import { ensureJoined } from "./join.ts";

type Detail = z.infer<typeof wireQuestionDetail>;
const NAMES = ["a", "b", "c", "d", "e"];
let sources: Sources;
let stage: Stage;
beforeAll(async () => {
  sources = await startSources(NAMES);
  stage = await openStage({ allowedOrigins: [sources.origin] });
  await until("the first epoch", () => one(stage.store.db, sql`select 1 from oracle.epochs`));
});
afterAll(async () => {
  await stage.close();
  await sources.stop();
});

const detail = (id: Hex) => stage.get<Detail>(`/v1/questions/${id}`);
type Wish = {
  kind?: "numeric" | "bool";
  opensIn?: number;
  seconds?: number;
  liveness?: number;
  reward?: string;
  /** What may end it early. */
  endsEarly?: string;
};
/** Asks by way of the API, as a wallet would. */
async function ask(wish: Wish = {}): Promise<{ id: Hex; terms: z.infer<typeof wireTerms> }> {
  const { kind = "numeric", opensIn = 0, seconds = 600, liveness = 2, reward = "5000000", endsEarly } = wish;
  const opensAt = (await stage.chain.now()) + opensIn;
  const rule = kind === "bool" ? { type: "atLeast", threshold: "2300" } : { type: "value" };
  const response = await fetch(new URL("/v1/questions/prepare", stage.apiUrl), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      schema: {
        version: 1,
        text: "What is the close of ETH?",
        kind,
        outcomes: kind === "bool" ? ["No", "Yes"] : [],
        decimals: kind === "bool" ? 0 : 8,
        unit: "USD",
        observeAt: opensAt,
        sources: sources.named,
        rule,
        endsEarly,
      },
      endsEarly: endsEarly !== undefined,
      opensAt,
      deadline: opensAt + seconds,
      liveness,
      reward,
      asker: asker.address,
    }),
  });
  const prepared = (await response.json()) as { id: Hex; calls: Call[]; terms: z.infer<typeof wireTerms> };
  expect(prepared).toMatchObject({ schemaText: expect.any(String) });
  await sendAll(stage, asker, prepared.calls);
  await until("the question", async () => (await detail(prepared.id)).status !== undefined);
  return prepared;
}
const reach = (id: Hex, status: Detail["status"], seconds = 90) =>
  until(
    `${id} ${status}`,
    async () => {
      const found = await detail(id);
      return found.status === status && found;
    },
    seconds,
  );
const onChain = (id: Hex) =>
  stage.chain.client.readContract({
    address: stage.addresses.oracle,
    abi: oracleAbi,
    functionName: "get",
    args: [id],
  });
const credits = async () => {
  const { items } = await stage.get<{ items: z.infer<typeof wireProvider>[] }>("/v1/providers");
  return items.map(({ credit }) => BigInt(credit));
};
const jumpTo = (time: number) => turnClock(stage.node, time);
/** What was handed over; the API keeps it sealed while the question is open. */
const signed = (id: Hex) =>
  rows<{ value: bigint; signer: Hex }>(
    stage.store.db,
    sql`select value, signer from oracle.reports where question = ${id}`,
  );
const FINAL = 4;
const INVALID = 5;

test("four providers, five sources, one lying and one down: answered, final and paid", async () => {
  sources.set({ close: "2315.50" }, "a", "b", "c");
  sources.set({ close: "9999.00" }, "d");
  sources.set("down", "e");
  const stops = keys.slice(0, 4).map((key) => stage.provide(key));
  const before = await credits();
  const { id } = await ask();
  const answered = await reach(id, "final");
  expect(answered).toMatchObject({ value: "231550000000", label: "2,315.5 USD" });
  expect(answered.confidence).toBeGreaterThanOrEqual(7_500);
  expect(await onChain(id)).toEqual([FINAL, 231_550_000_000n, answered.finalizeAt, answered.confidence]);

  const counted = answered.reports.filter((report) => report.counted);
  expect(counted.length).toBeGreaterThanOrEqual(3);
  const dropped = Object.fromEntries(
    (counted[0]?.observations ?? []).map((each) => [each.source, each.dropped]),
  );
  expect(dropped).toEqual({
    a: null,
    b: null,
    c: null,
    d: "is more than 20 % away from the median and far off the others",
    e: "it answered with HTTP 403",
  });
  expect(answered.explanation[2]).toContain("The answer is the weighted median, 2,315.5 USD");

  // 80 % of 5 dollars in equal shares, rounded down.
  const share = 4_000_000n / BigInt(counted.length);
  await until("the reward", async () => (await detail(id)).rewardSettled);
  const gained = (await credits()).map((credit, index) => credit - at(before, index));
  expect(gained.filter((gain) => gain === share)).toHaveLength(counted.length);
  await Promise.all(stops.map((stop) => stop()));
});

test("too early reopens the question, and the next round answers it", async () => {
  sources.set("silent");
  const stops = keys.slice(0, 4).map((key) => stage.provide(key));
  const { id } = await ask({ kind: "bool", liveness: 4 });
  const reopened = await until("a reopening", async () => {
    const found = await detail(id);
    return found.round === 1 && found;
  });
  expect(reopened.reopenings).toMatchObject([{ round: 1 }]);
  expect(reopened.explanation[0]).toContain(
    "Round 0: more than two thirds of the weight said that it was too early",
  );
  sources.set({ close: "2300" });
  const answered = await reach(id, "final");
  expect(answered).toMatchObject({ value: "1", label: "Yes", round: 1 });
  // All said the same, so they co-signed: confidence is the signers' share of all weight.
  expect(answered.confidence).toBeGreaterThanOrEqual(7_500);
  await Promise.all(stops.map((stop) => stop()));
});

test("what ended early is answered before it opens, by all who know, while a node of ours waits", async () => {
  sources.set({ close: "2315.50" });
  const stop = stage.provide(at(keys, 0));
  const { id, terms } = await ask({
    kind: "bool",
    opensIn: 5_000,
    endsEarly: "the exchange lists it no more",
  });
  const { epoch } = need(
    await one<{ epoch: number }>(stage.store.db, sql`select max(epoch) as epoch from oracle.epochs`),
    "an epoch",
  );
  // Signers with programs of their own.
  const handOver = async (seat: number) => {
    const payload = await handoverOf(at(keys, seat), { id }, 1n, { epoch, oracle: stage.addresses.oracle });
    const response = await fetch(new URL("/v1/reports", stage.apiUrl), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(payload),
    });
    expect([response.status, await response.text()]).toEqual([200, expect.any(String)]);
  };
  for (const seat of [1, 2, 3]) await handOver(seat);
  // The node has seen the question, a later one, and three quarters are no nine tenths.
  const other = await ask({ kind: "bool", reward: "0" });
  await until("the node's report", async () => (await detail(other.id)).reports.length === 1);
  expect(await detail(id)).toMatchObject({ status: "open", reportCount: 3 });
  await stop();

  await handOver(0);
  const answered = await until("the answer", async () => {
    const found = await detail(id);
    return found.answeredAt !== null && found;
  });
  expect(answered).toMatchObject({ value: "1", label: "Yes", confidence: 10_000 });
  expect(answered.answeredAt).toBeLessThan(terms.opensAt);
  expect(answered.explanation[0]).toContain("so early nine tenths were needed");
  const final = await reach(id, "final");
  expect((await onChain(id)).slice(0, 2)).toEqual([FINAL, 1n]);
  expect(final.finalizeAt).toBeLessThan(terms.opensAt);
});

test("without a quorum the question ends invalid, and the reward goes back", async () => {
  sources.set({ close: "2315.50" });
  const stops = keys.slice(0, 2).map((key) => stage.provide(key));
  const { id, terms } = await ask({ seconds: 600 });
  await until("two reports", async () => (await detail(id)).reports.length === 2);
  await jumpTo(terms.deadline + 1);
  const ended = await reach(id, "invalid");
  expect(ended.explanation).toContain("2 providers reported, with 50.0% of all weight: 2 × 2,315.5 USD.");
  await until("the refund", async () => (await detail(id)).rewardSettled);
  expect((await onChain(id))[0]).toBe(INVALID);
  const refund = await stage.chain.client.readContract({
    address: stage.addresses.oracle,
    abi: oracleAbi,
    functionName: "creditOf",
    args: [asker.address],
  });
  expect(refund).toBe(5_000_000n);
  await Promise.all(stops.map((stop) => stop()));
});

test("credit pays for the next question, so no approval is asked for", async () => {
  const opensAt = (await stage.chain.now()) + 100;
  const response = await fetch(new URL("/v1/questions/prepare", stage.apiUrl), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      schema: {
        version: 1,
        text: "Will it rain in Haifa?",
        kind: "bool",
        outcomes: ["No", "Yes"],
        observeAt: opensAt,
      },
      opensAt,
      deadline: opensAt + 60,
      liveness: 2,
      reward: "5000000",
      asker: asker.address,
    }),
  });
  const { calls } = (await response.json()) as { calls: { purpose: string }[] };
  expect(calls.map(({ purpose }) => purpose)).toEqual(["Ask the question"]);
});

test.each<[string, object, string]>([
  ["opens before the moment asked about", { opensAt: -10 }, "oracle.bad_terms"],
  ["a deadline before opening", { deadline: -5 }, "oracle.bad_terms"],
  ["a deadline in centuries", { deadline: 10 ** 10 }, "oracle.bad_terms"],
  ["a liveness below the contract's", { liveness: 1 }, "oracle.window_too_short"],
  ["a negative reward", { reward: "-1" }, "oracle.bad_terms"],
  ["no time to commit to what secures much", { secures: "1000000000000", deadline: 39 }, "oracle.bad_terms"],
  ["a reward beyond 96 bits", { reward: "9".repeat(40) }, "oracle.bad_terms"],
  ["bounds of a bool", { min: "0" }, "oracle.bad_terms"],
  ["a schema of another shape", { schema: { version: 1 } }, "http.bad_request"],
])("refuses to prepare %s", async (_, over, code) => {
  const now = await stage.chain.now();
  const opensAt = now + 100;
  const given = over as Record<string, unknown>;
  const times = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      name === "opensAt" || name === "deadline" ? opensAt + Number(value) : value,
    ]),
  );
  const response = await fetch(new URL("/v1/questions/prepare", stage.apiUrl), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      schema: {
        version: 1,
        text: "Will it rain in Haifa?",
        kind: "bool",
        outcomes: ["No", "Yes"],
        observeAt: opensAt,
      },
      opensAt,
      deadline: opensAt + 60,
      liveness: 2,
      reward: "0",
      asker: asker.address,
      ...times,
    }),
  });
  expect(((await response.json()) as { error: { code: string } }).error.code).toBe(code);
});

test("a new epoch makes signatures stale: providers sign the same value again", async () => {
  sources.set({ close: "2000" });
  const stops = keys.slice(0, 2).map((key) => stage.provide(key));
  const { id } = await ask({ seconds: 5_000 });
  await until("two reports", async () => (await detail(id)).reports.length === 2);
  // From now on the sources tell something else; what was signed binds.
  sources.set({ close: "2100" });
  const fifth = at(owners, 4);
  const epoch = async () =>
    (await one<{ epoch: number }>(stage.store.db, sql`select max(epoch) as epoch from oracle.epochs`))
      ?.epoch ?? 0;
  const old = await epoch();
  await ensureJoined({
    chain: stage.chain,
    addresses: stage.addresses,
    owner: fifth,
    signer: at(keys, 4),
    stake: STAKE,
  });
  await jumpTo((await stage.chain.now()) + 31);
  await until("the next epoch", async () => (await epoch()) > old);
  await until("both again", async () => {
    const { reports } = await detail(id);
    return reports.filter((report) => report.epoch === old + 1).length === 2;
  });
  expect(new Set((await signed(id)).map(({ value }) => value))).toEqual(new Set([200_000_000_000n]));
  sources.set({ close: "2000" });
  stops.push(...keys.slice(2, 5).map((key) => stage.provide(key)));
  expect(await reach(id, "answered")).toMatchObject({ value: "200000000000" });
  await Promise.all(stops.map((stop) => stop()));
});

test("a provider killed between signing and handing over signs nothing else afterwards", async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "sooth-provider-"));
  const journalFile = path.join(folder, "signed.jsonl");
  // In front of the API stands somebody who swallows reports until told otherwise.
  let swallowed = 0;
  const front = createServer((request, response) => {
    if (request.method === "POST") swallowed += 1;
    else response.writeHead(404).end("{}");
  }).listen(0, "127.0.0.1");
  await once(front, "listening");
  const start = (apiUrl: string) => {
    const child = spawn(
      process.execPath,
      [
        fileURLToPath(new URL("../../../test/provider-child.ts", import.meta.url)),
        JSON.stringify({
          rpcUrl: stage.rpcUrl,
          addresses: stage.addresses,
          fromBlock: stage.startBlock,
          key: toHex(at(keys, 0).getHdKey().privateKey ?? new Uint8Array()),
          apiUrl,
          allowedOrigins: [sources.origin],
          journalFile,
        }),
      ],
      { stdio: "ignore" },
    );
    onTestFinished(() => void child.kill("SIGKILL"));
    return child;
  };
  sources.set({ close: "1234.5" });
  const { id } = await ask({ seconds: 5_000 });
  const first = start(`http://127.0.0.1:${(front.address() as AddressInfo).port}`);
  // Other questions may be open still, and what is sent of them is swallowed as well.
  const inJournal = async () =>
    (await readFile(journalFile, "utf8").catch(() => ""))
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as { handover?: { question: string; value: string } })
      .find(({ handover }) => handover?.question === id)?.handover;
  await until("a signature in the journal", async () => (await inJournal()) !== undefined && swallowed > 0);
  first.kill("SIGKILL");
  await once(first, "exit");
  expect(await inJournal()).toMatchObject({ value: "123450000000" });

  sources.set({ close: "9.5" });
  const second = start(stage.apiUrl);
  await until("the report", async () => (await detail(id)).reports.length > 0);
  expect(await signed(id)).toEqual([{ value: 123_450_000_000n, signer: at(keys, 0).address.toLowerCase() }]);
  second.kill("SIGKILL");
  await once(second, "exit");
  front.closeAllConnections();
  front.close();
  await rm(folder, { recursive: true, force: true });
  expect(await rows(stage.store.db, sql`select 1 from oracle.equivocations`)).toEqual([]);
});

test("after all of it the oracle holds what it owes, and nobody's report was refused for good", async () => {
  const held = await stage.chain.client.readContract({
    address: stage.addresses.collateral,
    abi: testDollarAbi,
    functionName: "balanceOf",
    args: [stage.addresses.oracle],
  });
  const owed = await one<{ sum: bigint }>(
    stage.store.db,
    sql`select (select sum(credit) from oracle.credits) + (select coalesce(sum(reward), 0) from oracle.questions where not reward_settled) as sum`,
  );
  expect(owed?.sum).toBe(held);
});
