import { afterAll, beforeAll, expect, test } from "vitest";
import { emitted, type Ledger, openLedger, openMarket, person, START } from "../../test/ledger.ts";
import { announceMarket } from "../../test/opinion-ledger.ts";
import { creatorFees } from "./creator-fees.ts";

let ledger: Ledger;
const [ALICE, BOB] = [person(1), person(2)];
const pool = openMarket();
const other = openMarket();
const market = announceMarket({ text: "Zoos should be closed" });

beforeAll(async () => {
  ledger = await openLedger();
  await ledger.block([...pool.logs, ...other.logs, ...market.logs]);
  const paid = { creator: ALICE };
  await ledger.block(
    [emitted.opinions("FeeCollected", { market: market.id, ...paid, fee: 20n })],
    START + 50,
  );
  await ledger.block(
    [
      emitted.markets("FeeCollected", { market: pool.id, ...paid, fee: 6n }),
      emitted.markets("FeeCollected", { market: other.id, ...paid, fee: 0n }),
    ],
    START + 60,
  );
});
afterAll(() => ledger.close());

test("fees of pools and of opinion markets stand in one order, with their sum; a fee of nothing is none", async () => {
  const { items, total, next } = await creatorFees(ledger.store.db, ALICE, { limit: 10 });
  expect(items).toMatchObject([
    { kind: "opinion", market: market.id, title: "Zoos should be closed", at: START + 50, amount: "20" },
    { kind: "pool", market: pool.id, at: START + 60, amount: "6" },
  ]);
  expect([total, next]).toEqual(["26", null]);
  expect(await creatorFees(ledger.store.db, BOB, { limit: 10 })).toEqual({
    items: [],
    next: null,
    total: "0",
  });
});

test("pages join without a gap, each with the sum of all", async () => {
  const first = await creatorFees(ledger.store.db, ALICE, { limit: 1 });
  const second = await creatorFees(ledger.store.db, ALICE, { limit: 1, cursor: first.next ?? "" });
  expect([first, second].flatMap(({ items }) => items.map(({ amount }) => amount))).toEqual(["20", "6"]);
  expect([first.total, second.total, second.next]).toEqual(["26", "26", null]);
  await expect(creatorFees(ledger.store.db, ALICE, { limit: 1, cursor: "no" })).rejects.toMatchObject({
    code: "markets.bad_cursor",
  });
});
