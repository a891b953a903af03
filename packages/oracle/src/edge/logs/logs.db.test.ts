import { one, rows, sql, type Store } from "@sooth/store";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { oracleStore } from "../../../test/database.ts";
import {
  addresses,
  answer,
  ask,
  asked,
  boolSchema,
  clock,
  happen,
  joinAll,
  numericSchema,
  OPENS,
  ownerOf,
  seatOf,
  signers,
  stranger,
  WEIGHT,
} from "../../../test/people.ts";
import { INVALID, schemaText, termsToChain } from "../../core/index.ts";
import { recentOracleActivity } from "../activity.ts";
import { oracleChecks } from "../checks.ts";
import { creditOf, listProviders, providerOf } from "../providers.ts";
import { dueQuestions, listQuestions, questionById, toWireQuestion } from "../questions.ts";
import { nextSigners, signerSet } from "../signer-sets.ts";
import { logger } from "@sooth/runtime";

let store: Store;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());
beforeEach(async () => {
  await sql`truncate oracle.questions, oracle.reopenings, oracle.providers, oracle.signers, oracle.epochs,
    oracle.rosters, oracle.seats, oracle.credits, oracle.signed_answers, oracle.standings, oracle.reports, oracle.evidence, oracle.equivocations`.execute(
    store.db,
  );
});

const LIMITS = { now: OPENS, minStake: 1n, startFactorBps: 10_000, epochSeconds: 3_600 };
const question = asked(boolSchema());
const wire = async (now: number) => {
  const stored = await questionById(store.db, question.id.toUpperCase().replace("0X", "0x"));
  return stored && toWireQuestion(stored, now);
};

test("a question from ask to final, and its status by the clock alone", async () => {
  expect(await wire(OPENS)).toBeUndefined();
  await ask(store.db, question);
  expect(await questionById(store.db, question.id)).toMatchObject({
    terms: question.terms,
    schema: question.schema,
    fault: null,
  });
  expect(await wire(OPENS)).toMatchObject({
    status: "open",
    opensAt: OPENS,
    value: null,
    label: null,
    reportCount: 0,
  });
  expect(await wire(OPENS + 1_001)).toMatchObject({ status: "invalid" });

  await happen(store.db, "oracle", "Reopened", {
    at: 2,
    question: question.id,
    round: 1,
    epoch: 1,
    notBefore: OPENS + 60,
    seats: 7n,
    signatures: "0x12",
  });
  expect(await wire(OPENS)).toMatchObject({ status: "open", opensAt: OPENS + 60, round: 1 });

  await answer(store.db, question, { at: 3, value: 1n, finalizeAt: OPENS + 200, round: 1 });
  expect(await wire(OPENS + 199)).toMatchObject({
    status: "answered",
    value: "1",
    label: "Yes",
    confidence: 7500,
    finalizeAt: OPENS + 200,
    reportCount: 3,
  });
  expect(await wire(OPENS + 200)).toMatchObject({ status: "final" });

  await happen(store.db, "oracle", "RewardSettled", {
    at: 4,
    question: question.id,
    outcome: 4,
    premium: 5,
    toTreasury: 2n,
  });
  expect(await wire(OPENS + 200)).toMatchObject({ rewardSettled: true });

  const activity = await recentOracleActivity(store.db, { limit: 10 });
  expect(activity.map(({ kind, block }) => [kind, block])).toEqual([
    ["reward", 4],
    ["answered", 3],
    ["reopened", 2],
    ["asked", 1],
  ]);
  expect(activity[1]).toMatchObject({ label: "Yes", title: question.schema.text, question: question.id });
  expect(
    (await recentOracleActivity(store.db, { limit: 10, before: { block: 3, logIndex: 0 } })).map(
      ({ kind }) => kind,
    ),
  ).toEqual(["reopened", "asked"]);
  expect(await recentOracleActivity(store.db, { limit: 10, asker: stranger.address })).toEqual([]);
});

test("several reopenings in one run leave the last round", async () => {
  await ask(store.db, question);
  await happen(
    store.db,
    "oracle",
    "Reopened",
    ...[1, 2, 3].map((round) => ({
      question: question.id,
      round,
      epoch: 1,
      notBefore: OPENS + round,
      seats: 7n,
      signatures: "0x",
    })),
  );
  expect(await wire(OPENS)).toMatchObject({ round: 3, opensAt: OPENS + 3 });
});

test("text that a database cannot hold becomes a stand-in, and stops nothing", async () => {
  const terms = question.terms;
  for (const [index, schema] of [
    "\u0000",
    '{"text":"\u0000"}',
    "\ud800",
    schemaText(numericSchema()),
  ].entries())
    await happen(store.db, "oracle", "Asked", {
      at: index,
      question: `0x${String(index).repeat(64)}`,
      asker: terms.asker,
      terms: termsToChain(terms),
      schema,
    });
  const found = await rows<{ fault: string }>(
    store.db,
    sql`select fault from oracle.questions order by asked_block`,
  );
  expect(found.map(({ fault }) => fault)).toEqual([
    "its schema cannot be read",
    "its schema cannot be read",
    "its schema cannot be read",
    "a numeric question is decided by median, not plurality",
  ]);
  // Nothing to look for in them.
  expect(await listQuestions(store.db, { limit: 10 }, OPENS)).toEqual([]);
});

test("lists by search, status, kind and asker, page by page", async () => {
  const rain = asked(boolSchema({ text: "100% rain_fall in Haifa? 🌧️ גשם" }), { nonce: 1n });
  const price = asked(numericSchema(), { nonce: 2n, asker: `0x${"bb".repeat(20)}` });
  const never = asked(boolSchema({ text: "Is this ever answered?" }), { nonce: 3n, deadline: OPENS + 10 });
  for (const [index, each] of [rain, price, never].entries()) await ask(store.db, each, index + 1);
  await answer(store.db, price, { value: 231_550n, finalizeAt: OPENS + 50, at: 9 });
  await answer(store.db, rain, { value: INVALID, finalizeAt: OPENS + 50, at: 9 });
  const list = async (filter: object, now = OPENS + 60) =>
    (await listQuestions(store.db, { limit: 10, ...filter }, now)).map(({ terms }) => terms.nonce);

  expect(await list({})).toEqual([3n, 2n, 1n]);
  expect(await list({ limit: 1 })).toEqual([3n]);
  expect(await list({ before: { block: 3, logIndex: 0 } })).toEqual([2n, 1n]);
  expect(await list({ search: "CLOSE of eth" })).toEqual([2n]);
  expect(await list({ search: "0% rain_fall" })).toEqual([1n]);
  expect(await list({ search: "גשם" })).toEqual([1n]);
  expect(await list({ search: "%" })).toEqual([1n]);
  expect(await list({ search: "'; drop table oracle.questions; --" })).toEqual([]);
  expect(await list({ kind: "numeric" })).toEqual([2n]);
  expect(await list({ asker: `0x${"BB".repeat(20)}` })).toEqual([2n]);
  expect(await list({ status: "final" })).toEqual([2n]);
  expect(await list({ status: "invalid" })).toEqual([3n, 1n]);
  expect(await list({ status: "answered" }, OPENS + 49)).toEqual([2n, 1n]);
  expect(await list({ status: "open" }, OPENS + 10)).toEqual([3n]);
});

test("providers, their signer set and their credit", async () => {
  await joinAll(store.db);
  expect(await signerSet(store.db, 0)).toEqual({
    epoch: 1,
    totalWeight: WEIGHT * 4n,
    seats: signers.map(({ address }) => ({ signer: address.toLowerCase(), weight: WEIGHT })),
  });
  const owner = ownerOf(1);
  await happen(
    store.db,
    "oracle",
    "Credited",
    { account: owner, amount: 7n },
    { account: owner, amount: 5n },
    { account: ownerOf(0), amount: 1n },
  );
  await happen(store.db, "oracle", "Debited", { account: owner, amount: 2n });
  await happen(store.db, "stakeManager", "StakeAdded", { owner, amount: 5n, stake: WEIGHT + 5n });
  await happen(store.db, "stakeManager", "SignerRotated", {
    owner,
    from: seatOf(1).address,
    to: stranger.address,
  });
  const provider = await providerOf(store.db, owner);
  // The seat is the old key's until the next epoch, and earns for the same owner.
  expect(provider).toEqual({
    owner,
    signer: stranger.address.toLowerCase(),
    stake: "1005",
    state: "active",
    domains: [0],
    family: 0,
    juror: false,
    banned: false,
    slashed: "0",
    misses: 0,
    frozenUntil: null,
    suspendedUntil: null,
    seat: 1,
    weight: "1000",
    unbondsAt: null,
    reports: 0,
    counted: 0,
    lastReportAt: null,
    credit: "10",
  });
  expect(await creditOf(store.db, ownerOf(3))).toBe(0n);

  await happen(store.db, "stakeManager", "KindsSet", { owner, kinds: 5 });
  await happen(store.db, "stakeManager", "Seated", { domain: 2, owner });
  await happen(store.db, "stakeManager", "JurorSet", { owner, willing: true });
  expect(await providerOf(store.db, owner)).toMatchObject({ domains: [0, 2], juror: true });
  expect(await nextSigners(store.db, 2, LIMITS)).toEqual([
    { signer: stranger.address.toLowerCase(), stake: WEIGHT + 5n, factorBps: 10_000, cluster: 0, family: 0 },
  ]);
  expect(await nextSigners(store.db, 0, LIMITS)).toHaveLength(4);
  await happen(store.db, "stakeManager", "Benched", { domain: 0, owner }, { domain: 2, owner });
  expect(await nextSigners(store.db, 2, LIMITS)).toEqual([]);
  expect(await nextSigners(store.db, 0, LIMITS)).toHaveLength(3);

  await happen(store.db, "stakeManager", "Slashed", {
    owner,
    fault: `0x${"fa".repeat(32)}`,
    challenger: ownerOf(3),
    amount: 5n,
    stake: 1000n,
  });
  await happen(store.db, "stakeManager", "Banned", { owner });
  expect(await providerOf(store.db, owner)).toMatchObject({ stake: "1000", banned: true });
  await happen(store.db, "stakeManager", "Left", { owner, unbondsAt: OPENS });
  expect(await providerOf(store.db, owner)).toMatchObject({ state: "unbonding", unbondsAt: OPENS });
  await happen(store.db, "stakeManager", "Withdrawn", { owner, to: owner, amount: 1005n });
  expect(await providerOf(store.db, owner)).toMatchObject({
    state: "withdrawn",
    stake: "0",
    unbondsAt: null,
  });
  await happen(store.db, "stakeManager", "Joined", { owner, signer: stranger.address, stake: 9n, kinds: 0 });
  expect(await providerOf(store.db, owner)).toMatchObject({
    state: "active",
    stake: "9",
    domains: [],
  });
});

test("records count an epoch's time after a domain's first, and who has none counts the least from then on", async () => {
  await joinAll(store.db);
  const standing = {
    score: 900,
    factorBps: 6_000,
    strikes: 0,
    suspendedUntil: 0,
    cluster: 0,
    epoch: 1,
    premium: true,
  };
  await happen(store.db, "stakeManager", "StandingSet", { domain: 0, owner: ownerOf(1), standing });
  const first = OPENS - 999; // of block 1
  const factorsAt = async (now: number) => {
    const next = await nextSigners(store.db, 0, { ...LIMITS, now });
    return next.map(({ factorBps }) => factorBps).toSorted((a, b) => a - b);
  };
  expect(await factorsAt(first + LIMITS.epochSeconds - 1)).toEqual([10_000, 10_000, 10_000, 10_000]);
  expect(await factorsAt(first + LIMITS.epochSeconds)).toEqual([1_000, 1_000, 1_000, 6_000]);
});

test("a reward that nobody earned is told as going back to the asker", async () => {
  await ask(store.db, question);
  const settled = { at: 2, question: question.id, outcome: 5, premium: 0, toTreasury: 0n };
  await happen(store.db, "oracle", "RewardSettled", settled);
  const activity = await recentOracleActivity(store.db, { limit: 10 });
  expect(activity.map(({ kind, block }) => [kind, block])).toEqual([
    ["refund", 2],
    ["asked", 1],
  ]);
});

test("a reward counts an accepted report for its owner", async () => {
  await joinAll(store.db);
  await ask(store.db, question);
  await answer(store.db, question, { value: 1n, finalizeAt: OPENS, seats: 0b1010n });
  const { items: providers } = await listProviders(store.db, { limit: 10 });
  expect(providers.map(({ owner, counted }) => [owner, counted])).toEqual([
    [ownerOf(0), 0],
    [ownerOf(1), 1],
    [ownerOf(2), 0],
    [ownerOf(3), 1],
  ]);
});

test("a reorg puts every row back as it was", async () => {
  const dump = () =>
    one<{ all: unknown }>(
      store.db,
      sql`select jsonb_build_array((select jsonb_agg(q order by id) from oracle.questions q),
        (select jsonb_agg(o) from oracle.reopenings o), (select jsonb_agg(p order by owner) from oracle.providers p),
        (select jsonb_agg(c) from oracle.credits c), (select jsonb_agg(s order by epoch, seat) from oracle.seats s),
        (select jsonb_agg(r order by domain, owner) from oracle.rosters r)) as all`,
    );
  await joinAll(store.db);
  await ask(store.db, question);
  const before = await dump();
  await store.transaction(async (tx) => {
    await sql`select set_config('sooth.block', '31337:5', true)`.execute(tx);
    await happen(tx, "oracle", "Reopened", {
      at: 5,
      question: question.id,
      round: 1,
      epoch: 1,
      notBefore: OPENS + 60,
      seats: 7n,
      signatures: "0x12",
    });
    await answer(tx, question, { at: 5, value: 1n, finalizeAt: OPENS + 200, round: 1 });
    await happen(tx, "oracle", "Credited", { account: ownerOf(1), amount: 7n });
    await happen(tx, "stakeManager", "Benched", { domain: 0, owner: ownerOf(1) });
    await happen(tx, "stakeManager", "Left", { owner: ownerOf(1), unbondsAt: OPENS });
    await joinAll(tx, 2);
  });
  expect(await dump()).not.toEqual(before);
  await sql`select chain.undo_above(31337, 4)`.execute(store.db);
  expect(await dump()).toEqual(before);
});

test("due are questions with a quorum of this epoch and round, and rewards of those that ended", async () => {
  const late = asked(boolSchema(), { nonce: 1n, deadline: OPENS + 10 });
  const free = asked(boolSchema(), { nonce: 2n, deadline: OPENS + 10, reward: 0n });
  const done = asked(boolSchema(), { nonce: 3n });
  for (const each of [question, late, free, done]) await ask(store.db, each);
  await answer(store.db, done, { value: 1n, finalizeAt: OPENS + 30 });
  await joinAll(store.db);
  const due = async (now: number, minReward = 0n) =>
    (
      await dueQuestions(store.db, { now, minReward, commitTier: 1_000_000n, phase: 7, limit: 10 })
    ).questions.map(({ terms }) => terms.nonce);
  expect(await due(OPENS + 10)).toEqual([]);
  expect(await due(OPENS + 11)).toEqual([1n]);
  expect(await due(OPENS + 30)).toEqual([1n, 3n]);
  const report = (seat: number, signer = seatOf(seat).address.toLowerCase()) =>
    sql`insert into oracle.reports values (${question.id}, 0, 1, ${signer}, ${seat}, 1, 1, '0x', '0x', '0x', ${OPENS})`.execute(
      store.db,
    );
  await report(0);
  await report(1);
  await report(2, "0x00"); // whom the chain put off the seat
  expect(await due(OPENS + 30)).toEqual([1n, 3n]);
  await report(2);
  expect(await due(OPENS + 30)).toEqual([0n, 1n, 3n]);
  expect(await due(OPENS + 30, 5_000_001n)).toEqual([]);
  expect(await due(OPENS - 1)).toEqual([]);
  await happen(store.db, "oracle", "RewardSettled", {
    question: late.id,
    outcome: 5,
    premium: 0,
    toTreasury: 0n,
  });
  expect(await due(OPENS + 30)).toEqual([0n, 3n]);
  // Another domain's epochs change nothing here; the next one of this makes the three reports stale.
  await happen(store.db, "stakeManager", "EpochAdvanced", {
    domain: 1,
    epoch: 2,
    totalWeight: 1n,
    seats: [],
  });
  expect(await due(OPENS + 30)).toEqual([0n, 3n]);
  await joinAll(store.db, 2);
  expect(await due(OPENS + 30)).toEqual([3n]);
});

test("checks tell a quorum that is out of reach, and answers that are late", async () => {
  const { chain, time } = clock(OPENS + 601);
  const [quorum, inTime] = oracleChecks({
    store,
    hub: chain,
    addresses,
    config: { ORACLE_MIN_PROVIDERS: 4, ORACLE_MIN_REWARD: 0n, ORACLE_RESOLVE_DEPOSIT: 0n },
    log: logger("test"),
  });
  expect(await quorum?.run()).toMatchObject({ ok: false });
  await joinAll(store.db);
  await ask(store.db, question);
  expect(await quorum?.run()).toMatchObject({ ok: true });
  for (const seat of [0, 1])
    await sql`insert into oracle.reports values (${question.id}, 0, 1, ${seatOf(seat).address.toLowerCase()}, ${seat}, 1, 1, '0x', '0x', '0x', ${OPENS})`.execute(
      store.db,
    );
  expect(await quorum?.run()).toEqual({
    ok: false,
    found: "2000 of 4000 weight reported on one of the last 1 questions of domain 0",
  });
  expect(await inTime?.run()).toEqual({
    ok: false,
    found: "1 questions have waited more than 600 seconds for an answer",
  });
  time.now = OPENS + 1_001;
  await new Promise((resolve) => setTimeout(resolve, 350)); // a reading of the clock is shared for 300 ms
  expect(await inTime?.run()).toEqual({ ok: true });
});
