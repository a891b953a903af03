import type { Address, Hex } from "@sooth/kernel";
import { rows, sql } from "@sooth/store";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Ledger, openLedger } from "../../../test/ledger.ts";
import type { OutcomeSide, SetOrder } from "../../core/index.ts";
import { checkRoom, comeBack, forgetOutside, makeRoom } from "./book-room.ts";

const NOW = 1_000;
let ledger: Ledger;
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger.close());
beforeEach(() => sql`truncate markets.outcome_orders`.execute(ledger.store.db));

const question = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const order = (of: Partial<SetOrder> = {}): SetOrder => ({
  maker: `0x${"aa".repeat(20)}`,
  question: question(1),
  outcome: 0,
  side: "buyYes",
  amount: 1_000_000n,
  price: 500_000n,
  nonce: 0n,
  expiresAt: NOW + 1_000,
  ...of,
});
let nonce = 0;
/** So many orders of as many makers, at prices that go up by one. */
async function fill(
  count: number,
  of: { question: Hex; side: OutcomeSide; price: number; covered?: bigint },
) {
  const first = nonce;
  nonce += count;
  await sql`insert into markets.outcome_orders (digest, maker, question, outcome, side, amount, price, nonce, expires_at, signature,
      by_contract, placed_at, left_, covered, checked_block, idle_since)
    select 'd' || n, 'm' || n, ${of.question}, 0, ${of.side}, 1000000, ${of.price} + n - ${first}, n, ${NOW + 1_000}, '0x', false, 0,
      1000000, ${String(of.covered ?? 1_000_000n)}, 0, ${of.covered === 0n ? NOW : null}
    from generate_series(${first}::int, ${first + count - 1}::int) n`.execute(ledger.store.db);
}
const dropped = () =>
  rows<{ question: string; price: number }>(
    ledger.store.db,
    sql`select question, price from markets.outcome_orders where dropped_at is not null order by place`,
  );
const room = (of: Partial<SetOrder>) => makeRoom(ledger.store.db, order(of), NOW);

test("a full side drops its worst for a better price, in whichever token it is said", async () => {
  await fill(500, { question: question(1), side: "sellYes", price: 300_000 });
  await expect(room({ side: "sellYes", price: 300_499n })).rejects.toThrow("300499");
  await expect(checkRoom(ledger.store.db, order({ side: "buyNo", price: 699_501n }), NOW)).rejects.toThrow(
    "500",
  );
  expect(await dropped()).toEqual([]);
  expect(await room({ side: "buyYes", price: 1n })).toEqual([]);
  // Who buys no at 0.699502 offers yes at 0.300498.
  expect(await room({ side: "buyNo", price: 699_502n })).toMatchObject([{ question: question(1) }]);
  expect(await dropped()).toEqual([{ question: question(1), price: 300_499 }]);
});

test("what nobody can match takes no place in a book", async () => {
  await fill(600, { question: question(1), side: "buyYes", price: 400_000, covered: 0n });
  expect(await room({ price: 1n })).toEqual([]);
  expect(await dropped()).toEqual([]);
});

test("where all books are full, whoever has most of them makes room for who has little", async () => {
  for (let n = 1; n <= 40; n++) await fill(500, { question: question(n), side: "buyYes", price: 100_000 });
  expect(await room({ question: question(99), price: 1n })).toHaveLength(1);
  const [first] = await dropped();
  expect(first?.price).toBe(100_000);
  // The book that lost one has room, and the next newcomer takes of another.
  const other = first?.question === question(7) ? question(8) : question(7);
  await expect(room({ question: other, price: 100_000n })).rejects.toThrow("100000");
});

test("what was dropped comes back, the best priced first, once there is room", async () => {
  await fill(500, { question: question(1), side: "buyYes", price: 100_000 });
  await sql`update markets.outcome_orders set dropped_at = ${NOW} where price < 100003`.execute(
    ledger.store.db,
  );
  await fill(1, { question: question(1), side: "buyYes", price: 200_000 });
  expect(await comeBack(ledger.store.db, NOW)).toEqual([question(1)]);
  expect(await dropped()).toEqual([{ question: question(1), price: 100_000 }]);
  expect(await comeBack(ledger.store.db, NOW)).toEqual([]);
});

test("outside of books as many are kept, and who left one first is forgotten first", async () => {
  await fill(3, { question: question(1), side: "buyYes", price: 100_000, covered: 0n });
  await fill(2, { question: question(1), side: "buyYes", price: 200_000 });
  await sql`update markets.outcome_orders set idle_since = ${NOW} - 5 where price = 100001`.execute(
    ledger.store.db,
  );
  await sql`update markets.outcome_orders set dropped_at = ${NOW} + 5 where price = 200000`.execute(
    ledger.store.db,
  );
  await forgetOutside(ledger.store.db, 3);
  const left = await rows<{ price: number }>(
    ledger.store.db,
    sql`select price from markets.outcome_orders order by price`,
  );
  expect(left.map(({ price }) => price)).toEqual([100_000, 100_002, 200_000, 200_001]);
});

test("one maker keeps forty orders, those that wait outside included", async () => {
  const maker: Address = `0x${"bb".repeat(20)}`;
  await fill(40, { question: question(1), side: "buyYes", price: 100_000 });
  await sql`update markets.outcome_orders set maker = ${maker}, dropped_at = ${NOW}`.execute(ledger.store.db);
  await expect(room({ maker, price: 900_000n })).rejects.toThrow("40");
});
