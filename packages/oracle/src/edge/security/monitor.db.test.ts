import { one, rows, sql, type Store } from "@sooth/store";
import { keccak256, stringToHex } from "viem";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { oracleStore } from "../../../test/database.ts";
import { asked, boolSchema, numericSchema, OPENS } from "../../../test/people.ts";
import { convene, object, takeJurors } from "../../../test/quarrel.ts";
import { type Finished, finish, look, ownerNumber, signerNumber } from "../../../test/watched.ts";
import { votesWord } from "../../core/index.ts";
import { juryById } from "../juries.ts";
import { listEvents } from "./events.ts";
import { bodyByHash } from "./evidence.ts";
import { readMonitor } from "./monitor-state.ts";

let store: Store;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());
beforeEach(async () => {
  await sql`truncate oracle.questions, oracle.providers, oracle.signers, oracle.epochs, oracle.reports, oracle.evidence,
    oracle.stake_moves, oracle.block_fees, oracle.monitor, oracle.monitor_members, oracle.cluster_scans, oracle.clusters,
    oracle.security_evidence, oracle.security_events, oracle.security_steps, oracle.disputes, oracle.juries, oracle.jurors,
    oracle.juror_sets, oracle.seeds, oracle.dispute_stakes, oracle.dispute_steps`.execute(store.db);
});

/** Numbers that look like chance and are the same in every run. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const categories = boolSchema({
  kind: "categorical",
  outcomes: ["a", "b", "c", "d", "e", "f", "g", "h"],
  rule: { type: "cuts", cuts: ["1", "2", "3", "4", "5", "6", "7"] },
});

/** Eight providers with mistakes of their own; 0 and 1 err where they agreed to, on one question in ten. */
function season(count: number, colluding: boolean): Finished[] {
  const next = chance(7);
  return Array.from({ length: count }, (_, index) => {
    const answer = BigInt(Math.floor(next() * 8));
    const wrong = () => (answer + 1n + BigInt(Math.floor(next() * 7))) % 8n;
    const together = colluding && next() < 0.1 ? wrong() : null;
    const said = Array.from({ length: 8 }, (__, owner): [number, bigint] => {
      const own = next() < 0.05 ? wrong() : answer;
      return [owner, together !== null && owner < 2 ? together : own];
    });
    return { ...asked(categories, { nonce: BigInt(index) }), finalAt: OPENS + index, answer, said };
  });
}

test("sums survive a restart, and are those of one that was never interrupted", async () => {
  await finish(store.db, season(450, true));
  for (const second of [OPENS + 40, OPENS + 41, OPENS + 300]) await look(store, second);
  const halfway = await readMonitor(store.db);
  // Ten confirmations of a second: what became final later could be taken back.
  expect(halfway?.monitor.errors.questions).toBe(291);
  expect(halfway?.throughAt).toBe(OPENS + 290);
  await look(store, OPENS + 1_000);
  const pieces = await readMonitor(store.db);

  await sql`truncate oracle.monitor, oracle.monitor_members`.execute(store.db);
  await look(store, OPENS + 1_000);
  const whole = await readMonitor(store.db);
  expect(whole?.monitor.errors.questions).toBe(450);
  expect(pieces?.monitor).toEqual(whole?.monitor);
});

test("with more providers than there is room for, all is fed anew and nobody is left out", async () => {
  const crowd = season(30, false).map((question, index) => ({
    ...question,
    said: Array.from({ length: 5 }, (_, k): [number, bigint] => [(index * 5 + k) % 70, question.answer]),
  }));
  await finish(store.db, crowd.slice(0, 5));
  await look(store, OPENS + 500);
  expect(await readMonitor(store.db)).toMatchObject({ capacity: 32 });
  await finish(store.db, crowd.slice(5));
  await look(store, OPENS + 501);
  const held = await readMonitor(store.db);
  expect(held?.capacity).toBe(128);
  expect(held?.monitor.errors.questions).toBe(30);
  expect(held?.monitor.capacity).toBe(128);
});

test("of two who err together people are told with proof", async () => {
  await finish(store.db, season(450, true));
  await look(store, OPENS + 1_000);
  expect(await rows(store.db, sql`select scan, members, step from oracle.clusters`)).toEqual([
    { scan: OPENS + 449, members: [ownerNumber(0), ownerNumber(1)], step: 2 },
  ]);
  const [listed, ...others] = await listEvents(store.db, { rule: "collusion", limit: 10 });
  const event = listed?.event;
  expect(others).toEqual([]);
  expect(event).toMatchObject({
    severity: 3,
    state: "open",
    subject: `${ownerNumber(0)} ${ownerNumber(1)}`,
    summary: "2 providers err together more than chance allows (step 2)",
  });
  const body = await bodyByHash(store.db, event?.evidence ?? "");
  expect(keccak256(stringToHex(body ?? ""))).toBe(event?.evidence);
  expect(JSON.parse(body ?? "")).toMatchObject({ kind: "collusion", window: { questions: 450 } });

  // Looking again, and at nothing new, tells nobody anything.
  await look(store, OPENS + 2_000);
  expect(await listEvents(store.db, { limit: 10 })).toHaveLength(1);
});

test("honest mistakes make no cluster", async () => {
  await finish(store.db, season(450, false));
  await look(store, OPENS + 1_000);
  expect(await one(store.db, sql`select questions from oracle.cluster_scans`)).toEqual({ questions: 450 });
  expect(await rows(store.db, sql`select 1 from oracle.clusters`)).toEqual([]);
  expect(await listEvents(store.db, { limit: 10 })).toEqual([]);
});

test("the sums tell shared deviations of figures too", async () => {
  const next = chance(3);
  const schema = numericSchema();
  const figures = Array.from({ length: 400 }, (_, index): Finished => {
    const answer = 200_000n + BigInt(Math.floor(next() * 1_000));
    const lean = BigInt(Math.floor(next() * 60) - 30);
    const said = Array.from({ length: 8 }, (__, owner): [number, bigint] => [
      owner,
      answer + BigInt(Math.floor(next() * 20) - 10) + (owner < 2 ? lean : 0n),
    ]);
    return {
      ...asked(schema, { nonce: BigInt(index), tolerance: 20n }),
      finalAt: OPENS + index,
      answer,
      said,
    };
  });
  await finish(store.db, figures);
  await look(store, OPENS + 1_000);
  const [listed] = await listEvents(store.db, { rule: "collusion", limit: 10 });
  expect(listed?.event.subject).toBe(`${ownerNumber(0)} ${ownerNumber(1)}`);
});

const sum = (all: Uint32Array | undefined) =>
  (all ?? new Uint32Array()).reduce((total, one) => total + one, 0);

test("what jurors voted is fed with the question that they judged, each juror once", async () => {
  const { db } = store;
  const twelve = Array.from({ length: 12 }, (_, owner) => owner);
  const [question] = season(1, false).map((one) => ({
    ...one,
    said: twelve.map((owner): [number, bigint] => [owner, one.answer]),
  }));
  if (!question) throw new Error("no question");
  await finish(db, [question]);
  await takeJurors(db, twelve.map(signerNumber));
  const { id } = await convene(db, await object(db, question, 20), 30);
  await sql`insert into oracle.seeds (round, seed) values (77, ${`0x${"5e".repeat(32)}`})`.execute(db);
  const { seats } = (await juryById(db, id)) ?? {};
  if (!seats) throw new Error("nobody was drawn");
  // One juror is against the others, with all of his seats, which are two at most.
  const against = seats[0];
  const votes = seats.map((juror) => (juror === against ? 2 : 1) as 1 | 2);
  const decided = votes.filter((vote) => vote === 1).length * 100 >= 65 * 9;
  await sql`update oracle.juries set votes = ${votesWord(votes)}`.execute(db);
  await sql`update oracle.questions set state = 'answered'`.execute(db);
  await look(store, OPENS + 1_000);
  const held = await readMonitor(db);
  expect(decided).toBe(true);
  expect(held?.monitor.votes.questions).toBe(1);
  expect(sum(held?.monitor.votes.answered)).toBe(new Set(seats).size);
  expect(sum(held?.monitor.votes.marked)).toBe(1);
});

test("a jury without a verdict says nothing of anybody", async () => {
  const { db } = store;
  const [question] = season(1, false);
  if (!question) throw new Error("no question");
  await finish(db, [question]);
  await takeJurors(
    db,
    Array.from({ length: 8 }, (_, owner) => signerNumber(owner)),
  );
  await convene(db, await object(db, question, 20), 30);
  await sql`insert into oracle.seeds (round, seed) values (77, ${`0x${"5e".repeat(32)}`})`.execute(db);
  await sql`update oracle.questions set state = 'answered'`.execute(db);
  await look(store, OPENS + 1_000);
  const held = await readMonitor(db);
  expect([held?.monitor.errors.questions, held?.monitor.votes.questions]).toEqual([1, 0]);
});
