import { afterAll, beforeAll, expect, test } from "vitest";
import {
  answered,
  claimed,
  type Ledger,
  openLedger,
  openMarket,
  person,
  staked,
  START,
} from "../../test/ledger.ts";
import { stakeLots } from "./stake-lots.ts";

let ledger: Ledger;
const [ALICE, BOB, NOBODY] = [person(1), person(2), person(3)];
const [CLOSES, FINAL] = [START + 1_000, START + 2_000];
const first = openMarket({ closesAt: CLOSES });
const second = openMarket({ closesAt: CLOSES });

beforeAll(async () => {
  ledger = await openLedger();
  await ledger.block([...first.logs, ...second.logs]);
  await ledger.block([staked(first.id, ALICE, 1, 100n), staked(first.id, BOB, 0, 100n)], START + 10);
  await ledger.block([staked(second.id, ALICE, 0, 7n), staked(first.id, ALICE, 1, 50n)], START + 20);
  await ledger.block([staked(first.id, ALICE, 0, 30n)], START + 30);
});
afterAll(() => ledger.close());

const lots = async (owner = ALICE, now = START + 40) =>
  (await stakeLots(ledger.store.db, owner, { limit: 100 }, now)).items.map(
    ({ market, outcome, at, amount, state, endedAt, proceeds, gain }) => ({
      market: market === first.id ? "first" : "second",
      outcome,
      at: at - START,
      amount,
      state,
      endedAt,
      proceeds,
      gain,
    }),
  );

test("each stake stands by itself, in order, and came to nothing while its market is open", async () => {
  const open = { state: "open", endedAt: null, proceeds: null, gain: null };
  expect(await lots()).toEqual([
    { market: "first", outcome: 1, at: 10, amount: "100", ...open },
    { market: "second", outcome: 0, at: 20, amount: "7", ...open },
    { market: "first", outcome: 1, at: 20, amount: "50", ...open },
    { market: "first", outcome: 0, at: 30, amount: "30", ...open },
  ]);
  expect(await lots(NOBODY)).toEqual([]);
});

test("pages join without a gap, and a cursor of something else is refused", async () => {
  const { db } = ledger.store;
  const whole = await stakeLots(db, ALICE, { limit: 100 }, START + 40);
  const found = [];
  let cursor: string | undefined;
  do {
    const page = await stakeLots(db, ALICE, { cursor, limit: 1 }, START + 40);
    found.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  expect(found).toEqual(whole.items);
  await expect(stakeLots(db, ALICE, { cursor: "x", limit: 1 }, START)).rejects.toThrow("cursor");
});

test("once it has ended each has its part of what the position came to, claimed or not", async () => {
  await ledger.block([answered(first.terms.question, 1n, FINAL)], FINAL);
  const won = await lots(ALICE, FINAL);
  // 130 lost, of which the position of 150 has all but the fee.
  const fee = (130n * BigInt(first.terms.feeBps)) / 10_000n;
  const paid = 280n - fee;
  const part = (paid * 100n) / 150n;
  expect(won.filter(({ market }) => market === "first")).toMatchObject([
    { outcome: 1, state: "won", endedAt: FINAL, proceeds: String(part), gain: String(part - 100n) },
    { outcome: 1, state: "won", proceeds: String(paid - part), gain: String(paid - part - 50n) },
    { outcome: 0, state: "lost", endedAt: FINAL, proceeds: "0", gain: "-30" },
  ]);
  await ledger.block([claimed(first.id, ALICE, 1, 150n, paid)], FINAL + 1);
  const [after] = await lots(ALICE, FINAL + 1);
  expect(after).toMatchObject({ state: "claimed", endedAt: FINAL, proceeds: String(part) });
  expect(await lots(BOB, FINAL + 1)).toMatchObject([{ proceeds: "0", gain: "-100", state: "lost" }]);
});
