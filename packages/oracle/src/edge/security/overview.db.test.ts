import type { Chain } from "@sooth/chain";
import { type Hex, need } from "@sooth/kernel";
import { logger } from "@sooth/runtime";
import { sql, type Store } from "@sooth/store";
import { toHex, zeroAddress, zeroHash } from "viem";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { oracleStore } from "../../../test/database.ts";
import {
  addresses,
  answer,
  ask,
  asked,
  boolSchema,
  CHAIN_ID,
  happen,
  joinAll,
  OPENS,
  ownerOf,
} from "../../../test/people.ts";
import { object } from "../../../test/quarrel.ts";
import { blockOf } from "../../../test/watched.ts";
import type { ApiDeps } from "../deps.ts";
import { COOL_DOWN, securityOverview } from "./overview.ts";

let store: Store;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());
beforeEach(async () => {
  await sql`truncate oracle.questions, oracle.providers, oracle.signers, oracle.epochs, oracle.seats, oracle.rosters,
    oracle.disputes, oracle.dispute_stakes, oracle.credits, oracle.trips, oracle.pauses, oracle.feeds,
    oracle.stake_moves`.execute(store.db);
});

const HOUR = 3_600;
const MILLION = 1_000_000n;
/** What the contracts say; a test changes what it is about. */
const calm = {
  lastPause: [0, 0] as [number, number],
  windowFactor: 1,
  meanDisputes: 0n,
  guardian: ownerOf(3) as string,
  valueLimit: 500n * MILLION,
  surgeFloor: 5,
};
const at = (now: number, said: Partial<typeof calm> = {}) => {
  const contracts: Record<string, unknown> = { ...calm, ...said };
  const readContract = async ({ functionName }: { functionName: string }) =>
    need(contracts[functionName], functionName);
  const hub = { definition: { id: CHAIN_ID }, now: async () => now, client: { readContract } };
  const deps = { store, hub: hub as unknown as Chain, addresses, log: logger("test") } as unknown as ApiDeps;
  return securityOverview(deps);
};
/** Agreed (V2), domain 3, two decimals, a value every minute. */
const feedOf = (n: number): Hex =>
  toHex((BigInt(n) << 80n) | (60n << 24n) | (2n << 16n) | (3n << 8n) | 2n, { size: 32 });
const told = (value: bigint, second: number, round: bigint) =>
  BigInt.asUintN(96, value) | (BigInt(second) << 96n) | (round << 224n);

test("in calm nothing is tripped, and what is near its limit shows", async () => {
  await joinAll(store.db);
  for (const n of [1n, 2n]) {
    const question = asked(boolSchema(), { nonce: n, secures: 200n * MILLION });
    await ask(store.db, question);
    await answer(store.db, question, { value: 1n, finalizeAt: OPENS + 600, at: blockOf(OPENS) });
    if (n === 2n) await object(store.db, question, blockOf(OPENS + 10));
  }
  const seen = await at(OPENS + 20);
  expect(seen).toMatchObject({
    pausedUntil: null,
    pause: null,
    mayPauseFrom: null,
    unheld: 0,
    guardian: ownerOf(3),
    domains: [{ domain: 0, secured: "400000000", weight: "4000" }],
  });
  expect(seen.breakers).toMatchObject([
    { name: "value", tripped: false, since: null, found: "200000000", limit: "500000000" },
    { name: "disputes", tripped: false, since: null, found: "1", limit: "4" },
  ]);
  expect((await at(OPENS + 20, { guardian: zeroAddress })).guardian).toBe(null);
});

const secured = async (now: number) => (await at(now)).domains.map((domain) => domain.secured);

test("what is open, answered or disputed is secured; what is final or past its deadline is not", async () => {
  await joinAll(store.db);
  const [open, answered, disputed] = [1n, 2n, 3n].map((n) =>
    asked(boolSchema(), { nonce: n, secures: 10n ** n }),
  );
  for (const question of [open, answered, disputed]) await ask(store.db, need(question, "a question"));
  for (const question of [answered, disputed])
    await answer(store.db, need(question, "a question"), {
      value: 1n,
      finalizeAt: OPENS + 600,
      at: blockOf(OPENS),
    });
  await object(store.db, need(disputed, "a question"), blockOf(OPENS + 10));
  const { deadline } = need(open, "a question").terms;
  expect(deadline).toBeGreaterThan(OPENS + 600);
  expect(await secured(OPENS + 599)).toEqual(["1110"]);
  expect(await secured(OPENS + 600)).toEqual(["1010"]);
  expect(await secured(deadline)).toEqual(["1010"]);
  expect(await secured(deadline + 1)).toEqual(["1000"]);
});

test("a trip shows why and until when, and ends by itself", async () => {
  const until = OPENS + 24 * HOUR;
  const trip = { at: blockOf(OPENS), why: "disputes", found: 7n, limit: 4n, until };
  await happen(store.db, "guard", "Tripped", trip);
  const [, disputes] = (await at(until - 1, { windowFactor: 2 })).breakers;
  expect(disputes).toMatchObject({
    tripped: true,
    since: OPENS,
    until,
    reason: "7 disputes were open at once, 4 allowed",
  });
  expect((await at(until)).breakers.some(({ tripped }) => tripped)).toBe(false);
});

test("a pause shows who, what it has not held yet, and from when on there may be another", async () => {
  const question = asked(boolSchema());
  await ask(store.db, question);
  await answer(store.db, question, { value: 1n, finalizeAt: OPENS + 600, at: blockOf(OPENS) });
  const until = OPENS + HOUR;
  await happen(store.db, "guard", "Paused", {
    at: blockOf(OPENS + 5),
    number: 1,
    guardian: ownerOf(3),
    until,
  });
  const lastPause: [number, number] = [1, until];
  const pause = { number: 1, guardian: ownerOf(3), since: OPENS + 5, until };
  const mayPauseFrom = until + COOL_DOWN;
  expect(await at(OPENS + 10, { lastPause })).toMatchObject({
    pausedUntil: until,
    pause,
    unheld: 1,
    mayPauseFrom,
  });
  await happen(store.db, "oracle", "Held", {
    at: blockOf(OPENS + 11),
    question: question.id,
    finalizeAt: until + 590,
  });
  expect(await at(OPENS + 12, { lastPause })).toMatchObject({ unheld: 0 });
  expect(await at(until, { lastPause })).toMatchObject({ pausedUntil: null, pause, unheld: 0, mayPauseFrom });
  expect(await at(mayPauseFrom, { lastPause })).toMatchObject({ mayPauseFrom: null });
});

const feeds = async (now: number) => (await at(now)).breakers.filter(({ name }) => name === "feed");

test("a feed stands still after a jump until a value is taken, and after silence until the next", async () => {
  const [calmFeed, jumped] = [feedOf(1), feedOf(2)];
  await happen(store.db, "feeds", "Created", {
    feed: jumped,
    schema: "the price",
    terms: { secondary: zeroHash },
  });
  for (const feed of [calmFeed, jumped])
    await happen(store.db, "feeds", "Updated", { at: blockOf(OPENS), feed, word: told(10_000n, OPENS, 1n) });
  await happen(store.db, "feeds", "Tripped", {
    at: blockOf(OPENS + 30),
    feed: jumped,
    refused: -16_050n,
    observedAt: OPENS + 29,
  });
  expect(await feeds(OPENS + 31)).toMatchObject([
    {
      feed: jumped,
      scope: "domain 3",
      tripped: true,
      since: OPENS + 30,
      reason: "a jump to -160.5 was refused; the next value needs 90 % of all weight",
    },
    { feed: calmFeed, tripped: false, reason: null },
  ]);
  await happen(store.db, "feeds", "Updated", {
    at: blockOf(OPENS + 60),
    feed: jumped,
    word: told(-16_050n, OPENS + 60, 2n),
  });
  expect((await feeds(OPENS + 61)).map(({ tripped }) => tripped)).toEqual([false, false]);
  // Two heartbeats of a minute, to the second.
  expect((await feeds(OPENS + 120)).map(({ tripped }) => tripped)).toEqual([false, false]);
  expect(await feeds(OPENS + 121)).toMatchObject([
    { feed: calmFeed, tripped: true, since: OPENS + 121 },
    { feed: jumped, tripped: false },
  ]);
});
