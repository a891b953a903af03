import { epochsAbi } from "@sooth/abi";
import { type Hex, need } from "@sooth/kernel";
import { logger } from "@sooth/runtime";
import { one, rows, sql, type Store } from "@sooth/store";
import { decodeFunctionData, numberToHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { oracleStore } from "../../../test/database.ts";
import {
  addresses,
  answer,
  ask,
  type Asked,
  asked,
  boolSchema,
  CHAIN_ID,
  clock,
  happen,
  joinAll,
  OPENS,
  ownerOf,
  seatOf,
  stranger,
} from "../../../test/people.ts";
import {
  encodeAnswerWord,
  packAgreed,
  packEntries,
  reportTypedData,
  schemaText,
  termsToChain,
} from "../../core/index.ts";
import { bodyByHash } from "../security/evidence.ts";
import { computePeriod } from "./compute-period.ts";
import { noteLate } from "./note-late.ts";
import { recordsOf } from "./period-store.ts";
import { recoverSome } from "./recovered-reports.ts";
import { periodDetail, reputationOf } from "./reputation-of.ts";

let store: Store;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());
beforeEach(async () => {
  await sql`truncate oracle.questions, oracle.providers, oracle.signers, oracle.epochs, oracle.rosters, oracle.seats,
    oracle.reports, oracle.signed_answers, oracle.late_reports, oracle.periods, oracle.period_records, oracle.cluster_periods,
    oracle.security_evidence, oracle.standings, chain.outbox cascade`.execute(store.db);
  await joinAll(store.db);
});

const domain = { chainId: CHAIN_ID, oracle: addresses.oracle };
const rules = {
  genesis: OPENS,
  periodSeconds: 1_000,
  settleSeconds: 10,
  answerSeconds: 60,
  livenessSeconds: 60,
  cooldownSeconds: 5_000,
  premiumRounds: 100,
};
/** From what a question secures on reports are committed first. */
const TIER = 1_000_000n;
const compute = (number: number) =>
  computePeriod(store, { ...domain, commitTier: TIER }, rules, {
    domain: 0,
    number,
    now: OPENS + number * 1_000 + 10,
  });
const signatureOf = (question: Asked, seat: number, value = 1n, signer = seatOf(seat)) =>
  signer.signTypedData(reportTypedData(domain, { question: question.id, value, epoch: 1, round: 0 }));

/** Answered by seats 0 to 2, final at `finalizeAt`. */
async function answeredAt(nonce: bigint, finalizeAt: number, secures = 0n): Promise<Asked> {
  const question = asked(boolSchema(), { nonce, liveness: 60, secures });
  await ask(store.db, question);
  const seats = await Promise.all(
    [0, 1, 2].map(async (seat) => ({ seat, value: 1n, signature: await signatureOf(question, seat) })),
  );
  await answer(store.db, question, { value: 1n, finalizeAt, report: packAgreed(seats) });
  return question;
}
const handOver = async (question: Asked, seat: number) =>
  sql`insert into oracle.reports values (${question.id}, 0, 1, ${seatOf(seat).address.toLowerCase()}, ${seat}, 1000, 1,
    ${await signatureOf(question, seat)}, '0x', '0x', ${OPENS})`.execute(store.db);
const strikesOf = async (number: number, seat: number) =>
  (await recordsOf(store.db, 0, number)).find(({ record }) => record.owner === ownerOf(seat))?.record.strikes;

test("a period says who was right and who missed, once, and the next goes on from it", async () => {
  for (const nonce of [1n, 2n]) await answeredAt(nonce, OPENS + 100 * Number(nonce));
  const first = await compute(1);
  expect(first).toMatchObject({ since: OPENS, until: OPENS + 1_000, questions: 2 });
  expect([await strikesOf(1, 0), await strikesOf(1, 3)]).toEqual([0, 2]);
  // What is worked out stays, whatever rows come later.
  await answeredAt(3n, OPENS + 1_000);
  expect(await compute(1)).toEqual(first);

  await answeredAt(4n, OPENS + 1_500);
  expect(await compute(2)).toMatchObject({ since: OPENS + 1_000, questions: 1 });
  expect(await strikesOf(2, 3)).toBe(3);
  const [reputation] = await reputationOf(store.db, ownerOf(3).toUpperCase().replace("0X", "0x"));
  expect(reputation).toMatchObject({ domain: 0, strikes: 3, factorBps: 0, onChain: null });
  expect(reputation?.suspendedUntil).toBe(OPENS + 1_500 + rules.cooldownSeconds);
  expect(reputation?.history.map(({ period, missed, answered }) => [period, missed, answered])).toEqual([
    [1, 2, 0],
    [2, 1, 0],
  ]);
  expect((await periodDetail(store.db, 0, 2)).records).toHaveLength(4);
  await expect(periodDetail(store.db, 0, 3)).rejects.toThrow("period 3");
});

test("periods that were skipped are caught up with to the same root", async () => {
  await answeredAt(1n, OPENS + 100);
  await answeredAt(2n, OPENS + 1_100);
  await compute(1);
  const after = await compute(2);
  await sql`truncate oracle.periods, oracle.period_records`.execute(store.db);
  expect((await compute(2)).root).toBe(after.root);
});

test("reports that an answer left out are logged once, before it is final", async () => {
  const question = await answeredAt(1n, OPENS + 100);
  await handOver(question, 3);
  await handOver(question, 2); // is in the answer
  const { chain } = clock(OPENS);
  const config = { ORACLE_MIN_PROVIDERS: 4, ORACLE_MIN_REWARD: 0n, ORACLE_RESOLVE_DEPOSIT: 0n };
  const deps = { store, hub: chain, addresses, config, log: logger("test") };
  const queued = () =>
    one<{ data: Hex; count: number }>(
      store.db,
      sql`select max(data) as data, count(*)::int as count from chain.outbox where key like 'oracle:late:%'`,
    );
  await noteLate(deps, head(OPENS + 69));
  expect((await queued())?.count).toBe(0);
  await noteLate(deps, head(OPENS + 70));
  await noteLate(deps, head(OPENS + 71));
  const found = need(await queued(), "a row");
  expect(found.count).toBe(1);
  const signature = await signatureOf(question, 3);
  const entries = packEntries([{ seat: 3, value: 1n, signature }]);
  expect(decodeFunctionData({ abi: epochsAbi, data: found.data })).toEqual({
    functionName: "note",
    args: [[{ question: question.id, epoch: 1, round: 0, entries }]],
  });
});

test("garbage that somebody logs hides nobody who was honest and late", async () => {
  const question = await answeredAt(1n, OPENS + 100);
  await handOver(question, 3);
  await note(question, "0x1234", 1_001);
  const { chain } = clock(OPENS);
  const config = { ORACLE_MIN_PROVIDERS: 4, ORACLE_MIN_REWARD: 0n, ORACLE_RESOLVE_DEPOSIT: 0n };
  const deps = { store, hub: chain, addresses, config, log: logger("test") };
  const queued = () => rows(store.db, sql`select key from chain.outbox where key like 'oracle:late:%'`);
  await noteLate(deps, head(OPENS + 70));
  expect(await queued()).toHaveLength(1);
  // What was logged to the byte is not logged again.
  await sql`truncate chain.outbox cascade`.execute(store.db);
  const entries = packEntries([{ seat: 3, value: 1n, signature: await signatureOf(question, 3) }]);
  await note(question, entries, 1_002);
  await noteLate(deps, head(OPENS + 71));
  expect(await queued()).toHaveLength(0);
});

const head = (timestamp: number) => ({ chainId: CHAIN_ID, number: 1, timestamp, hash: "0x" as Hex });
const entryOf = async (question: Asked, signer = seatOf(3)) =>
  packEntries([{ seat: 3, value: 0n, signature: await signatureOf(question, 3, 0n, signer) }]);
const note = (question: Asked, entries: Hex, block: number, epoch = 1) =>
  happen(store.db, "epochs", "LateReported", {
    at: block,
    question: question.id,
    epoch,
    round: 0,
    entries,
  });

test("who is shown to have signed before finality missed nothing; who is not, missed it", async () => {
  // Block 1,000 + n of the test chain is mined at OPENS + n.
  const finalAt = OPENS + 100;
  const cases: [string, (question: Asked) => Promise<void>, number][] = [
    ["in time", async (question) => note(question, await entryOf(question), 1_099), 0],
    ["when it was final", async (question) => note(question, await entryOf(question), 1_100), 1],
    ["by another", async (question) => note(question, await entryOf(question, stranger), 1_050), 1],
    ["for another epoch", async (question) => note(question, await entryOf(question), 1_050, 2), 1],
    ["bytes", async (question) => note(question, "0x1234", 1_050), 1],
    ["bytes as long as a report", async (question) => note(question, `0x03${"00".repeat(76)}`, 1_050), 1],
  ];
  for (const [name, noted, strikes] of cases) {
    await sql`truncate oracle.questions, oracle.signed_answers, oracle.late_reports, oracle.periods,
      oracle.period_records, oracle.cluster_periods cascade`.execute(store.db);
    await noted(await answeredAt(1n, finalAt));
    await compute(1);
    expect([name, await strikesOf(1, 3)]).toEqual([name, strikes]);
  }
});

test("of the top tier nothing is late: who did not open his value in time has missed it, whatever he logs", async () => {
  for (const [secures, strikes] of [
    [TIER - 1n, 0],
    [TIER, 1],
  ] as const) {
    await sql`truncate oracle.questions, oracle.signed_answers, oracle.late_reports, oracle.periods,
      oracle.period_records, oracle.cluster_periods cascade`.execute(store.db);
    const question = await answeredAt(1n, OPENS + 100, secures);
    await note(question, await entryOf(question), 1_099);
    await compute(1);
    expect([secures, await strikesOf(1, 3)]).toEqual([secures, strikes]);
  }
});

test("signatures of late reports are recovered once, a few at a time, and again when a reorg put others in their place", async () => {
  await sql`truncate oracle.recovered_reports`.execute(store.db);
  const [first, second] = [await answeredAt(1n, OPENS + 100), await answeredAt(2n, OPENS + 101)];
  await note(first, await entryOf(first), 1_050);
  await note(second, await entryOf(second), 1_051);
  const since = { since: OPENS, most: 1 };
  const signers = () =>
    rows<{ signers: string[] }>(
      store.db,
      sql`select signers from oracle.recovered_reports order by block`,
    ).then((found) => found.map((row) => row.signers));
  const key = seatOf(3).address.toLowerCase();
  expect(await recoverSome(store.db, domain, since)).toBe(true);
  expect(await signers()).toEqual([[key]]);
  expect(await recoverSome(store.db, domain, since)).toBe(false);
  expect(await signers()).toEqual([[key], [key]]);

  const other = await entryOf(second, stranger);
  await sql`update oracle.late_reports set entries = ${other} where question = ${second.id}`.execute(
    store.db,
  );
  expect(await recoverSome(store.db, domain, { ...since, most: 9 })).toBe(false);
  expect(await signers()).toEqual([[key], [stranger.address.toLowerCase()]]);
  await compute(1);
  expect(await strikesOf(1, 3)).toBe(1);

  // What no period counts any more is not kept.
  await recoverSome(store.db, domain, { since: OPENS + 100, most: 9 });
  expect(await signers()).toEqual([[stranger.address.toLowerCase()]]);
});

test("of what anybody logs as much is recovered at once as there are reports in it, and only of the answer's round", async () => {
  await sql`truncate oracle.recovered_reports`.execute(store.db);
  const question = await answeredAt(1n, OPENS + 100);
  const entry = await entryOf(question);
  const many: Hex = `0x${entry.slice(2).repeat(3)}`;
  await note(question, many, 1_050, 2);
  for (const block of [1_051, 1_052, 1_053]) await note(question, many, block);
  const blocks = async () =>
    (
      await rows<{ block: number }>(store.db, sql`select block from oracle.recovered_reports order by block`)
    ).map(({ block }) => block);
  expect(await recoverSome(store.db, domain, { since: OPENS, most: 4 })).toBe(true);
  expect(await blocks()).toEqual([1_051, 1_052]);
  expect(await recoverSome(store.db, domain, { since: OPENS, most: 4 })).toBe(false);
  expect(await blocks()).toEqual([1_051, 1_052, 1_053]);
});

const categories = boolSchema({
  kind: "categorical",
  outcomes: ["a", "b", "c", "d", "e", "f", "g", "h"],
  rule: { type: "cuts", cuts: ["1", "2", "3", "4", "5", "6", "7"] },
});
const YEAR = 365 * 86_400;

const crowd = Array.from({ length: 8 }, (_, seat) =>
  privateKeyToAccount(numberToHex(BigInt(seat + 1), { size: 32 })),
);
const crowdOwner = (seat: number): Hex => numberToHex(0xc0_00 + seat, { size: 20 });

async function joinCrowd(): Promise<void> {
  const joined = crowd.map(({ address }, seat) => ({
    owner: crowdOwner(seat),
    signer: address,
    stake: 9n,
    kinds: 1,
  }));
  await sql`truncate oracle.providers, oracle.signers, oracle.epochs, oracle.seats cascade`.execute(store.db);
  await happen(store.db, "stakeManager", "Joined", ...joined);
  await happen(store.db, "stakeManager", "EpochAdvanced", {
    domain: 0,
    epoch: 1,
    totalWeight: 80n,
    seats: crowd.map(({ address }) => (BigInt(address) << 96n) | 10n),
  });
}

/**
 * Final one second after the other from `from` on. Everybody errs for himself on one question in twenty, 0 and 1 alike on one
 * in ten. Who is right is in the answer, who errs in a log of late reports.
 */
async function erring(count: number, from: number): Promise<void> {
  let state = 7;
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const wrong = () => 1n + BigInt(Math.floor(next() * 7));
  const rows = Array.from({ length: count }, (_, index) => {
    const together = next() < 0.1 ? wrong() : null;
    const said = crowd.map((__, seat) => {
      const own = next() < 0.05 ? wrong() : 0n;
      return together !== null && seat < 2 ? together : own;
    });
    return { question: asked(categories, { nonce: BigInt(index), liveness: 60 }), said, at: from + index };
  });
  const reports = rows.map(({ question, said, at }) => ({
    question,
    at,
    right: said.flatMap((value, seat) => (value === 0n ? [seat] : [])),
    late: said.flatMap((value, seat) => (value === 0n ? [] : [{ seat, value }])),
  }));
  await happen(
    store.db,
    "oracle",
    "Asked",
    ...reports.map(({ question: { id, terms, schema } }) => ({
      question: id,
      asker: terms.asker,
      terms: termsToChain(terms),
      schema: schemaText(schema),
    })),
  );
  await happen(
    store.db,
    "oracle",
    "Answered",
    ...reports.map(({ question, at, right }) => ({
      at: 2,
      question: question.id,
      word: encodeAnswerWord({
        state: "answered",
        value: 0n,
        finalizeAt: at,
        confidence: 7500,
        seats: right.reduce((all, seat) => all | (1n << BigInt(seat)), 0n),
        epoch: 1,
        round: 0,
        rewardSettled: false,
      }),
      // The contract has checked these; those of late reports are checked here.
      report: `0x${"01".repeat(64 * right.length)}` as Hex,
    })),
  );
  const notes = reports
    .filter(({ late }) => late.length > 0)
    .map(async ({ question, at, late }) => ({
      // Half a minute before finality.
      at: at - OPENS + 970,
      question: question.id,
      epoch: 1,
      round: 0,
      entries: packEntries(
        await Promise.all(
          late.map(async ({ seat, value }) => ({
            seat,
            value,
            signature: await signatureOf(question, seat, value, need(crowd[seat], "a key")),
          })),
        ),
      ),
    }));
  await happen(store.db, "epochs", "LateReported", ...(await Promise.all(notes)));
}

test("who errs together by the logs stands together in the records, with proof, until a year has passed", async () => {
  await joinCrowd();
  await erring(450, OPENS + 300);
  await compute(1);
  const { clusters, records, root } = await periodDetail(store.db, 0, 1);
  expect(clusters).toMatchObject([{ members: [crowdOwner(0), crowdOwner(1)] }]);
  const number = need(clusters[0]?.number, "a cluster");
  expect(records.map(({ owner, cluster }) => [owner, cluster])).toEqual([
    [crowdOwner(0), number],
    [crowdOwner(1), number],
    ...[2, 3, 4, 5, 6, 7].map((seat) => [crowdOwner(seat), 0]),
  ]);
  const body = need(await bodyByHash(store.db, need(clusters[0]?.evidence, "its hash")), "the evidence");
  expect(JSON.parse(body)).toMatchObject({
    members: [crowdOwner(0), crowdOwner(1)],
    window: { questions: 450 },
  });

  // Out of the logs alone it is the same root.
  await sql`truncate oracle.periods, oracle.period_records, oracle.cluster_periods cascade`.execute(store.db);
  expect(await compute(1)).toMatchObject({ root });

  // What a period says of them once all that is more than a year old.
  const later = Math.ceil(YEAR / rules.periodSeconds) + 2;
  await compute(later);
  const after = await periodDetail(store.db, 0, later);
  expect(after.clusters).toEqual([]);
  expect(new Set(after.records.map(({ cluster }) => cluster))).toEqual(new Set([0]));
});
