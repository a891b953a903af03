import type { Hex } from "@sooth/kernel";
import { expect, test } from "vitest";
import { feedDue, feedMoment, hasMoved } from "./due.ts";
import { feedFields } from "./feed-word.ts";
import { feedId, feedMomentId } from "./report.ts";
import { feedComplaint, type FeedSchema, feedSchemaText, readFeedSchema } from "./schema.ts";
import { feedUpdate, type FeedSituation, firstPartyUpdate } from "./take.ts";

const schema: FeedSchema = {
  version: 1,
  text: "ETH/USD",
  decimals: 8,
  unit: "USD",
  step: 20,
  deviationBps: 50,
  sources: [
    { type: "http-json", name: "a", unit: "USD", scale: 0, url: "https://a.test/{observeAt-60}", path: "0" },
  ],
};
const terms = {
  schema: `0x${"11".repeat(32)}` as Hex,
  scheme: 1,
  domain: 3,
  decimals: 8,
  heartbeat: 60,
  jump: 10,
  bandBps: 500,
  signer: `0x${"0".repeat(40)}` as Hex,
  secondary: `0x${"0".repeat(64)}` as Hex,
  apart: 0,
  nonce: 7n,
};
const signature = `0x${"11".repeat(32)}${"22".repeat(32)}1b` as Hex;

test("a feed's id carries what an update needs to know", () => {
  expect(feedFields(feedId(terms))).toEqual({
    scheme: "values",
    domain: 3,
    decimals: 8,
    heartbeat: 60,
    apartBps: null,
  });
  const held = { ...terms, secondary: feedId(terms), apart: 5 };
  expect(feedFields(feedId(held)).apartBps).toBe(100);
  expect(feedId({ ...terms, nonce: 8n })).not.toBe(feedId(terms));
  expect(feedMomentId(feedId(terms), 100)).not.toBe(feedMomentId(feedId(terms), 101));
});

test("a schema is acted on only where it fits the terms", () => {
  const feed = feedId(terms);
  expect(readFeedSchema(feed, feedSchemaText(schema))).toEqual(schema);
  expect(readFeedSchema(feed, "no JSON")).toBeNull();
  expect(readFeedSchema(feed, feedSchemaText({ ...schema, decimals: 6 }))).toBeNull();
  expect(feedComplaint({ ...schema, step: 61 }, terms)).toBe("its step is longer than its heartbeat");
  const foreign = schema.sources.map((source) => ({ ...source, unit: "EUR" }));
  expect(feedComplaint({ ...schema, sources: foreign }, terms)).toContain("tells EUR");
});

test("due at each heartbeat, between two only when the value moved, and always while halted", () => {
  const pace = { heartbeat: 60, deviationBps: 50 };
  const last = { value: 2_000n, observedAt: 1_000, isHalted: false };
  expect(feedMoment(1_039, schema)).toBe(1_020);
  expect(feedDue(null, 1_000, pace)).toBe("always");
  expect(feedDue(last, 1_000, pace)).toBe("no");
  expect(feedDue(last, 1_020, pace)).toBe("ifMoved");
  expect(feedDue(last, 1_020, { ...pace, deviationBps: 0 })).toBe("no");
  expect(feedDue(last, 1_060, pace)).toBe("always");
  expect(feedDue({ ...last, isHalted: true }, 1_020, pace)).toBe("always");
  expect([hasMoved(2_010n, 2_000n, 50), hasMoved(2_011n, 2_000n, 50)]).toEqual([false, true]);
  expect([hasMoved(-1_989n, -2_000n, 50), hasMoved(1n, 0n, 10_000)]).toEqual([true, true]);
});

const report = (seat: number, observedAt: number, epoch = 1) => ({
  seat,
  observedAt,
  epoch,
  value: 2_000n + BigInt(seat),
  signature,
});
const seats = Array.from({ length: 4 }, (_, seat) => ({ signer: `0x${seat}` as Hex, weight: 10n }));
const situation = (over: Partial<FeedSituation>): FeedSituation => ({
  heartbeat: 60,
  last: { value: 2_000n, observedAt: 1_000, isHalted: false },
  signers: { epoch: 1, totalWeight: 40n, seats },
  reports: [0, 1, 2].map((seat) => report(seat, 1_060)),
  now: 1_062,
  ...over,
});
const momentOf = (over: Partial<FeedSituation>) => feedUpdate(situation(over))?.observedAt ?? null;

test("a quorum of one moment and the current epoch is sent, the newest moment first", () => {
  expect(momentOf({})).toBe(1_060);
  expect(momentOf({ reports: [0, 1].map((seat) => report(seat, 1_060)) })).toBeNull();
  expect(momentOf({ reports: [0, 1, 2].map((seat) => report(seat, 1_060, 2)) })).toBeNull();
  const two = [1_040, 1_060].flatMap((at) => [0, 1, 2].map((seat) => report(seat, at)));
  expect(momentOf({ reports: two })).toBe(1_060);
  expect(momentOf({ reports: two, last: { value: 1n, observedAt: 1_060, isHalted: false } })).toBeNull();
});

test("nothing is sent for a moment that the contract would call too old, or ahead", () => {
  expect([momentOf({ now: 1_119 }), momentOf({ now: 1_120 }), momentOf({ now: 1_059 })]).toEqual([
    1_060,
    null,
    null,
  ]);
});

const since = (observedAt: number) => ({ value: 2_000n, observedAt, isHalted: false });

test("after a jump or a silence 90 % is waited for, and after a long silence no more", () => {
  const halted = { value: 2_000n, observedAt: 1_000, isHalted: true };
  const all = [0, 1, 2, 3].map((seat) => report(seat, 1_060));
  expect(momentOf({ last: halted })).toBeNull();
  expect(feedUpdate(situation({ last: halted, reports: all }))).toMatchObject({ neededMore: true });
  expect(feedUpdate(situation({ reports: all }))).toMatchObject({ neededMore: false });
  expect(momentOf({ last: since(1_060 - 121) })).toBeNull();
  expect(momentOf({ last: since(1_060 - 120) })).toBe(1_060);
  expect(momentOf({ last: since(1_060 - 961) })).toBe(1_060);
});

const own = (value: bigint, observedAt: number) => ({ value, observedAt, signature });

test("what one key signs is sent when the terms want it: at a heartbeat, or when it moved, and not at every step", () => {
  const momentOfOwn = (deviationBps: number, ...reports: ReturnType<typeof own>[]) =>
    firstPartyUpdate({ heartbeat: 60, deviationBps, last: since(1_000), reports, now: 1_062 })?.observedAt;
  expect(momentOfOwn(50, own(2_010n, 1_020), own(1_990n, 1_040))).toBeUndefined();
  expect(momentOfOwn(50, own(2_011n, 1_020), own(2_000n, 1_040))).toBe(1_020);
  expect(momentOfOwn(50, own(2_011n, 1_020), own(1_989n, 1_040))).toBe(1_040);
  expect(momentOfOwn(0, own(9_000n, 1_040))).toBeUndefined();
  expect(momentOfOwn(0, own(2_000n, 1_040), own(2_000n, 1_060))).toBe(1_060);
  const first = { heartbeat: 60, deviationBps: 0, last: null, now: 1_062 };
  expect(firstPartyUpdate({ ...first, reports: [own(1n, 1_040)] })?.observedAt).toBe(1_040);
  expect(firstPartyUpdate({ ...first, reports: [own(1n, 1_000), own(1n, 1_063)] })).toBeNull();
});
