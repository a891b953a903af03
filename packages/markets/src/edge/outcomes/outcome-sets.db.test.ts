import { registry } from "@sooth/runtime";
import type { Chain } from "@sooth/chain";
import { type Address, at, type Hex, need } from "@sooth/kernel";
import { rows, sql } from "@sooth/store";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  addresses,
  type Emitted,
  emitted,
  hash,
  type Ledger,
  openLedger,
  openMarket,
  person,
} from "../../../test/ledger.ts";
import { questionKeyOf } from "../../core/index.ts";
import { marketsChecks } from "../checks.ts";
import { solvency } from "../solvency.ts";
import { tellMoney } from "../tell-money.ts";
import { viewOutcomeSets } from "./view-sets.ts";

const NOBODY: Address = `0x${"0".repeat(40)}`;
let ledger: Ledger;
let hub: Chain;
/** What the collateral says that OutcomeTokens holds. */
let held: bigint;
beforeAll(async () => {
  ledger = await openLedger();
  const client = {
    readContract: async ({ functionName, args }: { functionName: string; args?: readonly [Address] }) => {
      if (functionName === "symbol") return "SUSD";
      if (functionName === "decimals") return 6;
      return args?.[0] === addresses.outcomeTokens ? held : 0n;
    },
  };
  hub = { ...ledger.hub, client } as unknown as Chain;
});
afterAll(() => ledger.close());
beforeEach(async () => {
  held = 0n;
  await sql`truncate markets.outcome_sets, chain.histories`.execute(ledger.store.db);
});

const QUESTION: Hex = `0x${"ab".repeat(32)}`;
const idOf = (question: Hex, side: 0 | 1) => BigInt(questionKeyOf(BigInt(question))) | BigInt(side);
const moved = (
  side: 0 | 1,
  sender: Address,
  receiver: Address,
  amount: bigint,
  question = QUESTION,
): Emitted =>
  emitted.outcomes("Transfer", { caller: sender, sender, receiver, id: idOf(question, side), amount });
const made = (owner: Address, amount: bigint, question = QUESTION): Emitted[] => [
  moved(0, NOBODY, owner, amount, question),
  moved(1, NOBODY, owner, amount, question),
];
const merged = (owner: Address, amount: bigint): Emitted[] => [
  moved(0, owner, NOBODY, amount),
  moved(1, owner, NOBODY, amount),
];
const matched = (taker: Address, maker: Address, amount: bigint): Emitted =>
  emitted.outcomes("Matched", {
    question: QUESTION,
    taker,
    maker,
    outcome: 0,
    side: 3,
    amount,
    price: 1n,
  });
const settled = (yesBps: bigint): Emitted =>
  emitted.outcomes("Settled", {
    question: QUESTION,
    outcomes: 1n,
    numerator: yesBps,
    denominator: 10_000n,
  });

const deps = () => ({ store: ledger.store, hub, addresses });
const told = async () => {
  const { contracts } = need(await solvency(deps()), "a block");
  return need(
    contracts.find(({ name }) => name === "outcomeTokens"),
    "the contract",
  );
};
const owed = async () => (await told()).owed;
const metrics = async () => (await registry.metrics()).split("\n");
const table = () =>
  rows(ledger.store.db, sql`select to_jsonb(s) as row from markets.outcome_sets s order by key`);
const check = (id: string) =>
  need(
    marketsChecks(deps()).find((one) => one.id === id),
    id,
  ).run();
const list = async (limit = 20, cursor?: string) => viewOutcomeSets(ledger.store.db, { limit, cursor });

test("what sets are owed is told from the first log to the last redemption, to the unit", async () => {
  await ledger.block([...made(person(1), 1_000n), ...made(person(2), 11n)]);
  expect(await owed()).toBe(1_011n);
  await ledger.block([
    matched(person(1), person(3), 400n),
    moved(1, person(1), person(3), 400n),
    // Two buyers made a set between them, in the next transaction.
    matched(person(4), person(5), 9n),
    moved(1, NOBODY, person(4), 9n),
    moved(0, NOBODY, person(5), 9n),
  ]);
  expect(await owed()).toBe(1_020n);
  await ledger.block(merged(person(2), 11n));
  // Two sellers, of whom the taker's no goes first.
  await ledger.block([
    matched(person(3), person(1), 100n),
    moved(1, person(3), NOBODY, 100n),
    moved(0, person(1), NOBODY, 100n),
  ]);
  expect(await owed()).toBe(909n);
  await ledger.block([settled(3_333n)]);
  expect(await owed()).toBe(909n);
  // 900 yes and 600 no, together 299 and 400 and a rest.
  await ledger.block([moved(0, person(1), NOBODY, 900n), moved(1, person(1), NOBODY, 600n)]);
  expect(await list()).toMatchObject({
    items: [
      {
        outcomes: [{ outcome: 0, label: null, yes: "9", no: "309", yesBps: 3_333 }],
        putIn: "1020",
        paidOut: "810",
        owed: "209",
        dust: "1",
      },
    ],
    next: null,
  });
  await ledger.block([moved(1, person(3), NOBODY, 300n)]);
  await ledger.block([moved(0, person(5), NOBODY, 9n)]);
  await ledger.block([moved(1, person(4), NOBODY, 9n)]);
  expect(await list()).toMatchObject({
    items: [{ outcomes: [{ yes: "0", no: "0" }], owed: "0", dust: "2" }],
  });
  expect(await owed()).toBe(0n);
  expect(await check("markets.sets_fit")).toEqual({ ok: true });
});

const token = (outcome: number, side: 0 | 1, sender: Address, receiver: Address, amount: bigint): Emitted =>
  emitted.outcomes("Transfer", {
    caller: person(1),
    sender,
    receiver,
    id: idOf(QUESTION, side) | BigInt(2 * outcome),
    amount,
  });
const converted = (outcomes: bigint, amount: bigint, paid: bigint): Emitted =>
  emitted.outcomes("Converted", { question: QUESTION, owner: person(1), count: 3n, outcomes, amount, paid });
const setOf = (outcome: number, amount: bigint): Emitted[] => [
  token(outcome, 0, NOBODY, person(1), amount),
  token(outcome, 1, NOBODY, person(1), amount),
];

test("of a choice the same is owed whatever the answer: what is there, through every conversion", async () => {
  // Three sets, and one of what is no outcome of three.
  await ledger.block([...setOf(0, 90n), ...setOf(1, 90n), ...setOf(2, 90n), ...setOf(5, 7n)]);
  expect(await owed()).toBe(277n);
  // Yes of all three is given back: no of all three is left, worth two each, which is less than there is no of any.
  await ledger.block([
    converted(0n, 90n, 90n),
    ...[0, 1, 2].map((outcome) => token(outcome, 0, person(1), NOBODY, 90n)),
  ]);
  expect(await owed()).toBe(187n);
  // No of the first two becomes yes of the third, and one unit of two.
  await ledger.block([
    converted(3n, 40n, 40n),
    token(0, 1, person(1), NOBODY, 40n),
    token(1, 1, person(1), NOBODY, 40n),
    token(2, 0, NOBODY, person(1), 40n),
  ]);
  expect(await owed()).toBe(147n);
  await ledger.block([
    converted(0n, 13n, -13n),
    ...[0, 1, 2].map((outcome) => token(outcome, 0, NOBODY, person(1), 13n)),
  ]);
  expect(await owed()).toBe(160n);
  expect(await check("markets.sets_fit")).toEqual({ ok: true });
  const { items } = await list();
  expect(items).toMatchObject([{ putIn: "290", paidOut: "130", owed: "160", dust: "0" }]);
  expect(at(items, 0).outcomes.map(({ yes, no }) => `${yes} ${no}`)).toEqual([
    "13 50",
    "13 50",
    "53 90",
    "0 0",
    "0 0",
    "7 7",
  ]);
  // Without an answer a third each; of what is no outcome no is worth all.
  await ledger.block([
    emitted.outcomes("Settled", { question: QUESTION, outcomes: 7n, numerator: 1n, denominator: 3n }),
  ]);
  // 37.67, 37.67, 77.67 and 7, each down.
  expect(await owed()).toBe(158n);
  expect(await list()).toMatchObject({ items: [{ owed: "158", dust: "2" }] });
  expect(await check("markets.sets_fit")).toEqual({ ok: true });
  await sql`update markets.outcome_sets set paid_out = paid_out + 3`.execute(ledger.store.db);
  expect(await check("markets.sets_fit")).toMatchObject({ ok: false });
});

test("a reorg takes back what a block said, also a settlement and a match", async () => {
  await ledger.block([...made(person(1), 100n)]);
  const [fork, before] = [ledger.head.number, await table()];
  await ledger.block([settled(10_000n), moved(0, person(1), NOBODY, 100n), ...made(person(7), 5n, hash(4))]);
  await ledger.block([matched(person(1), person(2), 1n), moved(1, person(1), person(2), 1n)]);
  expect(await table()).not.toEqual(before);
  await sql`select chain.undo_above(${ledger.hub.definition.id}, ${fork})`.execute(ledger.store.db);
  expect(await table()).toEqual(before);
  expect(await owed()).toBe(100n);
});

test("a contract that is a unit short is found: by the check, and by a metric that pages", async () => {
  await ledger.block(made(person(1), 1_500_000n));
  held = 1_500_000n;
  expect(await check("markets.solvent")).toMatchObject({ ok: true });
  await tellMoney(deps(), { timestamp: ledger.head.timestamp });
  expect(await metrics()).toEqual(
    expect.arrayContaining([
      'markets_money{contract="outcomeTokens",what="held"} 1.5',
      'markets_money{contract="outcomeTokens",what="owed"} 1.5',
      'markets_money_missing{contract="outcomeTokens"} 0',
    ]),
  );
  held -= 1n;
  expect(await check("markets.solvent")).toMatchObject({
    ok: false,
    found: expect.stringMatching(/^outcomeTokens: 1499999 held, 1500000 owed at block/),
  });
  await tellMoney(deps(), { timestamp: ledger.head.timestamp + 14 });
  expect(await metrics()).toContain('markets_money_missing{contract="outcomeTokens"} 0');
  await tellMoney(deps(), { timestamp: ledger.head.timestamp + 15 });
  expect(await metrics()).toContain('markets_money_missing{contract="outcomeTokens"} 0.000001');
});

test("nothing is said of what it owes while its past is read", async () => {
  await ledger.block(made(person(1), 5n));
  await sql`insert into chain.histories values (${hub.definition.id}, ${addresses.outcomeTokens}, 3)`.execute(
    ledger.store.db,
  );
  const found = need(await solvency(deps()), "a block");
  expect(found.contracts.map(({ name }) => name)).toEqual(["markets", "opinions"]);
  expect(found.reading).toEqual([{ name: "outcomeTokens", address: addresses.outcomeTokens, through: 3 }]);
  expect(await check("markets.solvent")).toEqual({
    ok: false,
    found: `outcomeTokens: read up to block 3 of ${ledger.head.number}`,
  });
});

test.each([
  ["tokens that nobody paid for", sql`update markets.outcome_sets set yes = array[yes[1] + 1]`],
  ["a side that was forgotten", sql`update markets.outcome_sets set no = '{0}'`],
  ["money that came from another question", sql`update markets.outcome_sets set paid_out = 1`],
])("rows that were tampered with are found: %s", async (_, tamper) => {
  await ledger.block(made(person(1), 100n));
  expect(await check("markets.sets_fit")).toEqual({ ok: true });
  await tamper.execute(ledger.store.db);
  expect(await check("markets.sets_fit")).toEqual({
    ok: false,
    found: `outcome tokens of 1 questions do not add up, ${questionKeyOf(BigInt(QUESTION))} for one`,
  });
});

test("questions are listed by what came in for them, page by page, with their text where somebody asked", async () => {
  const market = openMarket({ text: "Does it say yes?" });
  await ledger.block([...market.logs, ...made(person(1), 70n, market.questionId), ...made(person(1), 90n)]);
  await ledger.block([...made(person(2), 70n, hash(0x1c0)), ...made(person(2), 5n, hash(0x140))]);
  const seen: (string | null)[] = [];
  let cursor: string | undefined;
  do {
    const page = await list(1, cursor);
    seen.push(`${at(page.items, 0).putIn} ${at(page.items, 0).text}`);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  expect(new Set(seen)).toEqual(new Set(["5 null", "70 Does it say yes?", "70 null", "90 null"]));
  expect(seen).toHaveLength(4);
  expect([seen[0], seen[3]]).toEqual(["90 null", "5 null"]);
  const known = (await list()).items.find(({ text }) => text !== null);
  expect(known).toMatchObject({
    question: market.questionId,
    outcomes: [{ label: null, yes: "70", no: "70", yesBps: null }],
    owed: "70",
  });
});

test("a cursor of somebody's own is refused", async () => {
  await expect(list(5, "nonsense")).rejects.toMatchObject({ code: "markets.bad_cursor" });
});
