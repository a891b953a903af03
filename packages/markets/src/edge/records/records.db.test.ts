import type { Chain } from "@sooth/chain";
import { at, need } from "@sooth/kernel";
import { type App, createApp, logger } from "@sooth/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import {
  addresses,
  answered,
  claimed,
  emitted,
  hash,
  type Ledger,
  openLedger,
  openMarket,
  person,
  staked,
  START,
} from "../../../test/ledger.ts";
import { announceMarket, opined } from "../../../test/opinion-ledger.ts";
import { LEAST_MARKETS, seasonOf, wireLeaderboard, wireLeague, wireWalletRecord } from "../../core/index.ts";
import { markets, marketsConfig } from "../../index.ts";

const log = logger("records-test");
const DAY = 86_400;
/** The moment that is looked at, and when the pools and the statements ended. */
const [NOW, POOLS_END, SCORED] = [START + 40 * DAY, START + 2 * DAY, START + 38 * DAY];
/** Always right, always wrong, in the middle, right but in too few markets, and who never told a stance. */
const [RIGHT, WRONG, BOTH, NEW, SILENT] = [1, 2, 3, 4, 5].map(person) as [
  ReturnType<typeof person>,
  ReturnType<typeof person>,
  ReturnType<typeof person>,
  ReturnType<typeof person>,
  ReturnType<typeof person>,
];
let ledger: Ledger;
let app: App;

const pools = Array.from({ length: 4 }, (_, index) =>
  openMarket({ text: `Rain on day ${index}?`, closesAt: START + DAY }),
);
const [, , voided, unanswered] = ["Void?", "Open?", "Never answered?", "Later?"].map((text) =>
  openMarket({ text, closesAt: START + DAY }),
);
const statements = Array.from({ length: 3 }, (_, index) =>
  announceMarket({ text: `Statement ${index}`, closesAt: START + DAY, prizes: 1 }),
);
const undrawn = announceMarket({ text: "Waits for its draw", closesAt: START + DAY });
const hiding = announceMarket({
  text: "Hidden",
  closesAt: START + DAY,
  revealSeconds: 3_600,
  prizeBps: 0 as never,
});

beforeAll(async () => {
  ledger = await openLedger();
  app = await createApp({ log, version: "test" });
  const { store } = ledger;
  const hub = { ...ledger.hub, now: async () => NOW } as unknown as Chain;
  markets.routes(app, { store, hub, addresses, config: marketsConfig.parse({}), log });
  await app.ready();

  for (const market of pools)
    await ledger.block([
      ...market.logs,
      staked(market.id, RIGHT, 1, 30n),
      staked(market.id, RIGHT, 1, 70n),
      staked(market.id, WRONG, 0, 300n),
      staked(market.id, BOTH, 0, 50n),
      staked(market.id, BOTH, 1, 51n),
      staked(market.id, NEW, 1, 7n),
    ]);
  for (const market of [need(voided, "one"), need(unanswered, "one")])
    await ledger.block([...market.logs, staked(market.id, RIGHT, 1, 9n), staked(market.id, WRONG, 0, 9n)]);
  for (const market of [...statements, undrawn])
    await ledger.block([
      ...market.logs,
      opined(market.id, RIGHT, 14, 1_000),
      opined(market.id, WRONG, 0, 2_000),
      opined(market.id, BOTH, 10, 500),
    ]);
  await ledger.block([
    ...hiding.logs,
    emitted.opinions("Staked", {
      market: hiding.id,
      owner: RIGHT,
      band: 31,
      amount: 40n,
      opinion: hash(1),
    } as never),
    emitted.opinions("Hidden", { market: hiding.id, owner: RIGHT, commitment: hash(2), sealed_: "0x01" }),
    emitted.opinions("Staked", {
      market: hiding.id,
      owner: SILENT,
      band: 31,
      amount: 60n,
      opinion: hash(1),
    } as never),
    emitted.opinions("Hidden", { market: hiding.id, owner: SILENT, commitment: hash(3), sealed_: "0x01" }),
    emitted.opinions("Revealed", { market: hiding.id, owner: RIGHT, band: 14 }),
  ]);
  await ledger.block(
    pools.map(({ questionId }) => answered(questionId, 1n, POOLS_END)),
    START + DAY + 100,
  );
  // The one becomes final after the moment that is looked at.
  await ledger.block([answered(need(unanswered, "one").questionId, 1n, NOW + 1)]);
  const first = at(pools, 0);
  await ledger.block([claimed(first.id, RIGHT, 1, 100n, 320n), emitted.proved(5n, hash(77))], SCORED - 10);
  await ledger.block(
    [
      ...statements.map(({ id }) => scored(id, 72, { total: 3_500n, count: 3n, round: 5n })),
      scored(undrawn.id, 72, { total: 3_500n, count: 3n, round: 9n }),
      scored(hiding.id, 70, { total: 40n, count: 1n, round: 0n }),
    ],
    SCORED,
  );
});
afterAll(async () => {
  await app.close();
  await ledger.close();
});

const scored = (market: `0x${string}`, score: number, o: { total: bigint; count: bigint; round: bigint }) =>
  emitted.opinions("Scored", { market, score, confidence: 9_000, ...o });
const board = async (query: Record<string, string> = {}) => {
  const reply = await app.inject(`/v1/leaderboard?${new URLSearchParams(query)}`);
  expect(reply.statusCode).toBe(200);
  return wireLeaderboard.parse(JSON.parse(reply.body));
};
const recordOf = async (who: string) => {
  const reply = await app.inject(`/v1/wallets/${who}/record`);
  expect(reply.statusCode).toBe(200);
  return wireWalletRecord.parse(JSON.parse(reply.body));
};
type Leader = z.infer<typeof wireLeaderboard>["items"][number];
const names = (items: readonly Leader[]) => items.map(({ address }) => address);

test("a wallet's record holds what ended, by every rule of the markets, and nothing else", async () => {
  const right = await recordOf(RIGHT);
  // Four pools, three statements, and the hidden one that it told; not the void one, nor what is not final or not drawn.
  expect(right).toMatchObject({
    markets: 8,
    forecasts: 8,
    staked: String(400 + 3_000 + 40),
    least: LEAST_MARKETS,
  });
  expect(right.calibration.pools).toEqual([{ from: 3_000, count: 4, said: 3_110, came: 10_000 }]);
  expect(right.calibration.opinions).toEqual([{ from: 7_000, count: 4, said: 7_000, came: 7_150 }]);
  // Never wrong in pools; two off in three statements, none in the other.
  expect(right.brier).toBe((3 * 400) / 8);
  const [pool] = right.history;
  // 350 lost, 2 % of them a fee: 343 shared by 158, and one was paid what its log says.
  const others = 100n + (343n * 100n) / 158n;
  expect(pool).toEqual({ at: POOLS_END, profit: String(320n + 3n * others - 400n) });
  expect(right.history).toHaveLength(2);
  expect(right.history.at(-1)).toEqual({ at: SCORED, profit: right.profit });

  const wrong = await recordOf(WRONG.toUpperCase().replace("0X", "0x"));
  expect(wrong).toMatchObject({ address: WRONG, markets: 7, forecasts: 7 });
  expect(wrong.brier).toBe(Math.floor((4 * 1_000_000 + 3 * 72 ** 2 * 100) / 7));
  // Who never told a stance lost all, and forecast nothing.
  expect(await recordOf(SILENT)).toMatchObject({ markets: 1, forecasts: 0, brier: null, profit: "-60" });
  expect(await recordOf(person(99))).toMatchObject({ markets: 0, staked: "0", profit: "0", history: [] });
});

test("nothing is made: all profits are the losses of others, fees and what rounding left", async () => {
  const all = await Promise.all([RIGHT, WRONG, BOTH, NEW, SILENT].map(recordOf));
  const sum = all.reduce((total, { profit }) => total + BigInt(profit), 0n);
  const fees = 4n * 7n + 3n * 70n;
  expect(sum).toBeLessThanOrEqual(-fees);
  expect(sum).toBeGreaterThan(-fees - 80n);
});

test("the leaderboard ranks who has enough ended markets, and says of each what his record says", async () => {
  const profit = await board();
  expect(profit.least).toBe(LEAST_MARKETS);
  expect(names(profit.items)).toEqual([RIGHT, BOTH, WRONG]);
  expect(profit.items.map(({ rank }) => rank)).toEqual([1, 2, 3]);
  const brier = await board({ by: "brier" });
  expect(names(brier.items)).toEqual([RIGHT, BOTH, WRONG]);
  for (const item of [...profit.items, ...brier.items])
    expect(await recordOf(item.address)).toMatchObject({
      markets: item.markets,
      forecasts: item.forecasts,
      staked: item.staked,
      profit: item.profit,
      brier: item.brier,
    });
});

test("by kind and by period, with too few markets left nobody is ranked", async () => {
  expect(await board({ kind: "pools" })).toMatchObject({ items: [], since: null });
  expect((await board({ kind: "opinions" })).items).toEqual([]);
  expect(await board({ period: "week" })).toMatchObject({ items: [], since: NOW - 7 * DAY });
  expect(names((await board({ period: "year" })).items)).toEqual([RIGHT, BOTH, WRONG]);
});

test("the league ranks a month's profits by division, and its sums are those of the leaderboard", async () => {
  const league = async (query: Record<string, string> = {}) => {
    const reply = await app.inject(`/v1/leagues?${new URLSearchParams(query)}`);
    expect(reply.statusCode).toBe(200);
    return wireLeague.parse(JSON.parse(reply.body));
  };
  const [first, last] = [seasonOf(POOLS_END), seasonOf(SCORED)];
  expect(first < last).toBe(true);
  const pools = await league({ season: first });
  expect(pools).toMatchObject({ season: first, first, isOver: true, own: null });
  // Four people had pools end; RIGHT gained most, and a fifth of four is one.
  expect(pools.items.map(({ address, goes }) => [address, goes])).toEqual([
    [RIGHT, "up"],
    [BOTH, "stays"],
    [NEW, "stays"],
    [WRONG, "stays"],
  ]);
  // The month of the scores still runs.
  expect(await league()).toMatchObject({ season: last, isOver: false, own: null });
  expect(await league({ season: "2099-01" })).toMatchObject({ season: last });
  const scores = await league({ season: last, division: "2", owner: WRONG });
  expect(scores.items).toMatchObject([{ address: RIGHT, rank: 1, division: 2 }]);
  expect(scores.own).toMatchObject({ address: WRONG, division: 3, goes: "stays" });
  expect(scores.divisions).toEqual([
    { division: 1, size: 0 },
    { division: 2, size: 1 },
    { division: 3, size: 3 },
  ]);
  // Month by month it comes to what the whole record says.
  const profit = [pools, scores].map(({ items }) =>
    BigInt(
      need(
        items.find(({ address }) => address === RIGHT),
        "RIGHT",
      ).profit,
    ),
  );
  expect(String(profit.reduce((sum, each) => sum + each))).toBe((await recordOf(RIGHT)).profit);
  expect((await app.inject("/v1/leagues?season=2026-13")).statusCode).toBe(400);
  expect((await app.inject("/v1/leagues?division=4")).statusCode).toBe(400);
});

test.each(["profit", "brier"])("pages by %s hold everybody once", async (by) => {
  const first = await board({ by, limit: "1" });
  const second = await board({ by, limit: "1", cursor: first.next ?? "" });
  const third = await board({ by, limit: "1", cursor: second.next ?? "" });
  expect(names([...first.items, ...second.items, ...third.items])).toEqual([RIGHT, BOTH, WRONG]);
  expect(third).toMatchObject({ next: null, items: [{ rank: 3 }] });
});

test("what is no place, kind or address is refused", async () => {
  const bad = [
    "/v1/leaderboard?cursor=abc",
    "/v1/leaderboard?by=luck",
    "/v1/leaderboard?limit=101",
    `/v1/leaderboard?by=brier&cursor=${(await board({ limit: "1" })).next}`,
    "/v1/wallets/0x12/record",
  ];
  for (const url of bad) expect((await app.inject(url)).statusCode).toBe(400);
});

test("a prize counts for whom it fell on, until the treasury has it", async () => {
  const { id } = at(statements, 0);
  const before = new Map<string, bigint>();
  for (const who of [RIGHT, WRONG, BOTH]) before.set(who, BigInt((await recordOf(who)).profit));
  const prize = 350n;
  await ledger.block([
    emitted.opinions("PrizePaid", { market: id, owner: person(777), prize: 0n, paid: prize }),
  ]);
  // Another server, which holds no answer of before.
  const fresh = await createApp({ log, version: "test" });
  const hub = { ...ledger.hub, now: async () => NOW } as unknown as Chain;
  markets.routes(fresh, { store: ledger.store, hub, addresses, config: marketsConfig.parse({}), log });
  let lost = 0n;
  for (const who of [RIGHT, WRONG, BOTH]) {
    const now = wireWalletRecord.parse(JSON.parse((await fresh.inject(`/v1/wallets/${who}/record`)).body));
    lost += need(before.get(who), who) - BigInt(now.profit);
    const { items } = wireLeaderboard.parse(JSON.parse((await fresh.inject("/v1/leaderboard")).body));
    expect(items.find(({ address }) => address === who)?.profit).toBe(now.profit);
  }
  expect(lost).toBe(prize);
  await fresh.close();
});
