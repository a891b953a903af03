import { rows, sql, type Store } from "@sooth/store";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { oracleStore } from "../../../test/database.ts";
import { answer, ask, type Asked, asked, numericSchema, OPENS, seatOf } from "../../../test/people.ts";
import { object } from "../../../test/quarrel.ts";
import { pieceAt } from "../../core/index.ts";
import { insertBatch, insertCommitment, insertOpening, insertSignature, prunePhases } from "./store.ts";

const TIER = 1_000n;
const SECONDS = 100;
const MONTH = 30 * 86_400;
const PHASE = pieceAt(OPENS + 1_000, SECONDS).phase;
/** The first second at which what was handed over in the phase is older than a month. */
const OVER = 2 * (PHASE + 1) * SECONDS + MONTH;

let store: Store;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());
beforeEach(async () => {
  await sql`truncate oracle.questions, oracle.disputes, oracle.dispute_stakes, oracle.report_commitments,
    oracle.commit_batches, oracle.batch_signatures, oracle.report_openings cascade`.execute(store.db);
});

/** A question for which one seat went the whole way in `PHASE`. */
async function gathered(terms: { deadline: number; nonce?: bigint; secures?: bigint }): Promise<Asked> {
  const question = asked(numericSchema(), { secures: TIER, ...terms });
  await ask(store.db, question);
  const key = { question: question.id, round: 0, epoch: 1, phase: PHASE };
  const [signer, signature] = [seatOf(0).address, `0x${"11".repeat(65)}`] as const;
  const said = { ...key, signer, seat: 0, signature, receivedAt: OPENS };
  await insertCommitment(store.db, { ...said, commitment: question.id, weight: 1n });
  await insertBatch(store.db, { ...key, chained: question.id, adopted: false, claims: [] }, OPENS);
  await insertSignature(store.db, { ...said, chained: question.id });
  await insertOpening(store.db, { ...key, signer }, { secret: question.id, salt: question.id, at: OPENS });
  return question;
}
const prune = (now: number) => prunePhases(store.db, { now, seconds: SECONDS, commitTier: TIER });
/** How many of the four there are of a question: commitment, batch, signature and opening. */
const keptOf = async ({ id }: Asked) =>
  (
    await rows(
      store.db,
      sql`select 1 from oracle.report_commitments where question = ${id}
        union all select 1 from oracle.commit_batches where question = ${id}
        union all select 1 from oracle.batch_signatures where question = ${id}
        union all select 1 from oracle.report_openings where question = ${id}`,
    )
  ).length;

test("what led to a final answer is forgotten after a month", async () => {
  const question = await gathered({ deadline: OPENS + 5_000 });
  await answer(store.db, question, { value: 1n, finalizeAt: OPENS + 6_000 });
  await prune(OVER - 1);
  expect(await keptOf(question)).toBe(4);
  await prune(OVER);
  expect(await keptOf(question)).toBe(0);
});

test("what led to an answer that is not final, or is disputed, is kept for as long", async () => {
  const question = await gathered({ deadline: OPENS + 5_000 });
  await answer(store.db, question, { value: 1n, finalizeAt: OVER + 11 });
  await prune(OVER + 10);
  expect(await keptOf(question)).toBe(4);
  await object(store.db, question, 10);
  await prune(OVER + 11);
  expect(await keptOf(question)).toBe(4);
  await answer(store.db, question, { value: 1n, finalizeAt: OVER + 20 });
  await prune(OVER + 20);
  expect(await keptOf(question)).toBe(0);
});

test("of a question that can be answered still the last opening stays, however old; of one that nobody answered nothing", async () => {
  const open = await gathered({ deadline: OVER + 100 });
  const silent = await gathered({ deadline: OPENS + 5_000, nonce: 1n });
  await prune(OVER);
  expect([await keptOf(open), await keptOf(silent)]).toEqual([1, 0]);
  await prune(OVER + 100);
  expect(await keptOf(open)).toBe(1);
  await prune(OVER + 101);
  expect(await keptOf(open)).toBe(0);
});

test("what a reorg took the question of is forgotten too", async () => {
  const question = await gathered({ deadline: OPENS + 5_000 });
  await sql`delete from oracle.questions`.execute(store.db);
  await prune(OVER);
  expect(await keptOf(question)).toBe(0);
});
