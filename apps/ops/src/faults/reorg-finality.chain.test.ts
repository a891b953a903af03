import { courtAbi, ladderAbi, oracleAbi, testDollarAbi } from "@sooth/abi";
import { type Chain, chainById, openChain } from "@sooth/chain";
import { at, type Hex, need } from "@sooth/kernel";
import { packEntries } from "@sooth/oracle/core";
import { one, sql } from "@sooth/store";
import { parseEventLogs } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CourtStage, LIVENESS, openCourtStage } from "../../test/court-stage.ts";
import { caughtUp, follow, openTables, replayed, tablesOf } from "../../test/replayed.ts";

const SEVEN = [0, 1, 2, 3, 4, 5, 6];
const THREE = [7, 8, 9];
const APPEAL = 20;
const near = (value: bigint) => (provider: number) => value + BigInt(10 * provider);

let stage: CourtStage;
let chain: Chain;
let tables: Awaited<ReturnType<typeof openTables>>;
let stop: () => Promise<void>;
beforeAll(async () => {
  stage = await openCourtStage();
  chain = openChain({ definition: chainById(31_337), rpcUrls: [stage.rpcUrl] });
  tables = await openTables();
  stop = follow(tables.store, hub());
  await caughtUp(tables.store, chain);
}, 120_000);
afterAll(async () => {
  await stop();
  await tables.close();
  await chain.close();
  await stage.stop();
});

const hub = () => ({ chain, addresses: stage.addresses, startBlock: 0 });
const height = () => stage.node.getBlockNumber({ cacheTime: 0 });
/** Takes back all blocks above this one. What comes next is a second later than it. */
async function backTo(block: bigint): Promise<void> {
  const depth = Number((await height()) - block);
  await stage.node.request({ method: "anvil_rollback" as never, params: [depth] as never });
  await stage.node.setNextBlockTimestamp({ timestamp: BigInt((await stage.now()) + 1) });
}
async function told(
  eventName: "RewardSettled" | "Awarded" | "Concluded" | "Ruled",
  subject: Hex,
): Promise<number> {
  const { oracle, ladder } = stage.addresses;
  const logs = await stage.node.getLogs({ address: [oracle, ladder], fromBlock: 0n, toBlock: "latest" });
  return parseEventLogs({ abi: [...oracleAbi, ...ladderAbi], eventName, logs }).filter(({ topics }) =>
    (topics as readonly Hex[]).includes(subject),
  ).length;
}

/** The tables are what a replay from the first block gives, and what they say of credit is what the chain says. */
async function expectWhole(): Promise<void> {
  await caughtUp(tables.store, chain);
  const now = await tablesOf(tables.store.db);
  expect(now).toEqual(await replayed(hub()));
  const credits = need(now["oracle.credits"], "credits") as { account: Hex; credit: number }[];
  expect(credits.length).toBeGreaterThan(0);
  for (const { account, credit } of credits) {
    const args = [account] as const;
    const call = { address: stage.addresses.oracle, abi: oracleAbi, functionName: "creditOf", args } as const;
    expect({ account, credit: BigInt(credit) }).toEqual({
      account,
      credit: await stage.node.readContract(call),
    });
  }
  const held = await stage.node.readContract({
    address: stage.addresses.collateral,
    abi: testDollarAbi,
    functionName: "balanceOf",
    args: [stage.addresses.oracle],
  });
  const owed = await one<{ sum: bigint }>(
    tables.store.db,
    sql`select (select sum(credit) from oracle.credits) +
      (select coalesce(sum(reward), 0) from oracle.questions where not reward_settled) as sum`,
  );
  expect(owed?.sum).toBe(held);
}

test("an answer was final and paid for; in the other chain it was disputed in time, corrected, and paid for once", async () => {
  const { rich, send, addresses, parties } = stage;
  const settle = (asked: unknown) => send(rich, addresses.oracle, oracleAbi, "settleReward", [asked]);
  const asked = await stage.ask();
  await stage.answer(asked, SEVEN, near(200_000n));
  const answered = await height();
  await stage.warp((await stage.now()) + 2 * LIVENESS);
  await settle(asked.asked);
  await expectWhole();
  expect(await told("RewardSettled", asked.question)).toBe(1);

  await backTo(answered);
  const d = await stage.dispute(asked, at(parties, 0), 250_000n);
  const own = packEntries(await stage.reports(asked, SEVEN, { round: 1, say: near(250_000n) }));
  await stage.step(rich, "rereportValues", [asked.asked, d, 1, own]);
  await expectWhole();
  await stage.warp((await stage.now()) + 2 * LIVENESS);
  await settle(asked.asked);
  await expectWhole();
  expect(await told("RewardSettled", asked.question)).toBe(1);
  const row = await one(
    tables.store.db,
    sql`select value, reward_settled as "rewardSettled" from oracle.questions where id = ${asked.question}`,
  );
  expect(row).toEqual({ value: 250_030n, rewardSettled: true });
});

test("a dispute was lost and its deposit paid out; in the other chain an appeal overturned the answer, and it is paid once", async () => {
  const { rich, send, addresses, parties } = stage;
  const asked = await stage.ask();
  await stage.answer(asked, SEVEN, near(200_000n));
  const d = await stage.dispute(asked, at(parties, 0), 250_000n);
  const { value, seats, signatures } = await stage.agreed(asked, THREE, 200_030n, 1);
  await stage.step(rich, "rereportAgreed", [asked.asked, d, 1, value, seats, signatures]);
  const confirmed = await height();
  await stage.warp((await stage.now()) + APPEAL);
  await stage.step(rich, "conclude", [asked.asked, d]);
  await send(rich, addresses.oracle, oracleAbi, "settleReward", [asked.asked]);
  await expectWhole();
  const id = need(
    await one<{ id: Hex }>(
      tables.store.db,
      sql`select id from oracle.disputes where question = ${asked.question}`,
    ),
    "the dispute",
  ).id;
  // Its seven signers share what was lost.
  expect(await told("Awarded", id)).toBe(7);

  await backTo(confirmed);
  await expectWhole();
  const jury = need(await stage.step(at(parties, 1), "appeal", [asked.asked, d, 2]), "a jury");
  await stage.vote(jury, await stage.draw(jury), { choiceOf: () => 2 });
  await stage.step(rich, "takeVerdict", [asked.asked, d, jury]);
  const verdict = await height();
  for (const again of [false, true]) {
    // The second time the same is told in other blocks.
    if (again) await backTo(verdict);
    await stage.warp((await stage.now()) + APPEAL);
    await stage.step(rich, "conclude", [asked.asked, d]);
    await send(rich, addresses.court, courtAbi, "close", [jury]);
    await send(rich, addresses.oracle, oracleAbi, "settleReward", [asked.asked]);
    await expectWhole();
    expect([await told("Concluded", id), await told("Awarded", id)]).toEqual([1, 2]);
    expect(await told("RewardSettled", asked.question)).toBe(1);
  }
});
