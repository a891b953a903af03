import { logger } from "@sooth/runtime";
import { rows, sql, type Store } from "@sooth/store";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { oracleStore } from "../../test/database.ts";
import {
  addresses,
  answer,
  ask,
  asked,
  boolSchema,
  clock,
  handoverOf,
  happen,
  joinAll,
  OPENS,
  ownerOf,
  seatOf,
} from "../../test/people.ts";
import { schemaText, termsToChain } from "../core/index.ts";
import { receiveReport } from "./receive.ts";
import { sweep } from "./sweep.ts";
import { type Spoken, takeUp } from "./take-up.ts";

let store: Store;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());
const config = { ORACLE_MIN_PROVIDERS: 4, ORACLE_MIN_REWARD: 0n, ORACLE_RESOLVE_DEPOSIT: 0n };
const log = logger("test");
const question = asked(boolSchema());

beforeEach(async () => {
  await sql`truncate oracle.questions, oracle.reopenings, oracle.providers, oracle.signers, oracle.epochs,
    oracle.rosters, oracle.seats, oracle.credits, oracle.reports, oracle.evidence, chain.outbox cascade`.execute(
    store.db,
  );
  await joinAll(store.db);
  await ask(store.db, question);
});

const sweepAt = (now: number, settings = config) =>
  sweep(
    { store, hub: clock(now).chain, addresses, config: settings, log },
    { chainId: 31_337, number: 9, timestamp: now, hash: "0x00" },
  );
const outbox = () =>
  rows<{ key: string; status: string }>(store.db, sql`select key, status from chain.outbox order by id`);
const handOver = async (seat: number, value: bigint) =>
  receiveReport(
    { store, hub: clock(OPENS + 10).chain, addresses, config, log },
    await handoverOf(seatOf(seat), question, value),
  );

describe("the sweep", () => {
  test("transmits at a quorum, once, however often it runs", async () => {
    await handOver(0, 1n);
    await handOver(1, 1n);
    await sweepAt(OPENS + 11);
    expect(await outbox()).toEqual([]);
    await handOver(2, 1n);
    await sweepAt(OPENS + 11);
    await Promise.all([sweepAt(OPENS + 12), sweepAt(OPENS + 13), sweepAt(OPENS + 14)]);
    expect(await outbox()).toEqual([{ key: `oracle:answer:${question.id}:0:1`, status: "queued" }]);
  });

  test("answers the last of 601 questions at once, though the 600 before it are split", async () => {
    const schema = boolSchema();
    const split = Array.from({ length: 600 }, (_, i) =>
      asked(schema, { nonce: BigInt(i + 1), opensAt: OPENS - 100, deadline: OPENS + 90_000 }),
    );
    await happen(
      store.db,
      "oracle",
      "Asked",
      ...split.map(({ id, terms }) => ({
        question: id,
        asker: terms.asker,
        terms: termsToChain(terms),
        schema: schemaText(schema),
      })),
    );
    // All four reported, two against two: a quorum reported, and no answer has one.
    await sql`insert into oracle.reports
      select q.id, 0, 1, s.signer, s.seat, s.weight, s.seat / 2, '0x', '0x', '0x', ${OPENS}
      from oracle.questions q, oracle.seats s where q.opens_at < ${OPENS} and s.domain = 0 and s.epoch = 1`.execute(
      store.db,
    );
    for (const seat of [0, 1, 2]) await handOver(seat, 1n);
    await sweepAt(OPENS + 11);
    expect((await outbox()).map(({ key }) => key)).toEqual([`oracle:answer:${question.id}:0:1`]);
  });

  test("need not be waited for: the worker is told of a quorum once, and takes that question up alone", async () => {
    const told: unknown[] = [];
    const deps = { store, hub: clock(OPENS + 10).chain, addresses, config, log };
    const api = { ...deps, takeUpSoon: async (spoken: Spoken) => void told.push(spoken) };
    const other = asked(boolSchema(), { nonce: 1n });
    await ask(store.db, other);
    for (const seat of [0, 1, 2, 3]) {
      await receiveReport(api, await handoverOf(seatOf(seat), question, 1n));
      await receiveReport(deps, await handoverOf(seatOf(seat), other, 1n));
    }
    expect(told).toEqual([{ question: question.id }]);
    const head = { chainId: 31_337, number: 9, timestamp: OPENS + 10, hash: "0x00" } as const;
    const dear = { ...config, ORACLE_MIN_REWARD: question.terms.reward + 1n };
    await takeUp({ ...deps, config: dear }, head, { question: question.id });
    expect(await outbox()).toEqual([]);
    for (let i = 0; i < 2; i++) await takeUp(deps, head, { question: question.id });
    expect((await outbox()).map(({ key }) => key)).toEqual([`oracle:answer:${question.id}:0:1`]);
  });

  test("while a bare quorum is waited for, the worker is told by the report that ends the wait, and not in vain", async () => {
    const told: unknown[] = [];
    const deps = { store, hub: clock(OPENS).chain, addresses, config, log };
    const api = { ...deps, takeUpSoon: async (spoken: Spoken) => void told.push(spoken) };
    const patient = asked(boolSchema(), { nonce: 2n, liveness: 60 });
    await ask(store.db, patient);
    for (const seat of [0, 1, 2]) await receiveReport(api, await handoverOf(seatOf(seat), patient, 1n));
    expect(told).toEqual([]);
    await receiveReport(api, await handoverOf(seatOf(3), patient, 1n));
    expect(told).toEqual([{ question: patient.id }]);
    const head = { chainId: 31_337, number: 9, timestamp: OPENS, hash: "0x00" } as const;
    await takeUp(deps, head, { question: patient.id });
    expect((await outbox()).map(({ key }) => key)).toEqual([`oracle:answer:${patient.id}:0:1`]);
  });

  test("answers before opensAt what may end early, once nine tenths of the weight reported", async () => {
    const told: unknown[] = [];
    const now = OPENS - 100;
    const deps = { store, hub: clock(now).chain, addresses, config, log };
    const api = { ...deps, takeUpSoon: async (spoken: Spoken) => void told.push(spoken) };
    const early = asked(boolSchema(), { nonce: 1n, endsEarly: true });
    await ask(store.db, early);
    for (const seat of [0, 1, 2]) await receiveReport(api, await handoverOf(seatOf(seat), early, 1n));
    await sweepAt(now);
    expect([told, await outbox()]).toEqual([[], []]);
    await receiveReport(api, await handoverOf(seatOf(3), early, 1n));
    expect(told).toEqual([{ question: early.id }]);
    await sweepAt(now);
    expect((await outbox()).map(({ key }) => key)).toEqual([`oracle:answer:${early.id}:0:1`]);
  });

  test("leaves what pays less than this server wants to others", async () => {
    const dear = { ...config, ORACLE_MIN_REWARD: question.terms.reward + 1n };
    for (const seat of [0, 1, 2]) await handOver(seat, 1n);
    await sweepAt(OPENS + 11, dear);
    await answer(store.db, question, { value: 1n, finalizeAt: OPENS + 12 });
    await sweepAt(OPENS + 13, dear);
    expect(await outbox()).toEqual([]);
    await sweepAt(OPENS + 13, { ...config, ORACLE_MIN_REWARD: question.terms.reward });
    expect((await outbox()).map(({ key }) => key)).toEqual([`oracle:reward:${question.id}`]);
  });

  test("has answers go out before rewards, however many of those wait", async () => {
    for (const seat of [0, 1, 2]) await handOver(seat, 1n);
    await sweepAt(OPENS + 11);
    await answer(store.db, question, { value: 1n, finalizeAt: OPENS + 12 });
    await sweepAt(OPENS + 13);
    expect(await rows(store.db, sql`select purpose, priority from chain.outbox order by id`)).toEqual([
      { purpose: "answer", priority: 0 },
      { purpose: "reward", priority: 2 },
    ]);
  });

  test("asks again for what reverted, a few times", async () => {
    for (const seat of [0, 1, 2]) await handOver(seat, 1n);
    for (let i = 0; i < 9; i++) {
      await sweepAt(OPENS + 11);
      await sql`update chain.outbox set status = 'failed'`.execute(store.db);
    }
    expect((await outbox()).map(({ key }) => key.split(":").slice(5).join())).toEqual([
      "",
      "2",
      "3",
      "4",
      "5",
    ]);
  });

  test("settles the reward of a question that ended either way", async () => {
    await sweepAt(OPENS + 1_000);
    expect(await outbox()).toEqual([]);
    await sweepAt(OPENS + 1_001);
    await sweepAt(OPENS + 1_002);
    expect((await outbox()).map(({ key }) => key)).toEqual([`oracle:reward:${question.id}`]);
  });

  test("advances the epoch when the seats would differ, not sooner than the first four have staked", async () => {
    await sweepAt(OPENS);
    expect(await outbox()).toEqual([]);
    await sql`truncate oracle.epochs, oracle.seats`.execute(store.db);
    await happen(store.db, "stakeManager", "Benched", { domain: 0, owner: ownerOf(0) });
    await sweepAt(OPENS);
    expect(await outbox()).toEqual([]);
    await happen(store.db, "stakeManager", "Joined", {
      owner: ownerOf(0),
      signer: seatOf(0).address,
      stake: 5_000n,
      kinds: 1,
    });
    await happen(store.db, "stakeManager", "Seated", { domain: 0, owner: ownerOf(0) });
    await sweepAt(OPENS);
    await sweepAt(OPENS);
    expect((await outbox()).map(({ key }) => key.slice(0, 17))).toEqual(["oracle:epoch:0:1:"]);
  });
});
