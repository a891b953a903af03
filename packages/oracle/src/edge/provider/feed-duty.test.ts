import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Hex } from "@sooth/kernel";
import { recoverAddress } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startSources, type Sources } from "../../../test/sources.ts";
import {
  type FeedSchema,
  feedId,
  feedReportDigest,
  feedSchema,
  type FeedTerms,
  type FirstParty,
  firstPartyOf,
} from "../../core/index.ts";
import type { FeedHandover } from "./api-client.ts";
import { feedDuty } from "./feed-duty.ts";
import { openFeedJournal } from "./feed-journal.ts";
import type { Reporter } from "./report-question.ts";

const account = privateKeyToAccount(`0x${"31".repeat(32)}`);
const terms: FeedTerms = {
  schema: `0x${"11".repeat(32)}`,
  scheme: 1,
  domain: 0,
  decimals: 2,
  heartbeat: 60,
  jump: 0,
  bandBps: 0,
  signer: `0x${"0".repeat(40)}`,
  secondary: `0x${"0".repeat(64)}` as Hex,
  apart: 0,
  nonce: 0n,
};
const id = feedId(terms);
let folder: string;
let sources: Sources;
let schema: FeedSchema;
beforeAll(async () => {
  sources = await startSources(["a"]);
  folder = await mkdtemp(path.join(os.tmpdir(), "sooth-duty-"));
  const told = { version: 1, text: "ETH/USD", decimals: 2, unit: "USD", step: 20, deviationBps: 50 };
  schema = feedSchema.parse({ ...told, sources: sources.named });
});
afterAll(async () => {
  await sources.stop();
  await rm(folder, { recursive: true });
});

const handed: FeedHandover[] = [];
let refusal: { outcome: "later" | "never"; code: string; message: string } | null;
const chain = { now: 1_000_020, epoch: 1, read: [0, 0n, 0, 0] as [number, bigint, number, number] };
beforeEach(() => {
  handed.length = 0;
  refusal = null;
  Object.assign(chain, { now: 1_000_020, epoch: 1, read: [0, 0n, 0, 0] });
});

type Told = { id: Hex; owner?: FirstParty };
/** A node as it is after a start; everything but the sources and the journal is a stand-in. */
const start = (journalFile?: string, told: Told = { id }, own: readonly Hex[] = []) => {
  const reporter = {
    hub: { definition: { id: 31_337 }, client: { readContract: async () => chain.read } },
    addresses: { feeds: `0x${"18".repeat(20)}` },
    account,
    view: {
      feeds: new Map<Hex, FeedSchema>([[told.id, schema]]),
      owners: told.owner ? new Map([[told.id, told.owner]]) : new Map(),
      get now() {
        return chain.now;
      },
      signers: async () => ({
        epoch: chain.epoch,
        totalWeight: 1n,
        seats: [{ signer: account.address.toLowerCase(), weight: 1n }],
      }),
    },
    api: {
      handOverFeed: async (_: Hex, report: FeedHandover) => {
        handed.push(report);
        return refusal ?? { outcome: "accepted" };
      },
    },
    reading: { allowedOrigins: [sources.origin], signal: new AbortController().signal },
    log: { info: () => undefined, warn: () => undefined, debug: () => undefined },
  } as unknown as Reporter;
  const duty = feedDuty(reporter, journalFile, own);
  return async () => {
    await duty.tick();
    await duty.close();
  };
};

test("started anew within a moment it says the same again, whatever the source says now", async () => {
  const file = path.join(folder, "again");
  sources.set({ close: "2000.00" });
  await start(file)();
  sources.set({ close: "3000.00" });
  await start(file)();
  expect(handed.map(({ value }) => value)).toEqual(["200000", "200000"]);
  expect(handed[1]?.signature).toBe(handed[0]?.signature);
  chain.epoch = 2;
  await start(file)();
  expect(handed[2]).toMatchObject({ value: "200000", epoch: 2 });
  chain.now -= 20;
  await start(file)();
  expect(handed).toHaveLength(3);
});

test("between two heartbeats only what moved is signed", async () => {
  const tick = start();
  sources.set({ close: "2009.00" });
  chain.read = [1, 200_000n, 1_000_000, 1];
  await tick();
  expect(handed).toEqual([]);
  chain.now += 20;
  sources.set({ close: "2011.00" });
  await tick();
  expect(handed.map(({ value, observedAt }) => [value, observedAt])).toEqual([["201100", 1_000_040]]);
});

test("a moment is handed over once, and a source without a figure costs only the moment", async () => {
  const tick = start();
  sources.set("silent");
  await tick();
  expect(handed).toEqual([]);
  chain.now += 60;
  sources.set({ close: "2000.00" });
  const fresh = start();
  await fresh();
  await fresh();
  expect(handed).toHaveLength(1);
});

test("a feed that the API does not tell is left alone", async () => {
  const tick = start();
  sources.set({ close: "2000.00" });
  refusal = { outcome: "never", code: "feeds.not_told", message: "no" };
  await tick();
  chain.now += 60;
  await tick();
  expect(handed).toHaveLength(1);
});

test("a journal holds one line a feed, and a broken one stops the node", async () => {
  const file = path.join(folder, "lines");
  sources.set({ close: "2000.00" });
  await start(file)();
  chain.now += 60;
  await start(file)();
  expect((await readFile(file, "utf8")).trim().split("\n")).toHaveLength(1);
  await writeFile(file, "{");
  const opening = openFeedJournal({ file, signer: account.address, domain: "x" });
  await expect(opening).rejects.toMatchObject({ code: "oracle.bad_journal" });
});

const ofOwner = (signer: Hex): Told => {
  const own = { ...terms, scheme: 0, signer };
  return { id: feedId(own), owner: firstPartyOf(own) ?? undefined } as Told;
};

test("a feed of this key alone is told when it was chosen, signed for its template, without an epoch", async () => {
  sources.set({ close: "2000.00" });
  const told = ofOwner(account.address);
  await start(undefined, told)();
  await start(undefined, ofOwner(`0x${"77".repeat(20)}`), [ofOwner(`0x${"77".repeat(20)}`).id])();
  expect(handed).toEqual([]);
  const file = path.join(folder, "own");
  await start(file, told, [told.id])();
  sources.set({ close: "3000.00" });
  await start(file, told, [told.id])();
  expect(handed.map(({ value, epoch }) => [value, epoch])).toEqual([
    ["200000", 0],
    ["200000", 0],
  ]);
  const hash = feedReportDigest(
    { chainId: 31_337, feeds: `0x${"18".repeat(20)}` },
    { feed: told.owner?.template ?? "0x", value: 200_000n, observedAt: 1_000_020, epoch: 0 },
  );
  expect(await recoverAddress({ hash, signature: handed[0]?.signature as Hex })).toBe(account.address);
});
