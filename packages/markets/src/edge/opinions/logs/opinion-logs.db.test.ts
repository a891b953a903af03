import type { Amount, Bps, Hex } from "@sooth/kernel";
import { at, need } from "@sooth/kernel";
import { one, rows, sql } from "@sooth/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answered, emitted, hash, type Ledger, openLedger, person, START } from "../../../../test/ledger.ts";
import { type Announced, announceMarket, opined } from "../../../../test/opinion-ledger.ts";
import {
  dueOf,
  drawOf,
  HIDDEN_BAND,
  payOf,
  sharesOf,
  stanceCommitment,
  tally,
  totalsOf,
} from "../../../core/index.ts";

let ledger: Ledger;
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger.close());

const tables = [
  "opinion_markets",
  "opinion_books",
  "opinions",
  "opinion_secrets",
  "opinion_prizes",
  "seeds",
  "opinion_activity",
];
const contents = async () =>
  Promise.all(
    tables.map((table) =>
      rows<{ row: unknown }>(
        ledger.store.db,
        sql`select to_jsonb(t) as row from ${sql.table(`markets.${table}`)} t order by to_jsonb(t)::text`,
      ),
    ),
  );
const bookOf = (id: Hex) =>
  one<{
    staked: bigint[];
    opinions: number[];
    volume: bigint;
    count: number;
    due: bigint;
    due_count: number;
  }>(ledger.store.db, sql`select * from markets.opinion_books where market = ${id}`);
const marketOf = (id: Hex) =>
  one<Record<string, unknown>>(ledger.store.db, sql`select * from markets.opinion_markets where id = ${id}`);
const opinionOf = async (id: Hex, owner: Hex) =>
  need(
    await one<{ band: number | null; start: bigint | null; due: bigint; paid: bigint; shared: boolean }>(
      ledger.store.db,
      sql`select * from markets.opinions where market = ${id} and owner = ${owner}`,
    ),
    owner,
  );
const prizesOf = (id: Hex) =>
  rows<{ prize: number; band: number; place: bigint; winner: Hex; amount: bigint; paid_to: Hex | null }>(
    ledger.store.db,
    sql`select * from markets.opinion_prizes where market = ${id} order by prize`,
  );

const PEOPLE = [
  { owner: person(1), band: 12, amount: 1_000 },
  { owner: person(2), band: 14, amount: 2_500 },
  { owner: person(3), band: 12, amount: 701 },
  { owner: person(4), band: 0, amount: 44 },
];
const opinions = PEOPLE.map(({ band, amount }) => ({ band, amount: BigInt(amount) as Amount }));
const stakes = ({ id }: Announced) =>
  PEOPLE.map(({ owner, band, amount }) => opined(id, owner, band, amount));
const scored = ({ id }: Announced, score: number, round: bigint) =>
  emitted.opinions("Scored", { market: id, score, confidence: 9_000, total: 4_245n, count: 4n, round });
const ended = tally(totalsOf(opinions), 62, "fourth");
const SEED: Hex = `0x${"5e".repeat(32)}`;

test("stakes lie behind each other in their bands, whenever their terms are announced", async () => {
  const early = announceMarket();
  await ledger.block([opined(early.id, person(9), 12, 5)]);
  await ledger.block([...early.logs, ...stakes(early)]);
  expect(await bookOf(early.id)).toMatchObject({ volume: 4_250n, count: 5 });
  expect((await opinionOf(early.id, person(1))).start).toBe(5n);
  expect((await opinionOf(early.id, person(3))).start).toBe(1_005n);
  expect((await opinionOf(early.id, person(2))).start).toBe(0n);
  expect(at((await bookOf(early.id))?.staked ?? [], 12)).toBe(1_706n);
});

test("when it may be scored follows from the answer, its disputes, its pauses and its vetoes", async () => {
  const market = announceMarket();
  const facts = async () => {
    const row = await marketOf(market.id);
    return [row?.["answer"], row?.["final_at"]];
  };
  await ledger.block(market.logs);
  expect(await facts()).toEqual(["open", market.question.deadline + 1]);
  await ledger.block([answered(market.terms.question, 6_200n, START + 5_000)]);
  expect(await facts()).toEqual(["answered", START + 5_000]);
  await sql`insert into oracle.pauses (number, guardian, from_at, until_at)
    values (1, ${person(1)}, ${START}, ${START + 1_000})`.execute(ledger.store.db);
  await ledger.block([
    emitted.oracle("Held", { question: market.terms.question, finalizeAt: START + 6_000 }),
  ]);
  expect(await facts()).toEqual(["answered", START + 6_000]);
  const veto = { watcher: person(2), finalizeAt: START + 7_000, reason: hash(1) };
  await ledger.block([emitted.oracle("Vetoed", { question: market.terms.question, ...veto })]);
  expect(await facts()).toEqual(["answered", START + 7_000]);
});

test("a score fixes what everybody may claim, the round who won, and claims count down", async () => {
  const market = announceMarket();
  const shares = sharesOf(market.terms);
  await ledger.block([...market.logs, ...stakes(market)]);
  await ledger.block([scored(market, 62, 77n)]);
  const dues = opinions.map((opinion) => payOf(opinion, shares, ended));
  for (const [index, { owner }] of PEOPLE.entries())
    expect((await opinionOf(market.id, owner)).due).toBe(dues[index]);
  const sum = dues.reduce((all, due) => all + due, 0n);
  expect(await bookOf(market.id)).toMatchObject({ due: sum, due_count: 4 });
  expect(await prizesOf(market.id)).toEqual([]);
  await ledger.block([emitted.proved(76n, hash(1)), emitted.proved(77n, SEED)]);
  const prizes = await prizesOf(market.id);
  expect(prizes.map(({ prize, amount }) => [prize, amount])).toEqual([
    [0, 212n],
    [1, 212n],
  ]);
  for (const { prize, band, place, winner } of prizes) {
    expect(drawOf({ seed: SEED, market: market.id, prize }, totalsOf(opinions), "fourth", ended)).toEqual({
      band,
      offset: place,
    });
    const seat = PEOPLE.find(({ owner }) => owner === winner);
    expect(seat?.band).toBe(band);
  }
  await ledger.block([
    emitted.opinions("Claimed", { market: market.id, owner: person(1), paid: dues[0] ?? 0n }),
    emitted.opinions("PrizePaid", { market: market.id, owner: at(prizes, 1).winner, prize: 1n, paid: 212n }),
    emitted.opinions("FeeCollected", { market: market.id, creator: market.terms.creator, fee: 84n }),
  ]);
  expect(await opinionOf(market.id, person(1))).toMatchObject({ due: 0n, paid: dues[0] });
  expect(await bookOf(market.id)).toMatchObject({ due: sum - (dues[0] ?? 0n), due_count: 3 });
  expect((await prizesOf(market.id)).map(({ paid_to }) => paid_to)).toEqual([null, at(prizes, 1).winner]);
  expect(await marketOf(market.id)).toMatchObject({ fee_paid: true, seed: SEED, score: 62 });
});

test("a round that was proved before the market named it draws all the same", async () => {
  const market = announceMarket();
  await ledger.block([emitted.proved(500n, SEED)]);
  await ledger.block([...market.logs, ...stakes(market)]);
  await ledger.block([scored(market, 62, 500n)]);
  expect(await prizesOf(market.id)).toHaveLength(2);
});

test("prizes that are forgone are shared, with who claimed before and who did not", async () => {
  const market = announceMarket();
  const shares = sharesOf(market.terms);
  await ledger.block([...market.logs, ...stakes(market)]);
  await ledger.block([scored(market, 62, 900n)]);
  const own = payOf(at(opinions, 0), shares, ended);
  await ledger.block([emitted.opinions("Claimed", { market: market.id, owner: person(1), paid: own })]);
  await ledger.block([emitted.opinions("Rearmed", { market: market.id, round: 901n })]);
  await ledger.block([emitted.opinions("Forgone", { market: market.id })]);
  const whole = (index: number, paid: boolean) =>
    dueOf(
      { ...at(opinions, index), paid, shared: false },
      { ending: "undrawn", shares, tally: ended, untold: 0n as Amount },
    );
  expect((await opinionOf(market.id, person(1))).due).toBe(whole(0, true));
  expect((await opinionOf(market.id, person(2))).due).toBe(whole(1, false));
  await ledger.block([
    emitted.opinions("Claimed", { market: market.id, owner: person(1), paid: whole(0, true) }),
  ]);
  expect(await opinionOf(market.id, person(1))).toMatchObject({
    due: 0n,
    paid: whole(0, false),
    shared: true,
  });
  expect((await bookOf(market.id))?.due_count).toBe(3);
});

test("a void market gives every stake back, announced or not", async () => {
  const market = announceMarket();
  const never = announceMarket();
  await ledger.block([...market.logs, ...stakes(market), opined(never.id, person(1), 3, 9)]);
  await ledger.block([
    emitted.opinions("Voided", { market: market.id, why: "confidence" }),
    emitted.opinions("Voided", { market: never.id, why: "expired" }),
  ]);
  expect((await opinionOf(market.id, person(3))).due).toBe(701n);
  expect(await bookOf(never.id)).toMatchObject({ due: 9n, due_count: 1 });
  expect(await marketOf(market.id)).toMatchObject({ ending: "void", why: "confidence" });
});

const hiddenLife = (market: Announced) => {
  const salt = hash(7);
  const hide = (owner: Hex, band: number) => [
    emitted.opinions("Hidden", {
      market: market.id,
      owner,
      commitment: stanceCommitment(market.id, owner, band, salt),
      sealed_: "0x1234",
    }),
    opined(market.id, owner, HIDDEN_BAND, 100),
  ];
  return [...hide(person(1), 12), ...hide(person(2), 12), ...hide(person(3), 4)];
};

test("a stance that was hidden takes its seat when it is told; who tells none loses it to the others", async () => {
  const market = announceMarket({ revealSeconds: 3_600 });
  await ledger.block([...market.logs, ...hiddenLife(market)]);
  expect(await bookOf(market.id)).toMatchObject({ volume: 300n, hidden: 300n, hidden_count: 3 });
  await ledger.block([
    emitted.opinions("Revealed", { market: market.id, owner: person(2), band: 12 }),
    emitted.opinions("Revealed", { market: market.id, owner: person(1), band: 12 }),
  ]);
  expect((await opinionOf(market.id, person(1))).start).toBe(100n);
  expect(await opinionOf(market.id, person(3))).toMatchObject({ band: null, start: null });
  await ledger.block([
    emitted.opinions("Scored", {
      market: market.id,
      score: 60,
      confidence: 9_000,
      total: 200n,
      count: 2n,
      round: 1n,
    }),
  ]);
  expect((await opinionOf(market.id, person(3))).due).toBe(0n);
  // 200 less 4 and 20, and the 100 that nobody told.
  expect((await opinionOf(market.id, person(1))).due).toBe(138n);
});

test("undoing blocks and replaying them leaves the very same rows", async () => {
  const market = announceMarket();
  const hidden = announceMarket({ revealSeconds: 3_600 });
  const before = { ...ledger.head };
  const empty = await contents();
  const play = async () => {
    await ledger.block([...market.logs, ...stakes(market), ...hidden.logs, ...hiddenLife(hidden)]);
    await ledger.block([opined(market.id, person(5), 12, 3)]);
    await ledger.block([emitted.opinions("Revealed", { market: hidden.id, owner: person(2), band: 12 })]);
    await ledger.block([answered(market.terms.question, 6_200n, START + 5_000)]);
    await ledger.block([scored(market, 62, 1_000n)]);
    await ledger.block([emitted.opinions("Rearmed", { market: market.id, round: 1_001n })]);
    await ledger.block([emitted.proved(1_001n, SEED)]);
    await ledger.block([emitted.opinions("Claimed", { market: market.id, owner: person(2), paid: 5n })]);
    await ledger.block([
      emitted.opinions("PrizePaid", { market: market.id, owner: person(2), prize: 0n, paid: 5n }),
      emitted.opinions("FeeCollected", { market: market.id, creator: person(901), fee: 4n }),
    ]);
    await ledger.block([emitted.opinions("Voided", { market: hidden.id, why: "invalid" })]);
  };
  await play();
  const played = await contents();
  expect(played).not.toEqual(empty);
  await sql`select chain.undo_above(31337, ${before.number})`.execute(ledger.store.db);
  await sql`delete from chain.blocks where number > ${before.number}`.execute(ledger.store.db);
  expect(await contents()).toEqual(empty);
  Object.assign(ledger.head, before);
  await play();
  expect(await contents()).toEqual(played);
});

test("markets that end in one block come to what they come to one by one", async () => {
  const [first, brier, undrawn, late, void_] = [
    announceMarket(),
    announceMarket({ rule: "brier", prizes: 5 }),
    announceMarket({ prizes: 3, feeBps: 0 as Bps }),
    announceMarket(),
    announceMarket(),
  ];
  const all = [first, brier, undrawn, late, void_];
  await ledger.block(all.flatMap((market) => [...market.logs, ...stakes(market)]));
  // Not all alike, and one with more.
  await ledger.block([opined(brier.id, person(6), 20, 9_999), opined(late.id, person(6), 3, 5)]);
  const before = { ...ledger.head };
  const inOneBlock = [
    [
      scored(first, 62, 2_000n),
      scored(brier, 9, 2_000n),
      scored(undrawn, 70, 2_001n),
      scored(late, 0, 2_002n),
    ],
    [emitted.opinions("Voided", { market: void_.id, why: "invalid" })],
    [emitted.proved(2_000n, SEED), emitted.proved(2_002n, hash(77))],
    [emitted.opinions("Forgone", { market: undrawn.id })],
  ];
  const came = async () =>
    Promise.all([
      contentsOf("opinion_markets", ["ended_at", "ended_tx"]),
      contentsOf("opinion_books"),
      contentsOf("opinions"),
      contentsOf("opinion_prizes"),
    ]);
  const contentsOf = (table: string, but: readonly string[] = []) =>
    rows<{ row: unknown }>(
      ledger.store.db,
      sql`select to_jsonb(t) - ${but}::text[] as row from ${sql.table(`markets.${table}`)} t order by to_jsonb(t)::text`,
    );
  await ledger.block(inOneBlock.flat());
  const together = await came();
  expect((await prizesOf(brier.id)).length).toBe(5);
  expect((await prizesOf(first.id)).length).toBe(2);
  expect((await bookOf(void_.id))?.due).toBe(4_245n);
  await sql`select chain.undo_above(31337, ${before.number})`.execute(ledger.store.db);
  await sql`delete from chain.blocks where number > ${before.number}`.execute(ledger.store.db);
  Object.assign(ledger.head, before);
  for (const log of inOneBlock.flat()) await ledger.block([log]);
  expect(await came()).toEqual(together);
  // And what was paid in one block is paid, each prize to its own winner.
  const due = await prizesOf(brier.id);
  await ledger.block(
    due.map(({ prize, winner, amount }) =>
      emitted.opinions("PrizePaid", { market: brier.id, owner: winner, prize: BigInt(prize), paid: amount }),
    ),
  );
  expect((await prizesOf(brier.id)).map(({ paid_to }) => paid_to)).toEqual(due.map(({ winner }) => winner));
  expect((await prizesOf(first.id)).map(({ paid_to }) => paid_to)).toEqual([null, null]);
});
