import { logger } from "@sooth/runtime";
import { sql, type Store } from "@sooth/store";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { oracleStore } from "../../test/database.ts";
import {
  addresses,
  answer,
  ask,
  asked,
  boolSchema,
  clock,
  handoverOf,
  joinAll,
  OPENS,
  ownerOf,
  seatOf,
} from "../../test/people.ts";
import { providerDetail } from "./provider-detail.ts";
import { receiveReport } from "./receive.ts";

let store: Store;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());
beforeEach(async () => {
  await sql`truncate oracle.questions, oracle.providers, oracle.signers, oracle.epochs, oracle.rosters, oracle.seats,
    oracle.reports, oracle.evidence, oracle.equivocations, oracle.signed_answers cascade`.execute(store.db);
  await joinAll(store.db);
});

const config = { ORACLE_MIN_PROVIDERS: 4, ORACLE_MIN_REWARD: 0n, ORACLE_RESOLVE_DEPOSIT: 0n };
const handOver = (handover: Parameters<typeof receiveReport>[1]) =>
  receiveReport({ store, hub: clock(OPENS + 10).chain, addresses, config, log: logger("test") }, handover);

const servedBy = async (seat: number) => {
  const detail = await providerDetail(store.db, ownerOf(seat), 60);
  return detail && [detail.served.map(({ question, did }) => [question, did]), detail.missed, detail.late];
};

test("an answer is counted, late or missed for each who could have signed it, newest first", async () => {
  const [first, second] = [asked(boolSchema()), asked(boolSchema(), { nonce: 1n })];
  for (const question of [first, second]) await ask(store.db, question);
  await handOver(await handoverOf(seatOf(3), first, 1n));
  for (const [index, question] of [first, second].entries())
    await answer(store.db, question, { value: 1n, finalizeAt: OPENS + 600, at: 2 + index });
  expect(await servedBy(0)).toEqual([
    [
      [second.id, "counted"],
      [first.id, "counted"],
    ],
    0,
    0,
  ]);
  expect(await servedBy(3)).toEqual([
    [
      [second.id, "missed"],
      [first.id, "late"],
    ],
    1,
    1,
  ]);
});
