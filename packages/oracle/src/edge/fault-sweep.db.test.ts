import { slasherAbi } from "@sooth/abi";
import type { Hex } from "@sooth/kernel";
import { logger } from "@sooth/runtime";
import { rows, sql, type Store } from "@sooth/store";
import { decodeFunctionData } from "viem";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { oracleStore } from "../../test/database.ts";
import { addresses, clock, happen, joinAll, OPENS, ownerOf, seatOf } from "../../test/people.ts";
import { sweepFaults } from "./fault-sweep.ts";

let store: Store;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());
beforeEach(async () => {
  await sql`truncate oracle.equivocations, oracle.providers, oracle.signers, oracle.epochs, oracle.rosters, oracle.seats,
    chain.outbox cascade`.execute(store.db);
  await joinAll(store.db);
});

const config = { ORACLE_MIN_PROVIDERS: 4, ORACLE_MIN_REWARD: 0n, ORACLE_RESOLVE_DEPOSIT: 0n };
const sweep = () =>
  sweepFaults(
    { store, hub: clock(OPENS).chain, addresses, config, log: logger("test") },
    { timestamp: OPENS },
  );
const QUESTION: Hex = `0x${"71".repeat(32)}`;
const [A, B]: Hex[] = [`0x${"aa".repeat(32)}`, `0x${"bb".repeat(32)}`];
const [FIRST, SECOND]: Hex[] = [`0x${"01".repeat(65)}`, `0x${"02".repeat(65)}`];

type Side = { value?: bigint; root?: Hex };
const signed = (first: Side, second: Side) =>
  sql`insert into oracle.equivocations (question, round, epoch, signer, first_value, first_root, first_signature,
      second_value, second_root, second_signature, seen_at)
    values (${QUESTION}, 2, 1, ${seatOf(0).address.toLowerCase()}, ${String(first.value ?? 0n)}, ${first.root ?? null},
      ${FIRST}, ${String(second.value ?? 0n)}, ${second.root ?? null}, ${SECOND}, ${OPENS})`.execute(
    store.db,
  );
const sent = async () => {
  const found = await rows<{ data: Hex }>(store.db, sql`select data from chain.outbox order by id`);
  return found.map(({ data }) => decodeFunctionData({ abi: slasherAbi, data }));
};

test.each([
  [
    "two values",
    { value: 3n },
    { value: 4n },
    "equivocatedReports",
    [QUESTION, 1, 2, [3n, 4n], FIRST, SECOND],
  ],
  ["two roots", { root: A }, { root: B }, "equivocatedRoots", [QUESTION, 1, 2, [A, B], FIRST, SECOND]],
  [
    "a value, then a root",
    { value: 3n },
    { root: B },
    "equivocatedKinds",
    [QUESTION, 1, 2, 3n, B, FIRST, SECOND],
  ],
  [
    "a root, then a value",
    { root: A },
    { value: 4n },
    "equivocatedKinds",
    [QUESTION, 1, 2, 4n, A, SECOND, FIRST],
  ],
] as const)(
  "%s under one key are shown to the slasher, once",
  async (_, first, second, functionName, args) => {
    await signed(first, second);
    await sweep();
    await sweep();
    expect(await sent()).toEqual([{ functionName, args }]);
  },
);

test("who is banned already is not shown again", async () => {
  await signed({ value: 3n }, { value: 4n });
  await happen(store.db, "stakeManager", "Banned", { owner: ownerOf(0) });
  await sweep();
  expect(await sent()).toEqual([]);
});
