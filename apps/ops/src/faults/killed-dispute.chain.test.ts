import { courtAbi, ladderAbi, marketsAbi, oracleAbi, testDollarAbi } from "@sooth/abi";
import { localParams } from "@sooth/chain";
import { type Hex, need } from "@sooth/kernel";
import { rows, sql } from "@sooth/store";
import { createTestClient, http, parseEventLogs } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askWithMarket, type KilledStage, objectTo, openKilledStage } from "../../test/killed-stage.ts";
import { caughtUp, replayed, tablesOf } from "../../test/replayed.ts";
import { logsOfNode } from "../verify/log-source.ts";
import { verifyQuestion } from "../verify/verify-question.ts";
import { waitFor } from "../waiting.ts";

/** What the relayer calls in the life of a dispute, from the second look to the last pay-out. */
const STEPS = [
  "rereportAgreed",
  "prove",
  "postCommits",
  "reveal",
  "takeVerdict",
  "conclude",
  "close",
  "claimMany",
];
const ABI = [...oracleAbi, ...ladderAbi, ...courtAbi, ...marketsAbi];
/** Each of them is told once of one dispute. */
const ONCE = [
  "Answered",
  "Disputed",
  "Rereported",
  "Convened",
  "JuryOpened",
  "VerdictTaken",
  "Ruled",
  "Concluded",
  "JuryClosed",
  "Claimed",
  "RewardSettled",
];
/** The last of them, in whatever order they come. */
const LAST = ["JuryClosed", "Claimed", "RewardSettled"];

let stage: KilledStage;
let question: Hex;
let before: bigint;
beforeAll(async () => {
  stage = await openKilledStage(STEPS);
}, 300_000);
afterAll(() => stage.stop());

const hub = () => ({
  chain: stage.stack.hub,
  addresses: stage.stack.addresses,
  startBlock: stage.stack.startBlock,
});
const dollarsOf = (name: string) =>
  stage.stack.hub.client.readContract({
    address: stage.stack.addresses.collateral,
    abi: testDollarAbi,
    functionName: "balanceOf",
    args: [stage.user(name).address],
  });
async function toldOnChain(): Promise<Map<string, number>> {
  const { oracle, ladder, court, markets } = stage.stack.addresses;
  const logs = await stage.hub.client.getLogs({
    address: [oracle, ladder, court, markets],
    fromBlock: 0n,
    toBlock: "latest",
  });
  const told = new Map<string, number>();
  for (const { eventName } of parseEventLogs({ abi: ABI, logs }))
    told.set(eventName, (told.get(eventName) ?? 0) + 1);
  return told;
}
const once = async () => {
  const told = await toldOnChain();
  return Object.fromEntries(ONCE.map((name) => [name, told.get(name) ?? 0]));
};
const ALL_ONCE = Object.fromEntries(ONCE.map((name) => [name, 1]));
async function untilOver(seconds: number): Promise<void> {
  await waitFor(
    "the end of it all",
    async () => {
      if (stage.broken() !== undefined) return true;
      const told = await once();
      return LAST.every((name) => told[name] === 1) || undefined;
    },
    { seconds },
  );
  expect(stage.broken()).toBeUndefined();
}

/** Nothing lost, nothing doubled: rows are the chain's, the proof holds, nobody's money is missing. */
async function expectWhole(): Promise<void> {
  expect(await once()).toEqual(ALL_ONCE);
  await caughtUp(stage.store, stage.stack.hub);
  expect(await tablesOf(stage.store.db)).toEqual(await replayed(hub()));
  const { addresses, startBlock, config } = stage.stack;
  const params = { ...localParams, ...stage.params };
  const deployment = { chainId: config.HUB_CHAIN_ID, addresses, params, startBlock };
  const file = await logsOfNode(stage.rpcUrl, deployment);
  const { findings, status, value } = await verifyQuestion(file, question, { deployment, evidence: null });
  expect(findings).toEqual([]);
  expect({ status, value }).toEqual({ status: "final", value: "1" });
  // Two staked a hundred each: all of it is Bob's, once.
  expect(await dollarsOf("Bob")).toBe(before + 200_000_000n);
  expect(
    await rows(
      stage.store.db,
      sql`select key, error_name from chain.outbox where status = 'failed' and key not like 'oracle:%epoch%'`,
    ),
  ).toEqual([]);
}

test(
  "api, worker and relayer are killed after each step of a dispute is sent and before it is recorded: each happens once",
  { timeout: 900_000 },
  async () => {
    ({ question } = await askWithMarket(stage, 120));
    before = await dollarsOf("Bob");
    await objectTo(stage, question, "Carol", "No");
    await untilOver(600);
    await stage.settled();
    expect(stage.killed().toSorted()).toEqual(STEPS.toSorted());
    await stage.still(expectWhole);
    const credit = await stage.hub.client.readContract({
      address: stage.stack.addresses.oracle,
      abi: oracleAbi,
      functionName: "creditOf",
      args: [stage.user("Carol").address],
    });
    expect(credit).toBe(0n);
  },
);

test(
  "the chain is reorganised across the end of the dispute: it ends once more, and everybody is paid once",
  { timeout: 300_000 },
  async () => {
    await stage.still(async () => {
      const logs = await stage.hub.client.getLogs({
        address: stage.stack.addresses.oracle,
        fromBlock: 0n,
        toBlock: "latest",
      });
      const [ruled] = parseEventLogs({ abi: oracleAbi, eventName: "Ruled", logs });
      const at = need(ruled, "a ruling").blockNumber;
      const depth = Number((await stage.hub.client.getBlockNumber({ cacheTime: 0 })) - at) + 2;
      // Deeper ones are final for who sends.
      expect(depth).toBeLessThan(stage.stack.hub.definition.finality.confirmations);
      const node = createTestClient({ mode: "anvil", transport: http(stage.rpcUrl) });
      await node.request({ method: "anvil_reorg" as never, params: [depth, []] as never });
      expect((await once())["Concluded"]).toBe(0);
    });
    await untilOver(200);
    await stage.still(expectWhole);
  },
);
