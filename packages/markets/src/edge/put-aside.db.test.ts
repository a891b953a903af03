import type { Hex } from "@sooth/kernel";
import { rows, sql } from "@sooth/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  answered,
  claimed,
  emitted,
  type Ledger,
  openLedger,
  openMarket,
  person,
  staked,
  START,
} from "../../test/ledger.ts";
import { announceMarket, opined } from "../../test/opinion-ledger.ts";
import { forgetPaid, putAside } from "./put-aside.ts";

let ledger: Ledger;
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger.close());

const kept = async () => {
  await forgetPaid(ledger.store.db);
  const found = await rows<{ market: string }>(
    ledger.store.db,
    sql`select market from markets.refused order by market`,
  );
  return found.map(({ market }) => market);
};

const paid = (id: Hex, owner: Hex, amount: bigint) =>
  emitted.opinions("Claimed", { market: id, owner, paid: amount });

test("a pool is left alone while it owes a winner or its creator, and forgotten when both are paid", async () => {
  const pool = openMarket({ closesAt: ledger.head.timestamp + 100, feeBps: 100 });
  const stakes = [staked(pool.id, person(1), 1, 1_000n), staked(pool.id, person(2), 0, 50_000n)];
  await ledger.block([...pool.logs, ...stakes]);
  await ledger.block([answered(pool.questionId, 1n, ledger.head.timestamp + 300)]);
  await putAside(ledger.store.db, pool.id, 1, START + 9_000);
  expect(await kept()).toEqual([pool.id]);
  await ledger.block([claimed(pool.id, person(1), 1, 1_000n, 50_000n)]);
  expect(await kept()).toEqual([pool.id]);
  await ledger.block([emitted.markets("FeeCollected", { market: pool.id, creator: person(901), fee: 490n })]);
  expect(await kept()).toEqual([]);
});

test("so is a market of opinions, and one that nobody announced", async () => {
  const [market, unannounced] = [announceMarket(), announceMarket()];
  await ledger.block([
    ...market.logs,
    opined(market.id, person(1), 10, 50),
    opined(market.id, person(2), 12, 70),
    opined(unannounced.id, person(1), 10, 30),
  ]);
  await ledger.block([
    emitted.opinions("Voided", { market: market.id, why: "invalid" }),
    emitted.opinions("Voided", { market: unannounced.id, why: "expired" }),
  ]);
  for (const { id } of [market, unannounced]) await putAside(ledger.store.db, id, 1, START + 9_000);
  const both = [market.id, unannounced.id].toSorted();
  expect(await kept()).toEqual(both);
  await ledger.block([paid(market.id, person(1), 50n), paid(unannounced.id, person(1), 30n)]);
  expect(await kept()).toEqual([market.id]);
  await ledger.block([paid(market.id, person(2), 70n)]);
  expect(await kept()).toEqual([]);
});
