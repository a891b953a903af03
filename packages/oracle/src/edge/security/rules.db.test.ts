import { logger } from "@sooth/runtime";
import { sql, type Store } from "@sooth/store";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { oracleStore } from "../../../test/database.ts";
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
  numericSchema,
  OPENS,
  ownerOf,
  seatOf,
  signers,
  WEIGHT,
} from "../../../test/people.ts";
import { blockOf, finish, look, type Nature, ownerNumber } from "../../../test/watched.ts";
import { object } from "../../../test/quarrel.ts";
import type { EvidenceBundle } from "../../core/index.ts";
import { receiveReport } from "../receive.ts";
import { listEvents } from "./events.ts";

let store: Store;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());

const HOUR = 3_600;
const log = logger("test");
const question = asked(boolSchema());

beforeEach(async () => {
  await sql`truncate oracle.questions, oracle.reopenings, oracle.providers, oracle.signers, oracle.epochs, oracle.rosters,
    oracle.seats, oracle.credits, oracle.reports, oracle.evidence, oracle.stake_moves, oracle.stake_origins, oracle.block_fees,
    oracle.monitor, oracle.monitor_members, oracle.cluster_scans, oracle.clusters, oracle.security_evidence,
    oracle.security_events, oracle.security_steps, oracle.consumers, oracle.disputes, oracle.dispute_stakes, oracle.trips, oracle.pauses`.execute(
    store.db,
  );
  await joinAll(store.db);
  await ask(store.db, question);
});

const handOver = async (
  seat: number,
  value: bigint,
  second: number,
  bundle?: Partial<EvidenceBundle>,
  about = question,
) =>
  receiveReport(
    {
      store,
      hub: clock(second).chain,
      addresses,
      config: { ORACLE_MIN_PROVIDERS: 4, ORACLE_MIN_REWARD: 0n, ORACLE_RESOLVE_DEPOSIT: 0n },
      log,
    },
    await handoverOf(seatOf(seat), about, value, bundle === undefined ? {} : { bundle }),
  );
/** What the monitor tells of at `second`: rule, severity, subject. */
async function seen(second: number, nature?: Nature) {
  await look(store, second, nature);
  const events = await listEvents(store.db, { limit: 50 });
  return events.map(({ event: { rule, severity, subject } }) => [rule, severity, subject]);
}

describe("late burst", () => {
  test("three of four reports turn the answer in the last tenth of the round", async () => {
    await handOver(0, 1n, OPENS + 20);
    for (const seat of [1, 2, 3]) await handOver(seat, 0n, OPENS + 950);
    expect(await seen(OPENS + 1_000)).toEqual([["late-burst", 4, question.id]]);
  });
  test("reports in good time, and late ones after the answer, are nothing", async () => {
    for (const seat of [0, 1, 2]) await handOver(seat, 1n, OPENS + 20 + seat);
    await answer(store.db, question, { value: 1n, finalizeAt: OPENS + 2_000, at: blockOf(OPENS + 30) });
    await handOver(3, 1n, OPENS + 950);
    expect(await seen(OPENS + 1_000)).toEqual([]);
  });
});

const epoch = (second: number) =>
  happen(store.db, "stakeManager", "EpochAdvanced", {
    at: blockOf(second),
    domain: 0,
    epoch: 2,
    totalWeight: WEIGHT * 4n,
    seats: signers.map(({ address }) => (BigInt(address) << 96n) | WEIGHT),
  });
const add = (amount: bigint, second: number) =>
  happen(store.db, "stakeManager", "StakeAdded", {
    at: blockOf(second),
    owner: ownerOf(0),
    amount,
    stake: WEIGHT + amount,
  });
const DAY_LATER = OPENS + 24 * HOUR;

describe("stake churn", () => {
  test("a third of all stake comes in the hour before an epoch", async () => {
    await add(2_000n, DAY_LATER - HOUR);
    await epoch(DAY_LATER);
    expect(await seen(DAY_LATER + 60)).toEqual([["stake-churn", 4, "domain 0 epoch 2"]]);
  });
  test("half of it is announced to leave", async () => {
    const left = [0, 1].map((seat) => ({
      at: blockOf(DAY_LATER - HOUR),
      owner: ownerOf(seat),
      unbondsAt: DAY_LATER + HOUR,
    }));
    await happen(store.db, "stakeManager", "Left", ...left);
    await epoch(DAY_LATER);
    expect(await seen(DAY_LATER + 60)).toEqual([["stake-churn", 5, "domain 0 epoch 2"]]);
  });
  test("the same seven hours before, and the founding of a domain, are nothing", async () => {
    expect(await seen(OPENS)).toEqual([]);
    await add(2_000n, DAY_LATER - 7 * HOUR);
    await epoch(DAY_LATER);
    expect(await seen(DAY_LATER + 60)).toEqual([]);
  });
});

const rounds = (finals: readonly bigint[], said: readonly bigint[]) =>
  finish(
    store.db,
    finals.map((final, index) => ({
      ...asked(numericSchema(), { nonce: BigInt(index + 1), tolerance: 20n }),
      finalAt: OPENS + 100 + index,
      answer: final,
      said: [
        [0, said[index] ?? final],
        [1, final],
      ],
    })),
  );
const climbing = [10_000n, 10_100n, 10_300n, 10_800n, 11_500n, 12_000n];

describe("stale value", () => {
  test("five equal figures while the price leaves", async () => {
    await rounds(climbing, [9_990n, 10_100n, 10_100n, 10_100n, 10_100n, 10_100n]);
    expect(await seen(OPENS + 300)).toEqual([["stale-value", 2, ownerNumber(0)]]);
  });
  test("the same figure in a quiet market is nothing", async () => {
    await rounds(
      climbing.map(() => 10_010n),
      climbing.map(() => 10_000n),
    );
    expect(await seen(OPENS + 300)).toEqual([]);
  });
});

const join = (count: number, stakeOf: (index: number) => bigint) =>
  happen(
    store.db,
    "stakeManager",
    "Joined",
    ...Array.from({ length: count }, (_, index) => ({
      at: blockOf(OPENS + index * 60),
      owner: ownerNumber(index),
      signer: `0x${String(90 + index).repeat(20)}`,
      stake: stakeOf(index),
      kinds: 1,
    })),
  );

describe("new keys", () => {
  test("three keys of one stake and one origin join within minutes", async () => {
    await join(3, () => 300n);
    expect(await seen(OPENS + 600, { sender: () => `0x${"EE".repeat(20)}` })).toEqual([
      ["new-key-cluster", 3, `origin 0x${"ee".repeat(20)}`],
      ["new-key-cluster", 2, "stake 300"],
    ]);
  });
  test("enough of them to veto", async () => {
    await join(3, () => 900n);
    expect(await seen(OPENS + 600)).toEqual([["new-key-cluster", 5, "stake 900"]]);
  });
  test("three with nothing in common, and the founders, are nothing", async () => {
    await join(3, (index) => BigInt(300 + index));
    expect(await seen(OPENS + 600, { sender: (owner) => owner })).toEqual([]);
  });
});

const source = (name: string, value: string | null, dropped: string | null) => ({
  name,
  url: `https://${name}.test/1`,
  fetchedAt: OPENS,
  status: value === null ? 500 : 200,
  sha256: null,
  excerpt: "",
  value,
  dropped,
});
const bundle = (failing: boolean) => ({
  sources: [source("k", failing ? null : "2315.5", failing ? "HTTP 500" : null), source("m", "2315.5", null)],
});

describe("source outage", () => {
  test("one of two sources fails for three of four readers", async () => {
    for (const seat of [0, 1, 2, 3]) await handOver(seat, 1n, OPENS + 20, bundle(seat > 0));
    expect(await seen(OPENS + 60)).toEqual([["source-outage", 3, "k.test"]]);
    // It lasts: nobody is told twice.
    expect(await seen(OPENS + 120)).toHaveLength(1);
  });
  test("a reader without a network, and a source without a figure yet, are nothing", async () => {
    await handOver(0, 1n, OPENS + 20, bundle(true));
    const silent = { sources: [source("k", null, "has no figure yet"), source("m", "2315.5", null)] };
    for (const seat of [1, 2, 3]) await handOver(seat, 1n, OPENS + 20, silent);
    expect(await seen(OPENS + 60)).toEqual([]);
  });
});

/** Ten samples of the day before, and one every half minute from the quorum on. */
async function wait(during: bigint, until: number): Promise<unknown[]> {
  const nature: Nature = { fee: (block) => (block < blockOf(OPENS + 10) ? 10n : during) };
  for (let hour = 10; hour > 0; hour -= 1) await look(store, OPENS - hour * HOUR, nature);
  for (const seat of [0, 1, 2]) await handOver(seat, 1n, OPENS + 10);
  for (let second = OPENS + 20; second < until; second += 30) await look(store, second, nature);
  return seen(until, nature);
}

describe("censorship by the price of gas", () => {
  test("gas is ten times dearer while a quorum's reports wait", async () => {
    expect(await wait(100n, OPENS + 200)).toEqual([["gas-censorship", 4, `report ${question.id}`]]);
  });
  test("and it is worse when the deadline passes", async () => {
    expect(await wait(100n, OPENS + 1_010)).toContainEqual(["gas-censorship", 5, `report ${question.id}`]);
  });
  test("usual gas, and a report that was taken at once, are nothing", async () => {
    expect(await wait(20n, OPENS + 200)).toEqual([]);
    await answer(store.db, question, { value: 1n, finalizeAt: OPENS + 900, at: blockOf(OPENS + 210) });
    expect(await seen(OPENS + 260, { fee: () => 20n })).toEqual([]);
  });
});

/** `objections` of `count` answers, all within an hour before `second`. */
async function answers(count: number, objections: number, second: number, first: number) {
  const questions = Array.from({ length: count }, (_, n) =>
    asked(boolSchema(), { nonce: BigInt(first + n) }),
  );
  for (const one of questions) await ask(store.db, one);
  for (const [n, one] of questions.entries()) {
    await answer(store.db, one, { value: 1n, finalizeAt: second + HOUR, at: blockOf(second - 60) });
    if (n < objections) await object(store.db, one, blockOf(second - 30));
  }
}

describe("disputes and brakes", () => {
  test("six of ten answers of a day are disputed, after a month with one of forty", async () => {
    await answers(40, 1, OPENS, 1_000);
    await answers(10, 6, OPENS + 2 * 24 * HOUR, 2_000);
    expect(await seen(OPENS + 2 * 24 * HOUR)).toEqual([["dispute-surge", 5, "0"]]);
  });
  test("four of ten are no surge, for one quarrel makes several", async () => {
    await answers(40, 1, OPENS, 1_000);
    await answers(10, 4, OPENS + 2 * 24 * HOUR, 2_000);
    expect(await seen(OPENS + 2 * 24 * HOUR)).toEqual([]);
  });
  test("who set a brake is told of, once", async () => {
    const at = blockOf(OPENS - 60);
    await happen(store.db, "guard", "Tripped", {
      at,
      why: "value",
      found: 11n,
      limit: 10n,
      until: OPENS + HOUR,
    });
    await happen(store.db, "guard", "Paused", { at, number: 1, guardian: ownerOf(1), until: OPENS + HOUR });
    const both = [
      ["brakes", 4, "pause 1"],
      ["brakes", 3, "breaker value"],
    ];
    expect(await seen(OPENS)).toEqual(both);
    expect(await seen(OPENS + 300)).toEqual(both);
  });
});

const witnessed = asked(
  boolSchema({
    sources: [
      { name: "k", url: "https://k.test/{observeAt}", path: "0.4", unit: "USD" },
      { name: "m", url: "https://m.test/{observeAt}", path: "0.4", unit: "USD" },
      { type: "witness", name: "w", urls: ["https://news.test/1"], unit: "USD" },
    ],
  }),
);
const heard = (value: string | null): Partial<EvidenceBundle> => ({
  sources: [source("k", "2315.5", null), { ...source("w", value, null), type: "witness" }],
});

const answered = (about: typeof question) =>
  answer(store.db, about, { value: 1n, finalizeAt: OPENS + 900, at: blockOf(OPENS + 210) });

describe("witness disagreement", () => {
  test("a provider who answers by a model contradicts two people, and people are told once", async () => {
    await happen(store.db, "stakeManager", "KindsSet", { owner: ownerOf(3), kinds: 1 | (7 << 16) });
    for (const seat of [0, 1, 2]) await handOver(seat, 1n, OPENS + 20 + seat);
    await handOver(3, 0n, OPENS + 30);
    // While others may still report, nobody knows what people say.
    expect(await seen(OPENS + 60)).toEqual([]);
    await answered(question);
    expect(await seen(OPENS + 260)).toEqual([["witness-disagreement", 3, question.id]]);
    expect(await seen(OPENS + 320)).toHaveLength(1);
    const [told] = await listEvents(store.db, { limit: 1 });
    expect(told?.event.summary).toBe("1 of 1 language models contradict the people, who say 1");
  });
  test("a source that is a model contradicts what its readers sign", async () => {
    await ask(store.db, witnessed);
    for (const seat of [0, 1, 2])
      await handOver(seat, 1n, OPENS + 20 + seat, heard(seat === 0 ? "2299" : "2301"), witnessed);
    await answered(witnessed);
    expect(await seen(OPENS + 260)).toEqual([["witness-disagreement", 2, witnessed.id]]);
  });
  test("models that agree, that abstain or say what is no number, and people who disagree are nothing", async () => {
    await ask(store.db, witnessed);
    const said = ["2301", null, "about 2299"];
    for (const seat of [0, 1, 2])
      await handOver(seat, 1n, OPENS + 20 + seat, heard(said[seat] ?? null), witnessed);
    await handOver(3, 0n, OPENS + 30, heard(null), witnessed);
    await answered(witnessed);
    expect(await seen(OPENS + 260)).toEqual([]);
  });
});

test("a consumer that the policy names is told of in its notice time, and not once it is taken back", async () => {
  const name = (from: number, second: number) =>
    happen(store.db, "policy", "ConsumerSet", { at: blockOf(second), consumer: ownerOf(2), from });
  await name(OPENS + 5_000, OPENS - 60);
  const told = [["consumer-named", 3, `consumer ${ownerOf(2)}`]];
  expect(await seen(OPENS)).toEqual(told);
  expect(await seen(OPENS + 300)).toEqual(told);
  await sql`truncate oracle.security_events, oracle.security_steps`.execute(store.db);
  await name(0, OPENS + 400);
  expect(await seen(OPENS + 500)).toEqual([]);
});
