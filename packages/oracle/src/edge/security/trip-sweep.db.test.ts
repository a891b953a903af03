import { guardAbi } from "@sooth/abi";
import type { Chain } from "@sooth/chain";
import { type Hex, need } from "@sooth/kernel";
import { rows, sql, type Store } from "@sooth/store";
import { decodeFunctionData, zeroAddress } from "viem";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { oracleStore } from "../../../test/database.ts";
import {
  addresses,
  answer,
  ask,
  type Asked,
  asked,
  boolSchema,
  CHAIN_ID,
  happen,
  OPENS,
} from "../../../test/people.ts";
import { object } from "../../../test/quarrel.ts";
import { blockOf } from "../../../test/watched.ts";
import { sweepBreakers } from "./trip-sweep.ts";

let store: Store;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());
beforeEach(async () => {
  await sql`truncate oracle.questions, oracle.disputes, oracle.dispute_stakes, oracle.credits, oracle.trips, oracle.pauses,
    chain.outbox cascade`.execute(store.db);
});

const HOUR = 3_600;
const MILLION = 1_000_000n;
const policy = { valueLimit: 500n * MILLION, surgeFloor: 5, meanDisputes: 0n };
let asks = 0;
const hub = {
  definition: { id: CHAIN_ID, blockSeconds: 1 },
  client: {
    readContract: async ({ functionName }: { functionName: keyof typeof policy }) => {
      asks += 1;
      return need(policy[functionName], functionName);
    },
  },
} as unknown as Chain;

async function sweepAt(second: number): Promise<Sent[]> {
  await sweepBreakers(
    { store, hub, addresses },
    { chainId: CHAIN_ID, number: blockOf(second), timestamp: second, hash: "0x00" },
  );
  const sent = await rows<{ key: string; to: string; data: Hex }>(
    store.db,
    sql`select key, "to", data from chain.outbox order by id`,
  );
  return sent.map(({ key, to, data }) => {
    expect(to).toBe(addresses.guard);
    return { key, call: decodeFunctionData({ abi: guardAbi, data }) };
  });
}
type Sent = { key: string; call: ReturnType<typeof decodeFunctionData<typeof guardAbi>> };

async function answered(nonce: number, secures: bigint, finalizeAt: number) {
  const question = asked(boolSchema(), { nonce: BigInt(nonce), secures });
  await ask(store.db, question);
  await answer(store.db, question, { value: 1n, finalizeAt, at: blockOf(OPENS) });
  return question;
}
const names = (sent: readonly Sent[]) => sent.map(({ call }) => call.functionName);

test("too much value within an hour trips once, with the evidence in order", async () => {
  const questions = [
    await answered(1, 200n * MILLION, OPENS + 600),
    await answered(2, 200n * MILLION, OPENS + 700),
    await answered(3, 200n * MILLION, OPENS + 800),
  ];
  // Neither what is final before the transaction is in a block, nor what comes an hour later.
  await answered(4, 900n * MILLION, OPENS + 12);
  await answered(5, 400n * MILLION, OPENS + 800 + HOUR);
  const [trip, ...more] = await sweepAt(OPENS + 10);
  expect(more).toEqual([]);
  const ids = questions.map(({ id }) => id).toSorted();
  const call = need(trip, "a trip").call;
  if (call.functionName !== "tripValue") throw new Error(call.functionName);
  const [shown, from] = call.args;
  expect(from).toBe(OPENS + 600);
  const nonces = ids.map(
    (id) =>
      need(
        questions.find((one) => one.id === id),
        id,
      ).terms.nonce,
  );
  expect(shown.map(({ nonce }) => nonce)).toEqual(nonces);

  expect(names(await sweepAt(OPENS + 11))).toEqual(["tripValue"]);
  await happen(store.db, "guard", "Tripped", {
    at: blockOf(OPENS + 12),
    why: "value",
    found: 600n * MILLION,
    limit: 500n * MILLION,
    until: OPENS + 300,
  });
  const before = asks;
  expect(names(await sweepAt(OPENS + 299))).toEqual(["tripValue"]);
  expect(asks).toBe(before);
  // It ended by itself; what would be too much is so still.
  expect(names(await sweepAt(OPENS + 300))).toEqual(["tripValue", "tripValue"]);
});

test("up to the limit nothing is sent, and without anything secured nobody is asked", async () => {
  await answered(1, 500n * MILLION, OPENS + 600);
  expect(await sweepAt(OPENS + 10)).toEqual([]);
  await sql`update oracle.questions set secures = 0`.execute(store.db);
  const before = asks;
  expect(await sweepAt(OPENS + 11)).toEqual([]);
  expect(asks).toBe(before);
});

test("a surge of disputes trips; each is counted on the way, and a trip that failed is tried with what is true then", async () => {
  const questions: Asked[] = [];
  for (let n = 1; n <= 6; n += 1) questions.push(await answered(n, 0n, OPENS + HOUR));
  const disputed: Hex[] = [];
  const dispute = async (n: number) => {
    const question = need(questions[n], "a question");
    await object(store.db, question, blockOf(OPENS + 20 + n));
    disputed.push(question.id);
  };
  await dispute(0);
  const [counted] = await sweepAt(OPENS + 40);
  expect(counted?.call).toEqual({ functionName: "countDisputes", args: [disputed] });
  for (const n of [1, 2, 3]) await dispute(n);
  expect(names(await sweepAt(OPENS + 41))).toEqual(["countDisputes", "countDisputes"]);
  await dispute(4);
  const five = await sweepAt(OPENS + 42);
  // Five are no step of their own: they were counted as four, and the trip counts them.
  expect(names(five)).toEqual(["countDisputes", "countDisputes", "tripDisputes"]);
  expect(five.at(-1)?.call.args).toEqual([disputed.toSorted()]);
  expect(names(await sweepAt(OPENS + 43))).toHaveLength(3);

  await sql`update chain.outbox set status = 'failed' where purpose = 'trip'`.execute(store.db);
  await dispute(5);
  const again = await sweepAt(OPENS + 44);
  expect(again.at(-1)?.call).toEqual({ functionName: "tripDisputes", args: [disputed.toSorted()] });
  expect(disputed).toHaveLength(6);
});

test("three times the mean is a surge, as many are not", async () => {
  policy.meanDisputes = 20_000n;
  for (let n = 1; n <= 7; n += 1) {
    const question = await answered(n, 0n, OPENS + HOUR);
    await object(store.db, question, blockOf(OPENS + 20));
    const trips = names(await sweepAt(OPENS + 40 + n)).filter((name) => name === "tripDisputes");
    expect(trips).toHaveLength(n === 7 ? 1 : 0);
  }
  policy.meanDisputes = 0n;
});

test("a pause trips nothing", async () => {
  await happen(store.db, "guard", "Paused", {
    at: 60,
    number: 1,
    guardian: zeroAddress,
    until: OPENS + HOUR,
  });
  expect(await sweepAt(OPENS)).toEqual([]);
});
