import { oracleAbi, stakeManagerAbi, testDollarAbi } from "@sooth/abi";
import { turnClock } from "@sooth/chain/local-node";
import { at, type Hex } from "@sooth/kernel";
import { one, sql } from "@sooth/store";
import { encodeFunctionData, pad, toHex } from "viem";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { z } from "zod";
import { FEED_SLOTS, priceFeedCode } from "../../../test/price-feed-code.ts";
import { type Sources, startSources } from "../../../test/sources.ts";
import {
  asker,
  type Call,
  keys,
  openStage,
  owners,
  relayer,
  sendAll,
  STAKE,
  type Stage,
  until,
  walletOf,
} from "../../../test/stage.ts";
import { type Attempt, claimFrom, lateFrom, type wireQuestionDetail } from "../../core/index.ts";
import { ensureJoined } from "../provider/join.ts";

type Detail = z.infer<typeof wireQuestionDetail>;
const FEED: Hex = `0x${"fe".repeat(20)}`;
const INVALID = 5;
/** Of a dispute on a question that secures nothing: 250 dollars. */
const DEPOSIT = 250_000_000n;
let sources: Sources;
let stage: Stage;
beforeAll(async () => {
  sources = await startSources(["a", "b", "c"]);
  stage = await openStage({ allowedOrigins: [sources.origin], resolveDeposit: DEPOSIT });
  await until("the first epoch", () => one(stage.store.db, sql`select 1 from oracle.epochs`));
  const set = (slot: Hex, value: bigint) =>
    stage.node.setStorageAt({ address: FEED, index: slot, value: pad(toHex(value), { size: 32 }) });
  await stage.node.setCode({ address: FEED, bytecode: priceFeedCode() });
  await set(FEED_SLOTS.answer, 240_000_000_000n);
  await set(FEED_SLOTS.updatedAt, BigInt(await stage.chain.now()));
  await set(FEED_SLOTS.decimals, 8n);
  await stage.node.mine({ blocks: 1 });
}, 120_000);
afterAll(async () => {
  await stage.close();
  await sources.stop();
});

const detail = (id: Hex) => stage.get<Detail>(`/v1/questions/${id}`);
const attempts = async (id: Hex) => {
  const { items } = await stage.get<{ items: Attempt[] }>(`/v1/questions/${id}/attempts`);
  return items.map(({ kind, state, reason }) => `${kind} ${state}: ${reason}`);
};
/** Waits until an attempt that begins so is told of. */
const tried = (id: Hex, start: string) =>
  until(start, async () => (await attempts(id)).find((each) => each.startsWith(start)), 60);
const reachAnswer = (id: Hex) =>
  until(
    "an answer",
    async () => {
      const found = await detail(id);
      return (found.status === "answered" || found.status === "final") && found;
    },
    90,
  );
const jumpTo = (time: number) => turnClock(stage.node, time);
async function ask(seconds: number, over: object = {}) {
  const opensAt = (await stage.chain.now()) + 3;
  const response = await fetch(new URL("/v1/questions/prepare", stage.apiUrl), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      schema: {
        version: 1,
        text: "Is one ether worth 2,300 dollars or more?",
        kind: "bool",
        outcomes: ["No", "Yes"],
        unit: "USD",
        observeAt: opensAt,
        sources: sources.named,
        rule: { type: "atLeast", threshold: "2300" },
        ...over,
      },
      opensAt,
      deadline: opensAt + seconds,
      liveness: 2,
      reward: "5000000",
      asker: asker.address,
    }),
  });
  const prepared = (await response.json()) as { id: Hex; calls: Call[] };
  expect(prepared).toMatchObject({ schemaText: expect.any(String) });
  await sendAll(stage, asker, prepared.calls);
  await until("the question", async () => (await detail(prepared.id)).status !== undefined);
  return { id: prepared.id, opensAt, deadline: opensAt + seconds };
}
/** Starts nodes of these keys; they end with the test. */
const provide = (which: readonly number[], over: Parameters<Stage["provide"]>[1] = {}) => {
  for (const index of which) {
    const stop = stage.provide(at(keys, index), over);
    onTestFinished(async () => {
      await stop();
    });
  }
};

test("all sources down: late, providers read the feed that the question names, and it is answered", async () => {
  sources.set("down");
  provide([0, 1, 2, 3]);
  const { id, opensAt, deadline } = await ask(2_000, {
    secondary: [
      { type: "feed", name: "the feed", unit: "USD", chainId: 31_337, address: FEED, maxAge: 100_000 },
    ],
  });
  await tried(id, "observe waiting: 0 of 4 seats read a value, 4 could not");
  expect((await attempts(id)).filter((each) => each.includes("could not tell yet"))).toHaveLength(4);
  // The feed is read in a block that is final by the chain's own rule. Blocks mined at once share a second: not that one.
  await until("a later block", async () => (await stage.chain.now()) > opensAt);
  await stage.node.mine({ blocks: stage.chain.definition.finality.confirmations + 2 });
  await jumpTo(lateFrom({ opensAt, deadline }) + 1);
  await tried(id, "secondary waiting: it is late");
  const answered = await reachAnswer(id);
  expect(answered).toMatchObject({ value: "1", label: "Yes" });
  const evidence = at(
    answered.reports.filter(({ counted }) => counted),
    0,
  ).evidence;
  expect(await stage.get(`/v1/evidence/${evidence}`)).toMatchObject({
    sources: [
      { name: "a", dropped: "it answered with HTTP 403" },
      { name: "b" },
      { name: "c" },
      { name: "the feed", secondary: true, value: "2400", dropped: null },
    ],
  });
  expect(await attempts(id)).toContainEqual(
    expect.stringMatching(/^secondary done: [34] of [34] reports rest on the feed$/),
  );
  expect(await attempts(id)).toContainEqual(
    expect.stringMatching(/^report done: .*the contract accepted a quorum$/),
  );
}, 180_000);

test("two of four down and nobody new: invalid, and every reason is told", async () => {
  sources.set({ close: "2400" });
  // The third runs a node that may not read these sources; the fourth runs none.
  provide([0, 1]);
  provide([2], { allowedOrigins: ["https://elsewhere.test"] });
  const { id, opensAt, deadline } = await ask(1_000);
  await tried(id, "report waiting: 2 of 4 seats, 50.0% of the weight");
  await tried(id, "observe waiting: 2 of 4 seats read a value, 1 could not, 1 said nothing");
  await jumpTo(opensAt + 510);
  await tried(id, "extend failed: epoch 2 would seat the same 4 providers");
  await jumpTo(claimFrom({ opensAt, deadline }, { notBefore: opensAt }) + 1);
  await tried(
    id,
    "jury failed: the contract refused the objection to the silence: Oracle_InsufficientCredit",
  );
  await jumpTo(deadline + 1);
  const last = await tried(id, "invalid done");
  for (const part of [
    "Reading: 2 of 4 seats read a value, 1 could not, 1 said nothing.",
    "Reports: 2 of 4 seats, 50.0% of the weight by the deadline; more than 66.6% was wanted.",
    "More providers: epoch 2 would seat the same 4 providers",
    "Secondary sources: the question names no secondary sources.",
    "Jury: the contract refused the objection to the silence: Oracle_InsufficientCredit.",
  ])
    expect(last).toContain(part);
  const [status] = await stage.chain.client.readContract({
    address: stage.addresses.oracle,
    abi: oracleAbi,
    functionName: "get",
    args: [id],
  });
  expect(status).toBe(INVALID);
}, 180_000);

test("two of four down: the silence is objected to, all report anew once they are back, and it is answered", async () => {
  sources.set({ close: "2400" });
  await sendAll(stage, asker, [
    {
      to: stage.addresses.collateral,
      data: encodeFunctionData({
        abi: testDollarAbi,
        functionName: "approve",
        args: [stage.addresses.oracle, DEPOSIT],
      }),
    },
    {
      to: stage.addresses.oracle,
      data: encodeFunctionData({
        abi: oracleAbi,
        functionName: "deposit",
        args: [relayer.address, DEPOSIT],
      }),
    },
  ]);
  provide([0, 1]);
  const { id, opensAt, deadline } = await ask(1_000);
  await tried(id, "report waiting: 2 of 4 seats, 50.0% of the weight");
  await jumpTo(claimFrom({ opensAt, deadline }, { notBefore: opensAt }) + 1);
  await tried(id, "jury done: 2 reports with 50.0% of the weight stand behind what is claimed");
  await tried(id, "report failed: 2 of 4 seats, 50.0% of the weight when somebody objected to the silence");
  provide([2, 3]);
  await tried(id, "rereport done: a quorum of newly read reports says Yes");
  expect(await reachAnswer(id)).toMatchObject({ value: "1", label: "Yes" });
}, 180_000);

test("two of four down: one leaves, one joins, the next epoch seats them, and all sign anew", async () => {
  sources.set({ close: "2400" });
  provide([0, 1]);
  const { id, opensAt } = await ask(4_000);
  await tried(id, "report waiting: 2 of 4 seats, 50.0% of the weight");
  // The silent fourth goes, and a fifth comes, in the first half already; the engine acts past it.
  await jumpTo(opensAt + 2_010);
  await tried(id, "extend failed: epoch 2 would seat the same 4 providers");
  const hash = await walletOf(stage, at(owners, 3)).writeContract({
    address: stage.addresses.stakeManager,
    abi: stakeManagerAbi,
    functionName: "leave",
  });
  await stage.node.waitForTransactionReceipt({ hash, pollingInterval: 50 });
  await ensureJoined({
    chain: stage.chain,
    addresses: stage.addresses,
    owner: at(owners, 4),
    signer: at(keys, 4),
    stake: STAKE,
  });
  provide([4]);
  await tried(id, "extend done: epoch");
  const answered = await reachAnswer(id);
  expect(answered).toMatchObject({ value: "1", label: "Yes" });
  expect(await attempts(id)).toContainEqual(
    expect.stringMatching(/^report failed: 2 of 4 seats, .* in epoch 1; then another epoch began/),
  );
  expect(await attempts(id)).toContain(
    "report done: 3 of 4 seats, 75.0% of the weight: the contract accepted a quorum",
  );
}, 180_000);
