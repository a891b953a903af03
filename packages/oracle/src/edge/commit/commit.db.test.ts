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
  type BatchClaim,
  batchQuestion,
  batchTypedData,
  bitmapOf,
  chainedHash,
  commitmentOf,
  commitmentTypedData,
  evidenceHash,
  INVALID,
  openFrom,
  packAgreed,
  pieceAt,
  saltOf,
} from "../../core/index.ts";
import type { ApiDeps } from "../deps.ts";
import { questionById } from "../questions.ts";
import { receiveReport } from "../receive.ts";
import { sweep } from "../sweep.ts";
import { questionAttempts } from "../resolution/story.ts";
import { receiveReportCommitment } from "./receive-commitment.ts";
import { receiveBatchSignature } from "./receive-signature.ts";
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
    oracle.commit_batches, oracle.batch_signatures, oracle.equivocations, oracle.posted_commits, oracle.disputes, oracle.signed_answers, oracle.providers, oracle.signers, oracle.seats, oracle.epochs,
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
/** What a seat signs under a batch, as it hands it over. */
async function cosigned(
  seat: number,
  chained: Hex,
  over: { phase?: number; epoch?: number; round?: number } = {},
) {
  const batch = { question: question.id, epoch: 1, round: 0, phase: PHASE, ...over, chained };
  const signature = await seatOf(seat).signTypedData(batchTypedData(domain, batch));
  return { ...batch, signature, commitments: [] as BatchClaim[] };
}
const cosign = (handed: Parameters<typeof receiveBatchSignature>[1], now = COMMIT + 2) =>
  receiveBatchSignature(depsAt(now), handed);
/** All commit, and the sweep forms their batch. */
async function formed(): Promise<Hex> {
  const all = await Promise.all([0, 1, 2, 3].map((seat) => made(seat)));
  for (const { handed } of all) await commit(handed);
  await sweep(depsAt(COMMIT + 1), head(COMMIT + 1));
  return chainedHash(all.map(({ commitment }) => commitment));
}
/** The log of a batch that these seats co-signed. */
async function committedLog(chained: Hex, seats: readonly number[]) {
  const signed = await Promise.all(
    seats.map(async (seat) => ({ seat, value: 0n, signature: (await cosigned(seat, chained)).signature })),
  );
  return {
    at: COMMIT + 3 - OPENS + 1_000,
    question: question.id,
    round: 0,
    phase: BigInt(PHASE),
    chained,
    epoch: 1,
    seats: bitmapOf(seats),
    signatures: packAgreed(signed),
  };
}
const hashed = (of: readonly BatchClaim[]) => chainedHash(of.map(({ commitment }) => commitment));
const name = (seat: number) => seatOf(seat).address.toLowerCase();
const pairs = async () =>
  (
    await sql<{
      question: Hex;
      signer: string;
      roots: Hex[];
    }>`select question, signer, array[first_root, second_root] as roots from oracle.equivocations order by signer`.execute(
      store.db,
    )
  ).rows;
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
    const batch = {
      question: question.id,
      round: 0,
      epoch: 1,
      phase,
      chained: question.id,
      adopted: false,
      claims: [],
    };
    await insertBatch(store.db, batch, commitAt(phase));
    await cosign(await cosigned(0, question.id, { phase }), commitAt(phase));
    if (phase === PHASE) await report((await made(1)).opened);
  }
  const kept = async () =>
    Promise.all(
      [sql`report_commitments`, sql`commit_batches`, sql`batch_signatures`, sql`report_openings`].map(
        async (table) =>
          (
            await sql<{ phase: number }>`select distinct phase from oracle.${table} order by phase`.execute(
              store.db,
            )
          ).rows.map(({ phase }) => phase),
      ),
    );
  const prune = (phase: number) =>
    prunePhases(store.db, { now: commitAt(phase), seconds: SECONDS, commitTier: TIER });
  await prune(PHASE + 2);
  expect(await kept()).toEqual([phases.slice(1), phases.slice(1), phases.slice(1), [PHASE]]);
  await answer(store.db, question, { value: 700n, finalizeAt: COMMIT + 9_000, at: COMMIT - OPENS + 1_000 });
  await prune(PHASE + 10);
  expect(await kept()).toEqual([phases.slice(1), phases.slice(1), phases.slice(1), [PHASE]]);
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

test("a sweep forms the batch of all, posts it once co-signed by a quorum, and reveals it once; attempts tell so", async () => {
  const all = await Promise.all([0, 1, 2, 3].map((seat) => made(seat)));
  const chained = await formed();
  await sweep(depsAt(COMMIT + 2), head(COMMIT + 2));
  const commitments = all.map(({ commitment }) => commitment);
  expect(await outbox()).toEqual([]);
  expect(await batchesOf(store.db, [question.id], PHASE)).toMatchObject([
    { chained, commitments, posted: false },
  ]);
  for (const seat of [0, 1]) await cosign(await cosigned(seat, chained));
  await sweep(depsAt(COMMIT + 3), head(COMMIT + 3));
  expect(await outbox()).toEqual([]);
  await cosign(await cosigned(3, chained));
  await sweep(depsAt(COMMIT + 4), head(COMMIT + 4));
  await sweep(depsAt(COMMIT + 5), head(COMMIT + 5));
  expect(await outbox()).toEqual([`oracle:commit:${question.id}:0:1:${PHASE}`]);

  for (const { opened } of all) await report(opened);
  await sweep(depsAt(REVEAL + 1), head(REVEAL + 1));
  // Not without its hash on chain.
  expect(await outbox()).toHaveLength(1);
  await happen(store.db, "oracle", "ReportsCommitted", await committedLog(chained, [0, 1, 3]));
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

test("a signature under a batch is taken once, and the same again gets the first receipt, also when its time is over", async () => {
  const chained = await formed();
  const handed = await cosigned(1, chained);
  expect(await cosign(handed)).toMatchObject({
    seat: 1,
    phase: PHASE,
    receivedAt: COMMIT + 2,
    repeated: false,
  });
  expect(await cosign(handed, REVEAL)).toMatchObject({ receivedAt: COMMIT + 2, repeated: true });
  expect(await pairs()).toEqual([]);
});

test.each([
  ["in the time to reveal", {}, COMMIT + SECONDS, "oracle.wrong_phase"],
  ["for a phase to come", { phase: PHASE + 1 }, COMMIT + 2, "oracle.wrong_phase"],
  ["for another epoch", { epoch: 2 }, COMMIT + 2, "oracle.stale_epoch"],
  ["for another round", { round: 1 }, COMMIT + 2, "oracle.stale_round"],
])("a signature under a batch is refused %s", async (_, over, now, code) => {
  const chained = await formed();
  expect(await codeOf(cosign(await cosigned(0, chained, over), now))).toBe(code);
});

test("a signature is refused from who has no seat, and under a batch that is not shown here", async () => {
  const chained = await formed();
  const handed = await cosigned(0, chained);
  expect(await codeOf(cosign({ ...handed, signature: `0x${"00".repeat(65)}` }))).toBe("oracle.not_seated");
  expect(await codeOf(cosign(await cosigned(0, question.id)))).toBe("oracle.bad_batch");
  expect(await pairs()).toEqual([]);
});

test("a batch that another collector formed is taken with the first signature under it, if its claims hold, and posted as well", async () => {
  const own = await formed();
  const last = await made(3, 701n);
  const claimOf = async (seat: number): Promise<BatchClaim> => {
    const { commitment, handed } = seat === 3 ? last : await made(seat);
    return { seat, commitment, signature: handed.signature };
  };
  const claims = await Promise.all([0, 1, 2, 3].map(claimOf));
  const bring = async (seat: number, commitments: BatchClaim[], chained = hashed(commitments)) =>
    cosign({ ...(await cosigned(seat, chained)), commitments });
  const bent = claims.with(2, { ...(claims[2] as BatchClaim), seat: 1 });
  for (const [given, chained] of [
    [claims.slice(0, 2)],
    [bent],
    [[...claims, claims[3] as BatchClaim]],
    [claims.slice(1), hashed(claims)],
  ] as [BatchClaim[], Hex?][])
    expect(await codeOf(bring(0, given, chained))).toBe("oracle.bad_batch");
  expect(await batchesOf(store.db, [question.id], PHASE)).toMatchObject([{ chained: own }]);

  for (const seat of [0, 1, 2]) expect(await bring(seat, claims)).toMatchObject({ seat, repeated: false });
  const theirs = {
    chained: hashed(claims),
    adopted: true,
    signatures: claims.map(({ signature }) => signature),
  };
  expect(await batchesOf(store.db, [question.id], PHASE)).toContainEqual(expect.objectContaining(theirs));
  await sweep(depsAt(COMMIT + 4), head(COMMIT + 4));
  expect(await outbox()).toEqual([`oracle:commit:${question.id}:0:1:${PHASE}`]);
});

test("who signs two batches of a phase is refused, and both signatures are kept, under the id bound to the phase", async () => {
  const chained = await formed();
  await cosign(await cosigned(2, chained));
  expect(await codeOf(cosign(await cosigned(2, question.id), REVEAL))).toBe("oracle.equivocation");
  const pair = { question: batchQuestion(question.id, PHASE), signer: seatOf(2).address.toLowerCase() };
  expect(await pairs()).toEqual([{ ...pair, roots: [chained, question.id] }]);
  await sweep(depsAt(COMMIT + 4), head(COMMIT + 4));
  expect(await outbox()).toEqual([`oracle:equivocation:${pair.question}:1:0:${pair.signer}`]);
});

test("a batch on chain convicts who signed another here, and who signed another that is on chain too", async () => {
  const chained = await formed();
  await cosign(await cosigned(2, chained));
  await happen(store.db, "oracle", "ReportsCommitted", await committedLog(question.id, [0, 1, 2]));
  expect((await pairs()).map(({ signer }) => signer)).toEqual([name(2)]);
  // The same once more says nothing new; another one does, of whoever is in both.
  await happen(store.db, "oracle", "ReportsCommitted", {
    ...(await committedLog(question.id, [0, 1, 2])),
    at: COMMIT + 4 - OPENS + 1_000,
  });
  expect(await pairs()).toHaveLength(1);
  const third = await committedLog(`0x${"03".repeat(32)}`, [0, 1, 3]);
  await happen(store.db, "oracle", "ReportsCommitted", { ...third, at: COMMIT + 5 - OPENS + 1_000 });
  expect((await pairs()).map(({ signer }) => signer)).toEqual([0, 1, 2].map(name).toSorted());
  // Whose signature is on chain alone is held against what he hands over later.
  expect(await codeOf(cosign(await cosigned(3, chained), REVEAL))).toBe("oracle.equivocation");
});
