import type { Amount } from "@sooth/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hash, type Ledger, openLedger, person } from "../../test/ledger.ts";
import { ATTEMPTS } from "../core/index.ts";
import { attemptsIn } from "./payment-retries.ts";
import { type RefusedPayment, retryPayments } from "./refused-payments.ts";

let ledger: Ledger;
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger.close());

const market = hash(40);
const payment: RefusedPayment = {
  key: `markets:claim:${market}:one`,
  market,
  of: "pools",
  what: "claim",
  owner: person(1),
  amount: 5n as Amount,
  attempts: ATTEMPTS,
  failedAt: new Date(0),
  reason: null,
  againAt: null,
};
const attempts = async () => (await attemptsIn(ledger.store.db, [market]))(payment.key);

test("a list of payments that were given up grants its attempts once, however often and by how many it is told", async () => {
  expect(await attempts()).toBe(ATTEMPTS);
  await Promise.all([retryPayments(ledger.store, [payment]), retryPayments(ledger.store, [payment])]);
  await retryPayments(ledger.store, [payment]);
  expect(await attempts()).toBe(2 * ATTEMPTS);
  // While some of them are left, none are granted; once all are used up, as many again.
  const some = { ...payment, attempts: 2 * ATTEMPTS - 1 };
  await retryPayments(ledger.store, [some, { ...some, againAt: 9_000 }]);
  expect(await attempts()).toBe(2 * ATTEMPTS);
  const usedUp = { ...payment, attempts: 2 * ATTEMPTS };
  await retryPayments(ledger.store, [usedUp]);
  await retryPayments(ledger.store, [usedUp, payment]);
  expect(await attempts()).toBe(3 * ATTEMPTS);
});
