import { feedsAbi } from "@sooth/abi";
import { type Hex, need } from "@sooth/kernel";
import { logger } from "@sooth/runtime";
import { one, rows, sql, type Store } from "@sooth/store";
import { compactSignatureToSignature, decodeFunctionData, recoverAddress } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { oracleStore } from "../../../test/database.ts";
import { addresses, CHAIN_ID, clock, happen, OPENS } from "../../../test/people.ts";
import {
  feedReportDigest,
  feedReportTypedData,
  firstPartyFeed,
  firstPartyOf,
  wirePrepareFeed,
} from "../../core/index.ts";
import type { ApiDeps } from "../deps.ts";
import { feedById, toldFeeds } from "./feeds.ts";
import { prepareFeed } from "./prepare-feed.ts";
import { pullFeed } from "./pull.ts";
import { receiveFeedReport } from "./receive-feed-report.ts";
import { sweepFeeds } from "./sweep-feeds.ts";

const owner = privateKeyToAccount(`0x${"51".repeat(32)}`);
const stranger = privateKeyToAccount(`0x${"52".repeat(32)}`);
const MOMENT = OPENS - (OPENS % 60);
let store: Store;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());

const asked = {
  heartbeat: 60,
  signer: owner.address,
  schema: {
    version: 1,
    text: "Temperature at the gate",
    decimals: 1,
    unit: "C",
    step: 60,
    deviationBps: 0,
    sources: [{ name: "a", unit: "C", url: "https://a.test/{observeAt}", path: "0" }],
  },
};
const deps = (now: number): ApiDeps => ({
  store,
  hub: clock(now).chain,
  addresses,
  config: {
    ORACLE_MIN_PROVIDERS: 4,
    ORACLE_MIN_REWARD: 0n,
    ORACLE_RESOLVE_DEPOSIT: 0n,
    ORACLE_FEEDS: [id],
  },
  log: logger("test"),
});
const prepare = (more: object = {}) =>
  prepareFeed({ hub: clock(OPENS).chain, addresses }, wirePrepareFeed.parse({ ...asked, ...more }));
const prepared = prepare();
const id = prepared.id as Hex;
const [terms, schema] = (() => {
  const { args } = decodeFunctionData({ abi: feedsAbi, data: prepared.calls[0]?.data as Hex });
  return args as unknown as [Parameters<typeof firstPartyOf>[0], string];
})();
const template = firstPartyOf(terms)?.template as Hex;

beforeEach(async () => {
  await sql`truncate oracle.feeds, oracle.feed_values, oracle.feed_reports, oracle.feed_equivocations, chain.outbox
    cascade`.execute(store.db);
  await happen(store.db, "feeds", "Created", { feed: id, terms, schema });
});

async function signed(value: bigint, o: { by?: typeof owner; at?: number; epoch?: number; feed?: Hex } = {}) {
  const { by = owner, at: observedAt = MOMENT, epoch = 0, feed = template } = o;
  const domain = { chainId: CHAIN_ID, feeds: addresses.feeds };
  const signature = await by.signTypedData(feedReportTypedData(domain, { feed, value, observedAt, epoch }));
  return { value: String(value), observedAt, epoch, signature };
}
const codeOf = async (handed: ReturnType<typeof signed>, now = MOMENT + 2) => {
  const body = await handed;
  return receiveFeedReport(deps(now), id, body).then(
    () => "accepted",
    (error: { code: string }) => error.code,
  );
};
const update = (value: bigint, observedAt: number, round: number) =>
  happen(store.db, "feeds", "Updated", {
    at: round,
    feed: id,
    word: value | (BigInt(observedAt) << 96n) | (BigInt(round) << 224n),
  });

const sweep = (timestamp: number) =>
  sweepFeeds(deps(timestamp), new Map(), { timestamp } as Parameters<typeof sweepFeeds>[2]);

test("its id is the hash of the terms and the key, and the log names whose it is", async () => {
  expect(id).toBe(firstPartyFeed(template, owner.address));
  expect(firstPartyFeed(template, stranger.address)).not.toBe(id);
  expect(await feedById(store.db, id)).toMatchObject({
    owner: { signer: owner.address.toLowerCase(), template },
  });
});

const told = async (...ORACLE_FEEDS: string[]) =>
  (await toldFeeds(store.db, { ORACLE_FEEDS })).map((feed) => feed.id);

test("updates of it are paid where it is named, and nowhere else", async () => {
  expect([await told("all"), await told(id), await told("all", id)]).toEqual([[], [id], [id]]);
});

test("one key has no breaker, and nobody holds the key of zero", () => {
  expect(terms).toMatchObject({ scheme: 0, jump: 0, signer: owner.address });
  expect(() => prepare({ jump: 3 })).toThrow("no breaker");
  expect(() => prepare({ signer: `0x${"0".repeat(40)}` })).toThrow("zero address");
});

test("only its key is taken, for the template, without an epoch; the same again is no second one", async () => {
  expect(await codeOf(signed(215n, { by: stranger }))).toBe("feeds.bad_signature");
  expect(await codeOf(signed(215n, { feed: id }))).toBe("feeds.bad_signature");
  expect(await codeOf(signed(215n, { epoch: 1 }))).toBe("feeds.stale_epoch");
  expect(await codeOf(signed(215n, { at: MOMENT - 30 }))).toBe("feeds.not_a_moment");
  expect(await codeOf(signed(215n, { at: MOMENT + 60 }))).toBe("feeds.from_the_future");
  expect(await codeOf(signed(215n), MOMENT + 61)).toBe("feeds.too_old");
  expect(await codeOf(signed(215n))).toBe("accepted");
  expect(await receiveFeedReport(deps(MOMENT + 3), id, await signed(215n))).toMatchObject({ repeated: true });
  expect(await codeOf(signed(216n))).toBe("feeds.equivocation");
  expect(await one(store.db, sql`select signer from oracle.feed_equivocations`)).toEqual({
    signer: owner.address.toLowerCase(),
  });
});

test("what the feed was told already, or an older moment, is refused", async () => {
  await update(210n, MOMENT, 1);
  expect(await codeOf(signed(215n))).toBe("feeds.not_newer");
  expect(await codeOf(signed(215n, { at: MOMENT - 60 }), MOMENT - 1)).toBe("feeds.not_newer");
});

test("the newest is sent once, as the contract takes it, whatever holds the domain up", async () => {
  await sql`insert into oracle.domain_pauses (domain, until) values (0, ${MOMENT + 1_000})`.execute(store.db);
  await codeOf(signed(210n, { at: MOMENT - 60 }), MOMENT - 1);
  await codeOf(signed(215n));
  await sweep(MOMENT + 2);
  await sweep(MOMENT + 3);
  const sent = await rows<{ data: Hex }>(store.db, sql`select data from chain.outbox`);
  expect(sent).toHaveLength(1);
  const { functionName, args } = decodeFunctionData({ abi: feedsAbi, data: sent[0]?.data as Hex });
  expect([functionName, ...(args ?? []).slice(0, 3)]).toEqual(["updateFirstParty", template, 215n, MOMENT]);
  const hash = feedReportDigest(
    { chainId: CHAIN_ID, feeds: addresses.feeds },
    { feed: template, value: 215n, observedAt: MOMENT, epoch: 0 },
  );
  const [, , , r, vs] = args as readonly [Hex, bigint, number, Hex, Hex];
  const yParity = Number(BigInt(vs) >> 255n);
  const s = `0x${(BigInt(vs) & ((1n << 255n) - 1n)).toString(16).padStart(64, "0")}` as const;
  expect(await recoverAddress({ hash, signature: { r, s, yParity } })).toBe(owner.address);
  await update(215n, MOMENT, 1);
  await sql`truncate chain.outbox cascade`.execute(store.db);
  await sweep(MOMENT + 4);
  expect(await rows(store.db, sql`select 1 from chain.outbox`)).toEqual([]);
});

test("a key that signs every step is paid for no more updates than the terms want", async () => {
  const paced = prepare({ schema: { ...asked.schema, step: 1 } });
  const { args } = decodeFunctionData({ abi: feedsAbi, data: paced.calls[0]?.data as Hex });
  const [pacedTerms, pacedSchema] = args as unknown as [typeof terms, string];
  const feed = paced.id as Hex;
  await happen(store.db, "feeds", "Created", { feed, terms: pacedTerms, schema: pacedSchema });
  const word = 215n | (BigInt(MOMENT) << 96n) | (1n << 224n);
  await happen(store.db, "feeds", "Updated", { at: 1, feed, word });
  const own = (now: number): ApiDeps => ({
    ...deps(now),
    config: { ...deps(now).config, ORACLE_FEEDS: [feed] },
  });
  const step = async (at: number) => {
    const report = await signed(215n + BigInt(at), { at, feed: firstPartyOf(pacedTerms)?.template as Hex });
    await receiveFeedReport(own(at), feed, report);
    await sweepFeeds(own(at), new Map(), { timestamp: at } as Parameters<typeof sweepFeeds>[2]);
  };
  const sent = () => rows(store.db, sql`select 1 from chain.outbox`);
  for (const after of [1, 2, 59]) await step(MOMENT + after);
  expect(await sent()).toHaveLength(0);
  await step(MOMENT + 60);
  expect(await sent()).toHaveLength(1);
});

test("the newest is handed out as the contract checks it, whatever holds the domain up", async () => {
  const feed = await feedById(store.db, id);
  if (!feed) throw new Error("the feed is gone");
  await expect(pullFeed(deps(MOMENT), feed)).rejects.toMatchObject({ code: "feeds.no_report" });
  await codeOf(signed(210n, { at: MOMENT - 60 }), MOMENT - 1);
  await codeOf(signed(215n));
  const pulled = await pullFeed(deps(MOMENT + 2), feed);
  expect(pulled).toMatchObject({ observedAt: MOMENT, epoch: 0, value: "215", entries: null, check: null });
  const { digest, r, vs, ...own } = need(pulled.firstParty, "what the key signed");
  expect(own).toEqual({ template, signer: owner.address.toLowerCase() });
  const signature = compactSignatureToSignature({ r: r as Hex, yParityAndS: vs as Hex });
  expect(await recoverAddress({ hash: digest as Hex, signature })).toBe(owner.address);
  const domain = { chainId: CHAIN_ID, feeds: addresses.feeds };
  const report = { feed: template, value: 215n, observedAt: MOMENT, epoch: 0 };
  expect(digest).toBe(feedReportDigest(domain, report));
});
