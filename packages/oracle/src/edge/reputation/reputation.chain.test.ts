import { epochsAbi, oracleAbi, stakeManagerAbi, testDollarAbi } from "@sooth/abi";
import { localParams } from "@sooth/chain";
import { turnClock } from "@sooth/chain/local-node";
import { at, type Hex, need } from "@sooth/kernel";
import { one, rows, sql } from "@sooth/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { numericSchema, termsFor } from "../../../test/people.ts";
import { asker, keys, openStage, owners, STAKE, type Stage, until, walletOf } from "../../../test/stage.ts";
import {
  bitmapOf,
  isInEpoch,
  lastPeriod,
  type OracleDomain,
  packAgreed,
  packEntries,
  questionId,
  reasonHash,
  reportTypedData,
  rootTypedData,
  schemaText,
  type Terms,
  termsToChain,
  untilOf,
  type wirePeriod,
  type wireProvider,
  type wireReputation,
} from "../../core/index.ts";
import { questionById } from "../questions.ts";
import { signerSet } from "../signer-sets.ts";

type Period = z.infer<typeof wirePeriod>;
type Provider = z.infer<typeof wireProvider> & { reputation: z.infer<typeof wireReputation>[] };

const periods = {
  ...localParams.periods,
  periodSeconds: 3_600,
  settleSeconds: 5,
  answerSeconds: 600,
  // Long enough to object in on a busy machine; where nobody objects the clock is turned.
  livenessSeconds: 120,
  cooldownSeconds: 36_000,
};
const schema = numericSchema({ sources: [] });
const DISPUTED = 3;
let stage: Stage;
let domain: OracleDomain;
let nonce = 0n;

beforeAll(async () => {
  stage = await openStage({ allowedOrigins: [], params: { periods } });
  domain = { chainId: stage.chain.definition.id, oracle: stage.addresses.oracle };
  await until("the first epoch", () => one(stage.store.db, sql`select 1 from oracle.epochs`));
  // Provider 2 will be charged for his numbers. With more than the weight cap counts he stays where he sits.
  const wallet = walletOf(stage, at(owners, 2));
  const [token, manager] = [stage.addresses.collateral, stage.addresses.stakeManager];
  const allow = { abi: testDollarAbi, functionName: "approve", args: [manager, STAKE] } as const;
  await mined(await wallet.writeContract({ ...allow, address: token }));
  const add = { abi: stakeManagerAbi, functionName: "addStake", args: [STAKE] } as const;
  await mined(await wallet.writeContract({ ...add, address: manager }));
});
afterAll(() => stage.close());

const jumpTo = (time: number) => turnClock(stage.node, time);
const mined = async (hash: Hex) => {
  const receipt = await stage.node.waitForTransactionReceipt({ hash, pollingInterval: 50 });
  expect(receipt.status).toBe("success");
};
const oracle = () => ({ address: stage.addresses.oracle, abi: oracleAbi }) as const;
const read = {
  standing: (owner: Hex) =>
    stage.chain.client.readContract({
      address: stage.addresses.stakeManager,
      abi: stakeManagerAbi,
      functionName: "standingOf",
      args: [0, owner],
    }),
};
const ownerOf = (index: number) => at(owners, index).address.toLowerCase() as Hex;
const period = (number: number) => stage.get<Period>(`/v1/epochs/0/${number}`);
const seatOf = async (index: number) => {
  const set = await signerSet(stage.store.db, 0);
  const signer = at(keys, index).address.toLowerCase();
  return { seat: set.seats.findIndex((each) => each.signer === signer), epoch: set.epoch };
};

/** Asked, answered at once by these values of these providers, and final. */
async function answered(values: ReadonlyMap<number, bigint>): Promise<Hex> {
  const now = await stage.chain.now();
  const terms: Terms = termsFor(schema, {
    asker: asker.address,
    opensAt: now,
    deadline: now + 600,
    liveness: 2,
    reward: 0n,
    tolerance: 5n,
    nonce: nonce++,
  });
  const id = questionId(terms);
  const wallet = walletOf(stage, asker);
  const asked = [termsToChain(terms), schemaText(schema)] as const;
  await mined(await wallet.writeContract({ ...oracle(), functionName: "ask", args: asked }));
  const { epoch } = await seatOf(0);
  const reports = await Promise.all(
    [...values].map(async ([index, value]) => {
      const report = { question: id, value, epoch, round: 0 };
      const signature = await at(keys, index).signTypedData(reportTypedData(domain, report));
      return { seat: (await seatOf(index)).seat, value, signature };
    }),
  );
  const given = [termsToChain(terms), epoch, packEntries(reports)] as const;
  await mined(await wallet.writeContract({ ...oracle(), functionName: "reportValues", args: given }));
  await until("finality", async () => {
    const found = await questionById(stage.store.db, id);
    return found?.word.state === "answered" && found.word.finalizeAt < (await stage.chain.now());
  });
  return id;
}

test("two periods: who is wrong or silent loses, and a root that is not the logs' is objected to", async () => {
  // Into the beginning of a period, so that all that follows lies in it.
  const first = lastPeriod(periods, await stage.chain.now()) + 2;
  await jumpTo(untilOf(periods, first - 1) + 1);
  const before = await signerSet(stage.store.db, 0);
  expect(before.seats).toHaveLength(4);

  // Provider 2 is far off, provider 3 says nothing, three times in a row.
  for (let count = 0; count < 3; count++)
    await answered(
      new Map([
        [0, 100n],
        [1, 102n],
        [2, 200n],
      ]),
    );
  const stops = keys.slice(0, 4).map((key) => stage.provide(key));
  await jumpTo(untilOf(periods, first) + 1);

  const worked = await until("the period's root on chain", async () => {
    const found = await period(first);
    return found.answer && found;
  });
  // Signed by nodes that saw nothing but logs, and the same as the server's out of rows.
  expect(worked.answer?.root).toBe(worked.root);
  expect(worked).toMatchObject({ questions: 3, until: untilOf(periods, first) });
  const record = (index: number) =>
    need(
      worked.records.find(({ owner }) => owner === ownerOf(index)),
      "a record",
    );
  expect(record(3)).toMatchObject({ strikes: 3, factorBps: 0 });
  expect(record(3).suspendedUntil).toBeGreaterThan(worked.until);
  expect(record(2).score).toBeLessThan(record(0).score);
  expect(record(0)).toMatchObject({ strikes: 0, suspendedUntil: 0, state: { rounds: 3 } });
  for (const { owner, proof, ...leaf } of worked.records)
    expect(
      isInEpoch(
        { ...leaf, owner: owner as Hex, domain: 0, epoch: first },
        worked.root as Hex,
        proof as Hex[],
      ),
    ).toBe(true);

  // Final after its time to be objected to: the stake manager knows, and the next signer set is without the silent one.
  await jumpTo((await stage.chain.now()) + 2 * periods.livenessSeconds + 1);
  const after = await until(
    "another signer set",
    async () => {
      const set = await signerSet(stage.store.db, 0);
      return set.epoch > before.epoch && set;
    },
    60,
  );
  expect(await read.standing(ownerOf(3))).toMatchObject({ strikes: 3, epoch: first, factorBps: 0 });
  expect(await read.standing(ownerOf(2))).toMatchObject({ score: record(2).score, epoch: first });
  expect(after.seats.map(({ signer }) => signer)).not.toContain(at(keys, 3).address.toLowerCase());
  expect(after.seats).toHaveLength(3);
  expect(after.totalWeight).toBeLessThan(before.totalWeight);
  const silent = await stage.get<Provider>(`/v1/providers/${ownerOf(3)}`);
  expect(silent.reputation).toMatchObject([
    {
      domain: 0,
      strikes: 3,
      factorBps: 0,
      onChain: { period: first },
      history: [{ period: first, missed: 3 }],
    },
  ]);

  // The next period: all three seats collude. Somebody outside has read the logs, and money to object.
  await Promise.all(stops.map((stop) => stop()));
  await answered(
    new Map([
      [0, 50n],
      [1, 50n],
      [2, 50n],
    ]),
  );
  const wallet = walletOf(stage, asker);
  const token = { address: stage.addresses.collateral, abi: testDollarAbi } as const;
  await mined(
    await wallet.writeContract({ ...token, functionName: "approve", args: [stage.addresses.oracle, STAKE] }),
  );
  await mined(
    await wallet.writeContract({ ...oracle(), functionName: "deposit", args: [asker.address, STAKE] }),
  );
  const second = first + 1;
  await jumpTo(untilOf(periods, second) + 1);
  const question = await until("the next question for a root", async () => (await period(second)).question);
  const [terms] = await stage.chain.client.readContract({
    address: stage.addresses.epochs,
    abi: epochsAbi,
    functionName: "termsOf",
    args: [0, second],
  });
  const root: Hex = `0x${"bad0".repeat(16)}`;
  const { epoch } = await seatOf(0);
  const lies = await Promise.all(
    [0, 1, 2].map(async (index) => {
      const report = { question: question as Hex, root, epoch, round: 0 };
      const signature = await at(keys, index).signTypedData(rootTypedData(domain, report));
      return { seat: (await seatOf(index)).seat, value: 0n, signature };
    }),
  );
  await until("its time", async () => (await stage.chain.now()) > terms.opensAt);
  const stop = stage.provide(at(keys, 3), { challenger: asker });
  const seats = bitmapOf(lies.map(({ seat }) => seat));
  await mined(
    await walletOf(stage, at(owners, 4)).writeContract({
      ...oracle(),
      functionName: "reportRoot",
      args: [terms, epoch, root, seats, packAgreed(lies)],
    }),
  );
  await until("the objection", async () => {
    const [status] = await stage.chain.client.readContract({
      ...oracle(),
      functionName: "get",
      args: [question as Hex],
    });
    return status === DISPUTED;
  });
  const [dispute] = await until("its reason", async () => {
    const found = await rows<{ hash: Hex; text: string | null }>(
      stage.store.db,
      sql`select d.reason as hash, r.text from oracle.disputes d left join oracle.reasons r on r.hash = d.reason
        where d.question = ${question as Hex}`,
    );
    return found.length > 0 && found;
  });
  expect(reasonHash(dispute?.text ?? "")).toBe(dispute?.hash);
  expect(dispute?.text).toContain(`another root of period ${second} of domain 0 (question ${question})`);
  expect(dispute?.text).toContain(`the answer is ${root}`);
  // However long the ladder takes: nothing of it is applied.
  expect((await period(second)).root).not.toBe(root);
  expect(await read.standing(ownerOf(0))).toMatchObject({ epoch: first });
  await stop();
  const sent = await rows<{ key: string; status: string }>(
    stage.store.db,
    sql`select key, status from chain.outbox where key like 'oracle:period:%' or key like 'oracle:records:%' order by id`,
  );
  expect(sent.map(({ key }) => key)).toEqual([
    `oracle:period:0:${first}`,
    `oracle:records:0:${first}:0`,
    `oracle:period:0:${second}`,
  ]);
  expect(new Set(sent.map(({ status }) => status))).toEqual(new Set(["mined"]));
}, 240_000);
