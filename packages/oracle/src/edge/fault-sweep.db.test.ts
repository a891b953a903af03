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
  await sql`truncate oracle.equivocations, oracle.feed_equivocations, oracle.providers, oracle.signers, oracle.epochs, oracle.rosters, oracle.seats,
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
const [FIRST, SECOND]: Hex[] = [`0x${"01".repeat(64)}1b`, `0x${"02".repeat(64)}1c`];

type Side = { value?: bigint; root?: Hex };
const signed = (
  first: Side,
  second: Side,
  { question = QUESTION, seat = 0, at = OPENS, signatures = [FIRST, SECOND] } = {},
) =>
  sql`insert into oracle.equivocations (question, round, epoch, signer, first_value, first_root, first_signature,
      second_value, second_root, second_signature, seen_at)
    values (${question}, 2, 1, ${seatOf(seat).address.toLowerCase()}, ${String(first.value ?? 0n)}, ${first.root ?? null},
      ${signatures[0]}, ${String(second.value ?? 0n)}, ${second.root ?? null}, ${signatures[1]}, ${at})`.execute(
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

test("a signature that the contract would recover nobody from is written as it recovers its signer", async () => {
  // By the wire's rule each is whose it was: v of 0 and 1, and the mirror image with a high s.
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const high = (order - BigInt(`0x${"02".repeat(32)}`)).toString(16);
  const signatures: Hex[] = [`0x${"01".repeat(64)}00`, `0x${"02".repeat(32)}${high}00`];
  await signed({ value: 3n }, { value: 4n }, { signatures });
  await sweep();
  const args = [QUESTION, 1, 2, [3n, 4n], FIRST, SECOND];
  expect(await sent()).toEqual([{ functionName: "equivocatedReports", args }]);
});

test("who is banned already is not shown again", async () => {
  await signed({ value: 3n }, { value: 4n });
  await happen(store.db, "stakeManager", "Banned", { owner: ownerOf(0) });
  await sweep();
  expect(await sent()).toEqual([]);
});

const two = [{ value: 3n }, { value: 4n }] as const;
const nth = (n: number): Hex => `0x${String(n).padStart(64, "0")}`;
/** Which question, or feed, each transaction is about. */
const about = async () => (await sent()).map(({ args }) => args[0]);

test("of one owner's pairs one goes at a time, of whatever they are, and they hide nobody else's", async () => {
  for (let n = 0; n < 120; n += 1) await signed(...two, { question: nth(n), at: OPENS + n });
  await signed(...two, { question: nth(200), seat: 1, at: OPENS + 1_000 });
  await sql`insert into oracle.feed_equivocations (feed, observed_at, epoch, signer, first_value, first_signature,
      second_value, second_signature, seen_at)
    select feed, ${OPENS}::bigint, 1, signer, 3, ${FIRST}::text, 4, ${SECOND}::text, ${OPENS - 1}::bigint
    from (values (${nth(300)}, ${seatOf(0).address.toLowerCase()}), (${nth(301)}, ${seatOf(2).address.toLowerCase()}))
      pairs(feed, signer)`.execute(store.db);
  await sweep();
  await sweep();
  expect(await about()).toEqual([nth(0), nth(200), nth(301)]);
});

test("where no attempt at a pair succeeds the next one goes", async () => {
  for (const n of [0, 1, 2]) await signed(...two, { question: nth(n), at: OPENS + n });
  const attempts: unknown[] = [];
  for (let attempt = 0; attempt < 7; attempt += 1) {
    await sweep();
    attempts.push((await about()).at(-1));
    await sql`update chain.outbox set status = 'failed'`.execute(store.db);
  }
  expect(attempts).toEqual([nth(0), nth(0), nth(0), nth(0), nth(0), nth(1), nth(1)]);
});

test("however many pairs fail, the first that does not is found", async () => {
  for (let n = 0; n < 45; n += 1) await signed(...two, { question: nth(n), at: OPENS + n });
  const signer = seatOf(0).address.toLowerCase();
  for (let n = 0; n < 44; n += 1)
    for (const again of ["", ":2", ":3", ":4", ":5"])
      await sql`insert into chain.outbox (chain_id, key, "to", data, value, purpose, status)
        values (1, ${`oracle:equivocation:${nth(n)}:1:2:${signer}${again}`}, '0x', '0x', 0, 'equivocation', 'failed')`.execute(
        store.db,
      );
  await sweep();
  const found = await rows<{ key: string }>(
    store.db,
    sql`select key from chain.outbox where status = 'queued'`,
  );
  expect(found).toEqual([{ key: `oracle:equivocation:${nth(44)}:1:2:${signer}` }]);
});
