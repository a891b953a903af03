import type { Chain } from "@sooth/chain";
import type { Address, Amount, Bps, Hex } from "@sooth/kernel";
import { at, need, takeBps } from "@sooth/kernel";
import { rows, sql } from "@sooth/store";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  addresses,
  answered,
  claimed as poolClaimed,
  type Emitted,
  emitted,
  hash,
  type Ledger,
  openLedger,
  openMarket,
  type Opened,
  person,
  staked,
} from "../../test/ledger.ts";
import { type Announced, announceMarket, opined } from "../../test/opinion-ledger.ts";
import {
  HIDDEN_BAND,
  payouts,
  payOf,
  prizeOf,
  sharesOf,
  stanceCommitment,
  tally,
  totalsOf,
} from "../core/index.ts";
import { marketsChecks } from "./checks.ts";
import { solvency } from "./solvency.ts";

let ledger: Ledger;
/** What the collateral says that Opinions holds; Markets holds plenty. */
let held: bigint;
let hub: Chain;
beforeAll(async () => {
  ledger = await openLedger();
  const client = {
    readContract: async ({ args }: { args: readonly [Address] }) =>
      args[0] === addresses.opinions ? held : 1_000_000n,
  };
  hub = { ...ledger.hub, client } as unknown as Chain;
});
afterAll(() => ledger.close());
beforeEach(async () => {
  held = 0n;
  await sql`truncate markets.markets, markets.positions, markets.opinion_markets, markets.opinion_books, markets.opinions,
    markets.opinion_secrets, markets.opinion_prizes, markets.opinion_activity`.execute(ledger.store.db);
});

const told = async (name: string) => {
  const found = need(await solvency({ store: ledger.store, hub, addresses }), "a block");
  return need(
    found.contracts.find((one) => one.name === name),
    name,
  );
};
const owed = async () => (await told("opinions")).owed;
const poolsOwe = async () => (await told("markets")).owed;
const check = (id: string) =>
  need(
    marketsChecks({ store: ledger.store, hub, addresses }).find((one) => one.id === id),
    id,
  ).run();

const PEOPLE = [
  { owner: person(1), band: 12, amount: 1_000 },
  { owner: person(2), band: 14, amount: 2_500 },
  { owner: person(3), band: 12, amount: 711 },
  { owner: person(4), band: 0, amount: 44 },
];
const SCORE = 62;
const opinions = PEOPLE.map(({ band, amount }) => ({ band, amount: BigInt(amount) as Amount }));
const totals = totalsOf(opinions);
const ended = tally(totals, SCORE, "fourth");
const moneyOf = ({ terms }: Announced) => {
  const shares = sharesOf(terms);
  return {
    dues: opinions.map((opinion) => payOf(opinion, shares, ended)),
    fee: takeBps(ended.total, shares.feeBps),
    pot: takeBps(ended.total, shares.prizeBps),
    prize: prizeOf(ended.total, shares),
  };
};
const sum = (amounts: readonly bigint[]) => amounts.reduce((all, one) => all + one, 0n);
const stakes = ({ id }: Announced) =>
  PEOPLE.map(({ owner, band, amount }) => opined(id, owner, band, amount));
const scored = ({ id }: Announced, round: bigint) =>
  emitted.opinions("Scored", {
    market: id,
    score: SCORE,
    confidence: 9_000,
    total: ended.total,
    count: 4n,
    round,
  });
const claimed = ({ id }: Announced, owner: Hex, paid: bigint): Emitted =>
  emitted.opinions("Claimed", { market: id, owner, paid });

test("what opinion markets owe is told at every step of a life, to the unit", async () => {
  const market = announceMarket();
  const { dues, fee, pot, prize } = moneyOf(market);
  // Staked before anybody announced it; owed all the same.
  await ledger.block([opined(market.id, person(9), 3, 5)]);
  expect(await owed()).toBe(5n);
  await sql`truncate markets.opinion_books, markets.opinions, markets.opinion_activity`.execute(
    ledger.store.db,
  );
  await ledger.block([...market.logs, ...stakes(market)]);
  expect(await owed()).toBe(ended.total);
  await ledger.block([scored(market, 77n)]);
  // Undrawn, the whole pot may still be shared: that is more than its equal prizes.
  expect(pot).toBe(2n * prize + 1n);
  expect(await owed()).toBe(sum(dues) + fee + pot);
  await ledger.block([emitted.proved(77n, hash(5))]);
  expect(await owed()).toBe(sum(dues) + fee + 2n * prize);
  await ledger.block([claimed(market, person(2), at(dues, 1))]);
  expect(await owed()).toBe(sum(dues) - at(dues, 1) + fee + 2n * prize);
  const [drawn] = await rows<{ winner: Hex }>(
    ledger.store.db,
    sql`select winner from markets.opinion_prizes where prize = 1`,
  );
  await ledger.block([
    emitted.opinions("PrizePaid", {
      market: market.id,
      owner: need(drawn, "1").winner,
      prize: 1n,
      paid: prize,
    }),
    emitted.opinions("FeeCollected", { market: market.id, creator: market.terms.creator, fee }),
  ]);
  expect(await owed()).toBe(sum(dues) - at(dues, 1) + prize);
  // Half a year later anybody hands the other to the treasury.
  await ledger.block([
    ...[0, 2, 3].map((index) => claimed(market, at(PEOPLE, index).owner, at(dues, index))),
    emitted.opinions("PrizePaid", { market: market.id, owner: person(77), prize: 0n, paid: prize }),
  ]);
  expect(await owed()).toBe(0n);
});

test("prizes that are forgone are owed to the stakes, with who claimed before", async () => {
  const market = announceMarket();
  const { dues, fee, pot } = moneyOf(market);
  await ledger.block([...market.logs, ...stakes(market)]);
  await ledger.block([scored(market, 900n), claimed(market, person(1), at(dues, 0))]);
  expect(await owed()).toBe(sum(dues) - at(dues, 0) + fee + pot);
  await ledger.block([emitted.opinions("Forgone", { market: market.id })]);
  const now = await owed();
  const before = sum(dues) - at(dues, 0) + fee + pot;
  expect(now).toBeLessThanOrEqual(before);
  // A unit a stake is what sharing rounds away.
  expect(before - now).toBeLessThan(4n);
});

test("what is hidden is owed while it may be told, and what is void until each has his stake back", async () => {
  const [hidden, never] = [announceMarket({ revealSeconds: 3_600 }), announceMarket()];
  const commitment = stanceCommitment(hidden.id, person(1), 12, hash(7));
  await ledger.block([
    ...hidden.logs,
    emitted.opinions("Hidden", { market: hidden.id, owner: person(1), commitment, sealed_: "0x12" }),
    opined(hidden.id, person(1), HIDDEN_BAND, 100),
    opined(never.id, person(2), 3, 9),
  ]);
  expect(await owed()).toBe(109n);
  await ledger.block([
    emitted.opinions("Voided", { market: hidden.id, why: "weights" }),
    emitted.opinions("Voided", { market: never.id, why: "expired" }),
  ]);
  expect(await owed()).toBe(109n);
  await ledger.block([claimed(hidden, person(1), 100n)]);
  expect(await owed()).toBe(9n);
  await ledger.block([claimed(never, person(2), 9n)]);
  expect(await owed()).toBe(0n);
});

test("what pools owe is told until the last winner and the creator are paid, to the unit; losers are owed nothing", async () => {
  const closesAt = ledger.head.timestamp + 100;
  const [won, nobodys] = [
    openMarket({ closesAt, feeBps: 250 }),
    openMarket({ closesAt, text: "Unanswered" }),
  ];
  const positions = [
    { outcome: 1, staked: 701n as Amount, owner: person(1) },
    { outcome: 1, staked: 44n as Amount, owner: person(2) },
    { outcome: 0, staked: 1_003n as Amount, owner: person(3) },
  ];
  const on = ({ id }: Opened) => positions.map((one) => staked(id, one.owner, one.outcome, one.staked));
  const [all, fits] = [1_748n, () => check("markets.sums_fit")];
  await ledger.block([...won.logs, ...nobodys.logs, ...on(won), ...on(nobodys)]);
  expect(await poolsOwe()).toBe(2n * all);
  const finalAt = closesAt + 300;
  await ledger.block([answered(won.questionId, 1n, finalAt)], closesAt + 200);
  expect(await poolsOwe()).toBe(2n * all);
  const { paid, fee } = payouts(positions, 2, { kind: "won", winner: 1 }, 250 as Bps);
  const owes = sum(paid) + fee;
  // What rounds down stays there for ever.
  expect(owes).toBe(all - 1n);
  await ledger.block([], finalAt);
  expect([await poolsOwe(), await fits()]).toMatchObject([owes + all, { ok: true }]);
  await ledger.block([poolClaimed(won.id, person(1), 1, 701n, at(paid, 0))]);
  expect([await poolsOwe(), await fits()]).toMatchObject([owes - at(paid, 0) + all, { ok: true }]);
  await ledger.block([poolClaimed(won.id, person(2), 1, 44n, at(paid, 1))]);
  expect(await poolsOwe()).toBe(fee + all);
  await ledger.block([emitted.markets("FeeCollected", { market: won.id, creator: won.terms.creator, fee })]);
  expect(await poolsOwe()).toBe(all);
  // Void: whoever staked has his stake back, whatever on.
  await ledger.block([], nobodys.question.deadline + 1);
  expect(await poolsOwe()).toBe(all);
  await ledger.block([poolClaimed(nobodys.id, person(3), 0, 1_003n, 1_003n)]);
  expect([await poolsOwe(), await fits()]).toMatchObject([745n, { ok: true }]);
  await sql`update markets.markets set unclaimed = 0`.execute(ledger.store.db);
  expect(await fits()).toMatchObject({ ok: false });
});

test("a contract that is a unit short is found, whichever it is", async () => {
  const market = announceMarket();
  const pool = openMarket({ closesAt: ledger.head.timestamp + 1_000 });
  await ledger.block([...market.logs, ...stakes(market), ...pool.logs, staked(pool.id, person(1), 1, 50n)]);
  held = ended.total;
  expect(await check("markets.solvent")).toMatchObject({ ok: true });
  expect(await told("markets")).toMatchObject({ held: 1_000_000n, owed: 50n });
  held -= 1n;
  expect(await check("markets.solvent")).toMatchObject({
    ok: false,
    found: expect.stringMatching(/^opinions: 4254 held, 4255 owed at block/),
  });
});

test.each([
  ["a stake", sql`update markets.opinions set amount = amount + 1 where band = 0`],
  ["a stance", sql`update markets.opinions set band = 13 where band = 0`],
  ["a due", sql`update markets.opinions set due = due + 1 where band = 14`],
  ["a row that is gone", sql`delete from markets.opinions where band = 14`],
  ["a book's band", sql`update markets.opinion_books set staked[1] = 43, staked[2] = 1`],
  ["a book's heads", sql`update markets.opinion_books set opinions[13] = 3`],
  ["a book's volume", sql`update markets.opinion_books set volume = volume - 1`],
  ["a book's dues", sql`update markets.opinion_books set due = due - 1`],
])("rows that were tampered with are found: %s", async (_, tamper) => {
  const market = announceMarket();
  await ledger.block([...market.logs, ...stakes(market)]);
  await ledger.block([scored(market, 4_711n)]);
  expect(await check("markets.opinions_fit")).toEqual({ ok: true });
  await tamper.execute(ledger.store.db);
  expect(await check("markets.opinions_fit")).toEqual({
    ok: false,
    found: `1 opinion markets do not add up, ${market.id} for one`,
  });
});
