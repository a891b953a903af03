import type { Hex } from "@sooth/kernel";
import { logger } from "@sooth/runtime";
import { sql, type Store } from "@sooth/store";
import { numberToHex } from "viem";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { oracleStore } from "../../../test/database.ts";
import { object } from "../../../test/quarrel.ts";
import {
  addresses,
  answer,
  ask,
  type Asked,
  asked,
  boolSchema,
  CHAIN_ID,
  clock,
  handoverOf,
  happen,
  joinAll,
  numericSchema,
  OPENS,
  seatOf,
  stranger,
} from "../../../test/people.ts";
import {
  chainedHash,
  commitmentOf,
  commitmentTypedData,
  evidenceHash,
  INVALID,
  openFrom,
  pieceAt,
  saltOf,
} from "../../core/index.ts";
import type { ApiDeps } from "../deps.ts";
import { questionById } from "../questions.ts";
import { receiveReport } from "../receive.ts";
import { sweep } from "../sweep.ts";
import { questionAttempts } from "../resolution/story.ts";
import { receiveReportCommitment } from "./receive-commitment.ts";
import { batchesOf, insertBatch, prunePhases } from "./store.ts";

/** As the chain of these tests was built: see `people.ts`. */
const TIER = 1_000_000_000_000n;
const SECONDS = 100;
const domain = { chainId: CHAIN_ID, oracle: addresses.oracle };
const first = pieceAt(OPENS, SECONDS);
const COMMIT = first.committing ? first.until + SECONDS : first.until;
const { phase: PHASE } = pieceAt(COMMIT, SECONDS);
const question: Asked = asked(numericSchema(), { secures: TIER, deadline: OPENS + 5_000 });

let store: Store;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());
beforeEach(async () => {
  await sql`truncate oracle.questions, oracle.reports, oracle.evidence, oracle.report_commitments, oracle.report_openings,
    oracle.commit_batches, oracle.posted_commits, oracle.disputes, oracle.signed_answers, oracle.providers, oracle.signers, oracle.seats, oracle.epochs,
    oracle.rosters, chain.outbox cascade`.execute(store.db);
  await joinAll(store.db);
  // What secures so much takes three times as much weight.
  await sql`update oracle.seats set weight = ${String(TIER)}`.execute(store.db);
  await sql`update oracle.epochs set total_weight = ${String(4n * TIER)}`.execute(store.db);
  await ask(store.db, question);
});

const depsAt = (now: number): ApiDeps => ({
  store,
  hub: clock(now).chain,
  addresses,
  config: { ORACLE_MIN_PROVIDERS: 4, ORACLE_MIN_REWARD: 0n, ORACLE_RESOLVE_DEPOSIT: 0n },
  log: logger("test"),
});
const secretOf = (seat: number): Hex => numberToHex(seat + 1, { size: 32 });
async function made(
  seat: number,
  value = 700n,
  over: { phase?: number; epoch?: number; round?: number } = {},
) {
  const { phase = PHASE, epoch = 1, round = 0 } = over;
  const report = await handoverOf(seatOf(seat), question, value);
  const salt = saltOf({
    secret: secretOf(seat),
    evidence: evidenceHash(report.evidence),
    clarified: null,
  });
  const commitment = commitmentOf({ question: question.id, epoch, round, seat, value, salt });
  const claim = { question: question.id, epoch, round, phase, commitment };
  const signature = await seatOf(seat).signTypedData(commitmentTypedData(domain, claim));
  const opened = { ...report, opening: { phase, secret: secretOf(seat) } };
  return { commitment, handed: { ...claim, signature }, report, opened };
}
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "taken",
    (error: Error & { code?: string }) => error.code ?? error.message,
  );
const commit = (handed: Parameters<typeof receiveReportCommitment>[1], now = COMMIT) =>
  receiveReportCommitment(depsAt(now), handed);
const REVEAL = openFrom(PHASE, SECONDS);
const report = (handover: Parameters<typeof receiveReport>[1], now = REVEAL) =>
  receiveReport(depsAt(now), handover);
const outbox = async () =>
  (
    await sql<{
      key: string;
    }>`select key from chain.outbox where key not like 'oracle:epoch%' order by id`.execute(store.db)
  ).rows.map(({ key }) => key);
const head = (timestamp: number) => ({
  chainId: CHAIN_ID,
  number: timestamp - OPENS + 1_000,
  timestamp,
  hash: "0x" as Hex,
});

test("a commitment is taken once; the same again gets the first receipt, another of the phase is refused", async () => {
  const { handed } = await made(1);
  expect(await commit(handed)).toMatchObject({ seat: 1, phase: PHASE, receivedAt: COMMIT, repeated: false });
  expect(await commit(handed, COMMIT + 5)).toMatchObject({ receivedAt: COMMIT, repeated: true });
  expect(await codeOf(commit((await made(1, 701n)).handed))).toBe("oracle.committed_otherwise");
});

test.each([
  ["in the time to reveal", {}, COMMIT + SECONDS, "oracle.wrong_phase"],
  ["for a phase to come", { phase: PHASE + 1 }, COMMIT, "oracle.wrong_phase"],
  ["for another epoch", { epoch: 2 }, COMMIT, "oracle.stale_epoch"],
  ["for another round", { round: 1 }, COMMIT, "oracle.stale_round"],
])("a commitment is refused %s", async (_, over, now, code) => {
  expect(await codeOf(commit((await made(0, 700n, over)).handed, now))).toBe(code);
});

test("a commitment is refused from who has no seat, and where none is asked for", async () => {
  const { handed } = await made(0);
  const signature = await stranger.signTypedData(commitmentTypedData(domain, handed as never));
  expect(await codeOf(commit({ ...handed, signature }))).toBe("oracle.not_seated");
  expect(await codeOf(commit({ ...handed, signature: `0x${"00".repeat(65)}` }))).toBe("oracle.not_seated");
  const small = asked(boolSchema(), { nonce: 9n, secures: TIER - 1n });
  await ask(store.db, small, 2);
  expect(await codeOf(commit({ ...handed, question: small.id }))).toBe("oracle.nothing_to_commit");
});

test("where all weight there is could not answer, no commitment is taken: whoever asks names what is secured", async () => {
  const { handed } = await made(0);
  await sql`update oracle.epochs set total_weight = ${String(3n * TIER - 1n)}`.execute(store.db);
  expect(await codeOf(commit(handed))).toBe("oracle.beyond_all_weight");
  await sql`update oracle.epochs set total_weight = ${String(3n * TIER)}`.execute(store.db);
  expect(await codeOf(commit(handed))).toBe("taken");
});

const commitAt = (phase: number) => 2 * phase * SECONDS;
test("of an open question the last two phases are kept, and what each signer showed last; of an answered one all", async () => {
  const phases = [0, 1, 2].map((passed) => PHASE + passed);
  for (const phase of phases) {
    for (const seat of [0, 1, 2, 3])
      await commit((await made(seat, 700n, { phase })).handed, commitAt(phase));
    const batch = { question: question.id, round: 0, epoch: 1, phase, chained: question.id, commitments: [] };
    await insertBatch(store.db, batch, commitAt(phase));
    if (phase === PHASE) await report((await made(1)).opened);
  }
  const kept = async () =>
    Promise.all(
      [sql`report_commitments`, sql`commit_batches`, sql`report_openings`].map(async (table) =>
        (
          await sql<{ phase: number }>`select distinct phase from oracle.${table} order by phase`.execute(
            store.db,
          )
        ).rows.map(({ phase }) => phase),
      ),
    );
  const prune = (since: number) => prunePhases(store.db, { since, commitTier: TIER });
  await prune(PHASE + 1);
  expect(await kept()).toEqual([phases.slice(1), phases.slice(1), [PHASE]]);
  await answer(store.db, question, { value: 700n, finalizeAt: COMMIT + 9_000, at: COMMIT - OPENS + 1_000 });
  await prune(PHASE + 9);
  expect(await kept()).toEqual([phases.slice(1), phases.slice(1), [PHASE]]);
});

test("a value is taken in its time to reveal, with what opens its commitment, and otherwise not", async () => {
  const { handed, report: bare, opened } = await made(0);
  expect(await codeOf(report(bare))).toBe("oracle.commit_first");
  expect(await codeOf(report(opened))).toBe("oracle.not_committed_here");
  await commit(handed);
  expect(await codeOf(report(opened, COMMIT + 1))).toBe("oracle.wrong_phase");
  const wrong = { ...opened, opening: { phase: PHASE, secret: secretOf(9) } };
  expect(await codeOf(report(wrong))).toBe("oracle.opens_nothing");
  expect(await codeOf(report((await made(0, 701n)).opened))).toBe("oracle.opens_nothing");
  expect(await codeOf(report(opened))).toBe("taken");
  expect(await report(opened, REVEAL + 1)).toMatchObject({ receivedAt: REVEAL, repeated: true });
});

test("a sweep posts what all committed to, keeps its order, and reveals it once; attempts tell so", async () => {
  const all = await Promise.all([0, 1, 2, 3].map((seat) => made(seat)));
  for (const { handed } of all) await commit(handed);
  await sweep(depsAt(COMMIT + 1), head(COMMIT + 1));
  await sweep(depsAt(COMMIT + 2), head(COMMIT + 2));
  const commitments = all.map(({ commitment }) => commitment);
  const chained = chainedHash(commitments);
  expect(await outbox()).toEqual([`oracle:commit:${question.id}:0:${PHASE}:${chained.slice(2, 34)}`]);
  expect(await batchesOf(store.db, [question.id], PHASE)).toMatchObject([
    { chained, commitments, posted: false },
  ]);

  for (const { opened } of all) await report(opened);
  await sweep(depsAt(REVEAL + 1), head(REVEAL + 1));
  // Not without its hash on chain.
  expect(await outbox()).toHaveLength(1);
  const log = {
    at: COMMIT + 3 - OPENS + 1_000,
    question: question.id,
    round: 0,
    phase: BigInt(PHASE),
    chained,
  };
  await happen(store.db, "oracle", "ReportsCommitted", log);
  await sweep(depsAt(REVEAL + 2), head(REVEAL + 2));
  await sweep(depsAt(REVEAL + 3), head(REVEAL + 3));
  expect((await outbox()).slice(1)).toEqual([`oracle:answer:${question.id}:0:1:phase-${PHASE}`]);

  const stored = await questionById(store.db, question.id);
  if (!stored) throw new Error("no question");
  const limits = { tier: TIER, seconds: SECONDS };
  const told = async (now: number) =>
    (await questionAttempts(store.db, stored, now, limits))
      .filter(({ kind }) => kind === "commit" || kind === "reveal")
      .map(({ kind, state, reason }) => `${kind} ${state}: ${reason.split(";")[0]}`);
  const base = `commit done: 4 of 4 seats, 100.0% of the weight, committed in phase ${PHASE}`;
  expect(await told(COMMIT + 4)).toEqual([base]);
  const shown = `4 of 4 who committed in phase ${PHASE} showed their values`;
  expect(await told(REVEAL + 3)).toEqual([base, `reveal waiting: ${shown}`]);
  expect(await told(COMMIT + 2 * SECONDS)).toEqual([base, `reveal failed: ${shown}`]);
});

test("of an answered question only that there was nothing to read is taken late; of a disputed one all is taken at once", async () => {
  const { report: value } = await made(3);
  const late = { finalizeAt: COMMIT + 1_000, at: COMMIT - OPENS + 1_000 };
  await answer(store.db, question, { value: 700n, ...late });
  expect(await codeOf(report(value))).toBe("oracle.commit_first");
  await answer(store.db, question, { value: INVALID, ...late });
  expect(await codeOf(report(value))).toBe("taken");
  // Who looks again while somebody objects signs for the next round: the ladder asks for no commitment.
  await object(store.db, question, COMMIT - OPENS + 1_010);
  const again = await handoverOf(seatOf(3), question, 700n, { round: 1, bundle: { round: 1 } });
  expect(await codeOf(report(again))).toBe("taken");
});
