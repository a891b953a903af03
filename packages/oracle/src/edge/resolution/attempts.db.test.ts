import { oracleAbi } from "@sooth/abi";
import type { Hex } from "@sooth/kernel";
import { createApp, logger } from "@sooth/runtime";
import { rows, sql, type Store } from "@sooth/store";
import { decodeFunctionData, type LocalAccount } from "viem";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { z } from "zod";
import { oracleStore } from "../../../test/database.ts";
import {
  addresses,
  answer,
  ask,
  asked,
  boolSchema,
  CHAIN_ID,
  clock,
  handoverOf,
  happen,
  joinAll,
  OPENS,
  ownerOf,
  seatOf,
  stranger,
  WEIGHT,
} from "../../../test/people.ts";
import { convene, object } from "../../../test/quarrel.ts";
import { abstentionTypedData, type Attempt, type wireAttempts } from "../../core/index.ts";
import { signerSets } from "../signer-sets.ts";
import { questionById } from "../questions.ts";
import { receiveReport } from "../receive.ts";
import { receiveAbstention } from "./abstentions.ts";
import { resolutionRoutes } from "./routes.ts";
import { questionAttempts } from "./story.ts";
import { sweepAttempts } from "./sweep-attempts.ts";

let store: Store;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());
const config = { ORACLE_MIN_PROVIDERS: 4, ORACLE_MIN_REWARD: 0n, ORACLE_RESOLVE_DEPOSIT: 0n };
const log = logger("test");
const question = asked(boolSchema());
const HALF = OPENS + 500;
const depsAt = (now: number) => ({ store, hub: clock(now).chain, addresses, config, log });

beforeEach(async () => {
  await sql`truncate oracle.questions, oracle.reopenings, oracle.providers, oracle.signers, oracle.epochs,
    oracle.rosters, oracle.seats, oracle.credits, oracle.reports, oracle.evidence, oracle.abstentions, oracle.attempts,
    oracle.disputes, oracle.dispute_steps, oracle.dispute_stakes, oracle.juries, oracle.signed_answers, chain.outbox,
    chain.undo cascade`.execute(store.db);
  await joinAll(store.db);
  await ask(store.db, question);
});

const attempts = async (now: number): Promise<Attempt[]> => {
  const stored = await questionById(store.db, question.id);
  if (!stored) throw new Error("the question is not there");
  return questionAttempts(store.db, stored, now, { tier: 1_000_000n, seconds: 100 });
};
const told = async (now: number) =>
  (await attempts(now)).map(({ kind, state, reason }) => `${kind} ${state}: ${reason}`);
const handOver = async (seat: number, value: bigint, now = OPENS + 10 + seat) =>
  receiveReport(depsAt(now), await handoverOf(seatOf(seat), question, value));
const abstain = async (account: LocalAccount, over: object = {}, now = OPENS + 20) => {
  const said = {
    question: question.id,
    round: 0,
    epoch: 1,
    at: now,
    reason: "k answered with HTTP 403",
    ...over,
  };
  const typed = abstentionTypedData({ chainId: CHAIN_ID, oracle: addresses.oracle }, said);
  return receiveAbstention(depsAt(now), { ...said, signature: await account.signTypedData(typed) });
};
const sweepAt = async (now: number, number = now - OPENS) =>
  sweepAttempts(depsAt(now), await signerSets(store.db), {
    chainId: CHAIN_ID,
    number,
    timestamp: now,
    hash: `0x${"0".repeat(64)}`,
  });
const kept = () =>
  rows<{ kind: string; state: string; reason: string; block: number }>(
    store.db,
    sql`select kind, state, reason, block from oracle.attempts order by block`,
  );
const outbox = async () =>
  (await rows<{ key: string }>(store.db, sql`select key from chain.outbox order by id`)).map(
    ({ key }) => key,
  );

describe("a provider's word that it cannot tell", () => {
  test("is taken while the question is open, and the last one stands", async () => {
    await abstain(seatOf(2));
    await abstain(seatOf(2), { reason: "k is\u202e away", at: OPENS + 30 }, OPENS + 30);
    await abstain(seatOf(2), { reason: "an older one", at: OPENS + 25 }, OPENS + 31);
    expect(await rows(store.db, sql`select signer, reason, at from oracle.abstentions`)).toEqual([
      { signer: seatOf(2).address.toLowerCase(), reason: "k is away", at: OPENS + 30 },
    ]);
  });
  test.each<[string, object, string]>([
    ["a stranger", {}, "oracle.not_seated"],
    ["another epoch", { epoch: 2 }, "oracle.stale_epoch"],
    ["another round", { round: 1 }, "oracle.stale_round"],
    ["long ago", { at: OPENS - 500 }, "oracle.bad_report"],
  ])("is refused from %s", async (_, over, code) => {
    const who = code === "oracle.not_seated" ? stranger : seatOf(0);
    await expect(abstain(who, over)).rejects.toMatchObject({ code });
    expect(await rows(store.db, sql`select 1 from oracle.abstentions`)).toEqual([]);
  });
  test("is refused after the end", async () => {
    await expect(abstain(seatOf(0), { at: OPENS + 1_001 }, OPENS + 1_001)).rejects.toMatchObject({
      code: "oracle.not_open",
    });
  });
});

describe("past half of the time without a quorum in sight", () => {
  test("it is written down once why nobody else can report, however often the sweep runs", async () => {
    await handOver(0, 1n);
    await sweepAt(HALF - 1);
    expect(await kept()).toEqual([]);
    await sweepAt(HALF);
    await Promise.all([sweepAt(HALF + 1), sweepAt(HALF + 1), sweepAt(HALF + 2)]);
    expect(await kept()).toEqual([
      {
        kind: "extend",
        state: "failed",
        block: 500,
        reason: expect.stringContaining("the same 4 providers"),
      },
    ]);
    expect(await outbox()).toEqual([]);
  });

  test("the next epoch is asked for beside the record, where somebody else would be seated", async () => {
    await happen(store.db, "stakeManager", "Joined", {
      owner: stranger.address,
      signer: stranger.address,
      stake: WEIGHT,
      kinds: 1,
    });
    await happen(store.db, "stakeManager", "Seated", { domain: 0, owner: stranger.address });
    await sweepAt(HALF);
    await sweepAt(HALF + 1);
    expect(await kept()).toEqual([
      {
        kind: "extend",
        state: "waiting",
        block: 500,
        reason:
          "epoch 2 would seat 5 providers: 1 new, 0 gone; it was asked for, and all who are seated sign anew",
      },
    ]);
    expect((await outbox()).map((key) => key.slice(0, 17))).toEqual(["oracle:epoch:0:2:"]);
  });

  test("nothing is done for one that has its quorum, is over, or pays too little", async () => {
    for (const seat of [0, 1, 2]) await handOver(seat, 1n);
    await sweepAt(HALF);
    await sql`delete from oracle.reports`.execute(store.db);
    await sweepAt(OPENS + 1_000);
    const dear = { ...depsAt(HALF), config: { ...config, ORACLE_MIN_REWARD: question.terms.reward + 1n } };
    await sweepAttempts(dear, await signerSets(store.db), {
      chainId: CHAIN_ID,
      number: 9,
      timestamp: HALF,
      hash: `0x${"0".repeat(64)}`,
    });
    expect(await kept()).toEqual([]);
  });
});

const LATE = OPENS + 875;
const sweepWith = async (now: number, most: bigint) =>
  sweepAttempts(
    { ...depsAt(now), config: { ...config, ORACLE_RESOLVE_DEPOSIT: most } },
    await signerSets(store.db),
    { chainId: CHAIN_ID, number: now - OPENS, timestamp: now, hash: `0x${"0".repeat(64)}` },
  );
const staked = async () =>
  (await kept()).filter(({ kind }) => kind === "jury").map(({ state, reason }) => `${state}: ${reason}`);

describe("shortly before the deadline", () => {
  test("the silence is objected to once with what most who reported say, and with no more than may be staked", async () => {
    await handOver(0, 1n);
    await handOver(1, 1n);
    await sweepWith(LATE - 1, 250_000_000n);
    expect(await staked()).toEqual([]);
    await sweepWith(LATE, 249_999_999n);
    await sweepWith(LATE + 1, 249_999_999n);
    expect(await staked()).toEqual(["failed: the deposit is 250, and this server puts down 249 at most"]);
    await sweepWith(LATE + 2, 250_000_000n);
    await sweepWith(LATE + 3, 250_000_000n);
    expect((await staked()).slice(1)).toEqual([
      "waiting: 2 reports with 50.0% of the weight stand behind what is claimed against the silence, with a deposit of 250: providers report anew, or a jury decides",
    ]);
    expect(await outbox()).toEqual([`oracle:silence:${question.id}:0`]);
    const sent = await rows<{ data: Hex }>(store.db, sql`select data from chain.outbox`);
    expect(decodeFunctionData({ abi: oracleAbi, data: sent[0]?.data ?? "0x" })).toMatchObject({
      functionName: "disputeSilence",
      args: [{ schema: question.terms.schema }, 1n, expect.stringMatching(/^0x[0-9a-f]{64}$/)],
    });
    await sql`update chain.outbox set status = 'failed', error_name = 'Oracle_InsufficientCredit'`.execute(
      store.db,
    );
    await sweepWith(LATE + 4, 250_000_000n);
    await sweepWith(LATE + 5, 250_000_000n);
    expect((await staked()).slice(2)).toEqual([
      "failed: the contract refused the objection to the silence: Oracle_InsufficientCredit",
    ]);
  });

  test("not while a quorum is on its way", async () => {
    for (const seat of [0, 1, 2]) await handOver(seat, 1n);
    await sql`insert into chain.outbox (key, chain_id, "to", data, purpose, priority)
      values (${`oracle:answer:${question.id}:0:1`}, ${CHAIN_ID}, ${addresses.oracle}, '0x', 'answer', 0)`.execute(
      store.db,
    );
    await sweepWith(LATE, 250_000_000n);
    expect(await staked()).toEqual([]);
    await sql`update chain.outbox set status = 'failed', error_name = 'Oracle_TooEarly'`.execute(store.db);
    await sql`insert into chain.outbox (key, chain_id, "to", data, purpose, priority)
      values (${`oracle:answer:${question.id}:0:1:2`}, ${CHAIN_ID}, ${addresses.oracle}, '0x', 'answer', 0)`.execute(
      store.db,
    );
    await sweepWith(LATE + 1, 250_000_000n);
    expect(await staked()).toEqual([]);
  });

  test("who is seated no more weighs nothing", async () => {
    await handOver(0, 1n);
    await handOver(1, 1n);
    await happen(store.db, "stakeManager", "EpochAdvanced", {
      domain: 0,
      epoch: 2,
      totalWeight: 3n * WEIGHT,
      seats: [1, 2, 3].map((seat) => (BigInt(seatOf(seat).address) << 96n) | WEIGHT),
    });
    await sweepWith(LATE, 250_000_000n);
    expect(await staked()).toEqual([
      "failed: no value has more than a third of the weight behind it: 33.3% of the weight is too little to stake on",
    ]);
  });
});

test("two report, one cannot, one is silent: the whole story of an invalid question", async () => {
  await handOver(0, 1n);
  await handOver(1, 1n);
  await abstain(seatOf(2));
  expect(await told(OPENS + 30)).toEqual([
    "assign done: 4 seats of epoch 1 may report",
    "report waiting: 2 of 4 seats, 50.0% of the weight; more than 66.6% is wanted",
    expect.stringMatching(
      /^observe waiting: seat 2, 0x\w{4}…\w{4}, could not tell yet: k answered with HTTP 403$/,
    ),
    "observe waiting: 2 of 4 seats read a value, 1 could not, 1 said nothing",
  ]);
  await sweepAt(HALF);
  const end = await attempts(OPENS + 1_001);
  expect(end.map(({ kind }) => kind)).toEqual([
    "assign",
    "observe",
    "observe",
    "extend",
    "secondary",
    "report",
    "invalid",
  ]);
  expect(end.at(-1)?.reason).toMatch(
    /^no answer by the deadline, so everybody is refunded\. Reading: .*Reports: 2 of 4 seats.*More providers: epoch 2 would seat the same.*Secondary sources: the question names no secondary sources\.$/,
  );
  // Sealed values are nowhere in it.
  expect(JSON.stringify(await attempts(OPENS + 30))).not.toMatch(/Yes|"1"/);
});

test("a reorg takes back what rests on logs, and a replay gives the same; what the server wrote down stays", async () => {
  await handOver(0, 1n);
  await sweepAt(HALF);
  for (const seat of [1, 2]) await handOver(seat, 1n, OPENS + 510);
  const before = await attempts(OPENS + 900);
  const branch = () =>
    store.transaction(async (tx) => {
      await sql`select set_config('sooth.block', '31337:1520', true)`.execute(tx);
      await answer(tx, question, { at: 1_520, value: 1n, finalizeAt: OPENS + 700 });
      const dispute = await object(tx, question, 1_600);
      await convene(tx, dispute, 1_720);
      await happen(tx, "stakeManager", "Left", { at: 1_721, owner: ownerOf(1), unbondsAt: OPENS });
      await joinAll(tx, 2);
    });
  await branch();
  const after = await attempts(OPENS + 900);
  expect(after.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
    "assign done",
    "extend failed",
    "observe done",
    "report done",
    "rereport failed",
    "jury waiting",
  ]);
  await sql`select chain.undo_above(31337, 1519)`.execute(store.db);
  expect(await attempts(OPENS + 900)).toEqual(before);
  await branch();
  expect(await attempts(OPENS + 900)).toEqual(after);
});

test("pages of the API are cut from one list", async () => {
  await handOver(0, 1n);
  const app = await createApp({ log, version: "0", rateLimit: { max: 1_000, windowSeconds: 60 } });
  resolutionRoutes(app, depsAt(OPENS + 1_001));
  type Page = z.infer<typeof wireAttempts>;
  const get = async (query: string) =>
    (await app.inject({ url: `/v1/questions/${question.id}/attempts${query}` })).json<Page>();
  const all = await get("");
  expect(all.next).toBeNull();
  const first = await get("?limit=2");
  const second = await get(`?limit=200&cursor=${first.next}`);
  expect([...first.items, ...second.items]).toEqual(all.items);
  expect((await app.inject({ url: `/v1/questions/0x${"ab".repeat(32)}/attempts` })).statusCode).toBe(404);
  await app.close();
});
