import { feedsAbi } from "@sooth/abi";
import type { Hex } from "@sooth/kernel";
import { logger } from "@sooth/runtime";
import { one, rows, sql, type Store } from "@sooth/store";
import { decodeFunctionData, numberToHex, size, slice, zeroHash } from "viem";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { oracleStore } from "../../../test/database.ts";
import { addresses, CHAIN_ID, clock, happen, joinAll, OPENS, seatOf } from "../../../test/people.ts";
import { feedReportTypedData, wirePrepareFeed } from "../../core/index.ts";
import type { ApiDeps } from "../deps.ts";
import { feedById, toldFeeds, valuesOf } from "./feeds.ts";
import { prepareFeed } from "./prepare-feed.ts";
import { pullFeed } from "./pull.ts";
import { receiveFeedReport } from "./receive-feed-report.ts";
import { sweepFeeds } from "./sweep-feeds.ts";
import { signerSets } from "../signer-sets.ts";

let store: Store;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());

const depsAt = (time: number, told: string[] = ["all"]): ApiDeps => ({
  store,
  hub: clock(time).chain,
  addresses,
  config: { ORACLE_MIN_PROVIDERS: 4, ORACLE_MIN_REWARD: 0n, ORACLE_RESOLVE_DEPOSIT: 0n, ORACLE_FEEDS: told },
  log: logger("test"),
});
const MOMENT = OPENS - (OPENS % 60);
const asked = {
  heartbeat: 60,
  schema: {
    version: 1,
    text: "ETH/USD",
    decimals: 2,
    unit: "USD",
    step: 60,
    deviationBps: 50,
    sources: [{ name: "a", unit: "USD", url: "https://a.test/{observeAt}", path: "0" }],
  },
};
const prepare = (more: object = {}) =>
  prepareFeed({ hub: clock(OPENS).chain, addresses }, wirePrepareFeed.parse({ ...asked, ...more }));
const prepared = prepare();
const id = prepared.id as Hex;
const create = () =>
  happen(store.db, "feeds", "Created", {
    feed: id,
    terms: { secondary: zeroHash },
    schema: prepared.schemaText,
  });
const word = (value: bigint, observedAt: number, round: number) =>
  BigInt.asUintN(96, value) | (BigInt(observedAt) << 96n) | (BigInt(round) << 224n);
const update = (value: bigint, observedAt: number, round: number) =>
  happen(store.db, "feeds", "Updated", { at: round, feed: id, word: word(value, observedAt, round) });

beforeEach(async () => {
  await sql`truncate oracle.feeds, oracle.feed_values, oracle.feed_reports, oracle.feed_equivocations, oracle.providers,
    oracle.signers, oracle.epochs, oracle.rosters, oracle.seats, oracle.domain_pauses, chain.undo, chain.outbox cascade`.execute(
    store.db,
  );
  await create();
  await joinAll(store.db);
});

async function handed(seat: number, value: bigint, observedAt = MOMENT, epoch = 1) {
  const account = seatOf(seat);
  const typed = feedReportTypedData(
    { chainId: CHAIN_ID, feeds: addresses.feeds },
    { feed: id, value, observedAt, epoch },
  );
  return { value: String(value), observedAt, epoch, signature: await account.signTypedData(typed) };
}
const queued = () =>
  rows<{ key: string }>(store.db, sql`select key from chain.outbox order by key`).then((found) =>
    found.map(({ key }) => key.split(":").slice(3).join(":")),
  );
const sweepAt = async (time: number) => {
  const sets = await signerSets(store.db);
  const head = { number: 9, hash: numberToHex(9, { size: 32 }), timestamp: time };
  await sweepFeeds(depsAt(time), sets, head as Parameters<typeof sweepFeeds>[2]);
};

test("reports are checked as the contract checks them, and the same again is no second one", async () => {
  const deps = depsAt(MOMENT + 2);
  const first = await handed(0, 200_000n);
  expect(await receiveFeedReport(deps, id, first)).toMatchObject({ seat: 0, repeated: false });
  expect(await receiveFeedReport(deps, id, first)).toMatchObject({ repeated: true });
  const refused = async (report: Promise<typeof first>, by = deps) =>
    receiveFeedReport(by, id, await report).then(
      () => "taken",
      (error: { code: string }) => error.code,
    );
  expect(await refused(handed(1, 1n, MOMENT, 2))).toBe("feeds.stale_epoch");
  expect(await refused(handed(1, 1n, MOMENT - 120))).toBe("feeds.too_old");
  expect(await refused(handed(1, 1n, MOMENT + 60))).toBe("feeds.from_the_future");
  expect(await refused(handed(1, 1n, MOMENT - 30))).toBe("feeds.not_a_moment");
  expect(await refused(handed(1, -(1n << 95n)))).toBe("oracle.out_of_bounds");
  // Signed for another value it recovers a key that has no seat.
  expect(await refused(handed(1, 1n).then((report) => ({ ...report, value: "2" })))).toBe(
    "oracle.not_seated",
  );
  expect(await refused(handed(1, 1n), depsAt(MOMENT + 2, []))).toBe("feeds.not_told");
  await update(200_000n, MOMENT, 1);
  expect(await refused(handed(1, 1n))).toBe("feeds.not_newer");
});

test("two values of one key for one moment are kept as proof", async () => {
  const deps = depsAt(MOMENT + 2);
  await receiveFeedReport(deps, id, await handed(0, 200_000n));
  await expect(receiveFeedReport(deps, id, await handed(0, 200_001n))).rejects.toMatchObject({
    code: "feeds.equivocation",
  });
  expect(
    await one(store.db, sql`select first_value, second_value, observed_at from oracle.feed_equivocations`),
  ).toEqual({ first_value: 200_000n, second_value: 200_001n, observed_at: MOMENT });
});

test("a quorum is sent once, however often it is looked at and whoever comes later", async () => {
  for (const seat of [0, 1]) await receiveFeedReport(depsAt(MOMENT + 2), id, await handed(seat, 200_000n));
  await sweepAt(MOMENT + 2);
  expect(await queued()).toEqual([]);
  await receiveFeedReport(depsAt(MOMENT + 2), id, await handed(2, 200_100n));
  await sweepAt(MOMENT + 2);
  await receiveFeedReport(depsAt(MOMENT + 3), id, await handed(3, 200_200n));
  await sweepAt(MOMENT + 3);
  expect(await queued()).toEqual([`${MOMENT}:1`]);
});

test("a quorum of a moment that is over is not sent, and a halted feed waits for 90 %", async () => {
  await update(200_000n, MOMENT - 60, 1);
  await happen(store.db, "feeds", "Tripped", { at: 2, feed: id, refused: 900_000n, observedAt: MOMENT });
  for (const seat of [0, 1, 2]) await receiveFeedReport(depsAt(MOMENT + 2), id, await handed(seat, 900_000n));
  await sweepAt(MOMENT + 2);
  expect(await queued()).toEqual([]);
  await receiveFeedReport(depsAt(MOMENT + 3), id, await handed(3, 900_000n));
  await sweepAt(MOMENT + 60);
  expect(await queued()).toEqual([]);
  await sweepAt(MOMENT + 4);
  expect(await queued()).toEqual([`${MOMENT}:1:strong`]);
});

test("the newest moment of a quorum is handed out as the contract checks it, told or not", async () => {
  const pulled = async (now = MOMENT + 3) => {
    const feed = await feedById(store.db, id);
    if (!feed) throw new Error("the feed is gone");
    return pullFeed(depsAt(now), feed).catch(({ code }: { code: string }) => ({ code }));
  };
  expect(await pulled()).toEqual({ code: "feeds.no_report" });
  const early = depsAt(MOMENT - 58);
  for (const [seat, value] of [200_020n, 200_000n, 200_010n].entries())
    await receiveFeedReport(early, id, await handed(seat, value, MOMENT - 60));
  for (const seat of [0, 1]) await receiveFeedReport(depsAt(MOMENT + 2), id, await handed(seat, 201_000n));
  const first = await pulled();
  expect(first).toMatchObject({
    feed: id,
    chainId: CHAIN_ID,
    contract: addresses.feeds,
    observedAt: MOMENT - 60,
    epoch: 1,
    value: "200010",
    weight: "3000",
    totalWeight: "4000",
    firstParty: null,
  });
  if (!("entries" in first) || first.entries === null) throw new Error("no entries");
  const entries = first.entries as Hex;
  expect(size(entries)).toBe(3 * 77);
  // Ascending by value: the seats of 200000, 200010, 200020.
  expect([0, 77, 154].map((at) => Number(slice(entries, at, at + 1)))).toEqual([1, 2, 0]);
  expect(first.check?.to).toBe(addresses.feeds);
  expect(decodeFunctionData({ abi: feedsAbi, data: first.check?.data as Hex })).toEqual({
    functionName: "checkValues",
    args: [id, MOMENT - 60, 1, entries],
  });

  await receiveFeedReport(depsAt(MOMENT + 2), id, await handed(2, 201_000n));
  expect(await pulled()).toMatchObject({ observedAt: MOMENT, value: "201000" });
  await update(201_000n, MOMENT, 1);
  expect(await pulled()).toMatchObject({ observedAt: MOMENT });
  await sql`insert into oracle.domain_pauses (domain, until) values (0, ${MOMENT + 10})`.execute(store.db);
  expect(await pulled()).toEqual({ code: "feeds.paused" });
  expect(await pulled(MOMENT + 10)).toMatchObject({ observedAt: MOMENT });
  await joinAll(store.db, 2);
  expect(await pulled(MOMENT + 10)).toEqual({ code: "feeds.no_report" });
});

const idsOf = async (ORACLE_FEEDS: string[] | undefined) =>
  (await toldFeeds(store.db, ORACLE_FEEDS ? { ORACLE_FEEDS } : {})).map((feed) => feed.id);

test("only feeds that the configuration names are told", async () => {
  expect(await idsOf(undefined)).toEqual([]);
  expect(await idsOf([])).toEqual([]);
  expect(await idsOf([numberToHex(1, { size: 32 })])).toEqual([]);
  expect([await idsOf([id]), await idsOf(["all"])]).toEqual([[id], [id]]);
});

const created = (nonce: number, at: number) => {
  const other = prepare({ nonce: String(nonce) });
  const log = { at, feed: other.id as Hex, terms: { secondary: zeroHash }, schema: other.schemaText };
  return happen(store.db, "feeds", "Created", log).then(() => other.id);
};

test("all are the oldest, whatever their ids are; who creates one again makes it no younger", async () => {
  const later: string[] = [];
  for (let nonce = 1; nonce <= 20; nonce += 1) later.push(await created(nonce, 100 - nonce));
  const oldest = [id, ...later.toReversed().slice(0, 15)];
  expect(await idsOf(["all"])).toEqual(oldest);
  await created(20, 200);
  expect(await idsOf(["all"])).toEqual(oldest);
  const named = later[0] ?? "";
  expect(await idsOf(["all", named])).toEqual([named, ...oldest]);
});

test("what nobody can act on takes no place, however old it is and however much of it there is", async () => {
  const fields = BigInt(id) & ((1n << 80n) - 1n);
  const other = (n: number, low = fields): Hex => numberToHex((BigInt(n + 1) << 80n) | low, { size: 32 });
  const log = (feed: Hex, schema: string) =>
    happen(store.db, "feeds", "Created", { at: 0, feed, terms: { secondary: zeroHash }, schema });
  for (let n = 0; n < 20; n += 1) {
    await log(other(n), "no JSON");
    await log(other(n + 20, fields + 1n), prepared.schemaText); // of another scheme
    const often = prepare({ nonce: String(n), heartbeat: 29, schema: { ...asked.schema, step: 29 } });
    await log(often.id as Hex, often.schemaText);
  }
  expect(await idsOf(["all"])).toEqual([id]);
  // From before it was noted what can be read.
  await sql`update oracle.feeds set unreadable = false, created_block = null, created_log = null
    where schema = 'no JSON'`.execute(store.db);
  expect(await idsOf(["all"])).toEqual([id]);
});

test("undone and replayed the rows are the same", async () => {
  const tables = async () => ({
    feed: await feedById(store.db, id),
    values: await valuesOf(store.db, id, 2 ** 31, 10),
  });
  const taken = (value: bigint, observedAt: number, round: number) =>
    store.transaction(async (tx) => {
      await sql`select set_config('sooth.block', ${`${CHAIN_ID}:${round}`}, true)`.execute(tx);
      await happen(tx, "feeds", "Updated", { at: round, feed: id, word: word(value, observedAt, round) });
    });
  await taken(200_000n, MOMENT, 1);
  const before = await tables();
  await taken(201_000n, MOMENT + 60, 2);
  const after = await tables();
  expect(after.values.map(({ round }) => round)).toEqual([2, 1]);
  await sql`select chain.undo_above(31337, 1)`.execute(store.db);
  expect(await tables()).toEqual(before);
  await taken(201_000n, MOMENT + 60, 2);
  expect(await tables()).toEqual(after);
});
