import { at } from "@sooth/kernel";
import { type App, createApp, logger } from "@sooth/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import {
  addresses,
  type Emitted,
  emitted,
  hash,
  type Ledger,
  openLedger,
  person,
  START,
} from "../../../test/ledger.ts";
import { announceMarket, opined } from "../../../test/opinion-ledger.ts";
import { HIDDEN_BAND, opinionPage, wireOpinionMarket, wireOpinionPoint } from "../../core/index.ts";
import { markets, marketsConfig } from "../../index.ts";
import { MAX_POINTS } from "../history.ts";

const log = logger("opinion-history-test");
let ledger: Ledger;
let app: App;

beforeAll(async () => {
  ledger = await openLedger();
  app = await createApp({ log, version: "test" });
  const { store, hub } = ledger;
  markets.routes(app, { store, hub, addresses, config: marketsConfig.parse({}), log });
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await ledger.close();
});

const body = async (url: string): Promise<unknown> => {
  const reply = await app.inject(url);
  expect(reply.statusCode).toBe(200);
  return JSON.parse(reply.body);
};
const history = async (id: string) =>
  z.object({ items: z.array(wireOpinionPoint) }).parse(await body(`/v1/opinion-markets/${id}/history`)).items;
/** A market with these in it, one block each, a second apart. */
const marketOf = async (revealSeconds: number, blocks: (id: `0x${string}`) => Emitted[][]) => {
  const { id, logs } = announceMarket({ closesAt: START + 50_000, revealSeconds });
  await ledger.block(logs, START);
  for (const [index, block] of blocks(id).entries()) await ledger.block(block, START + 1 + index);
  return id;
};

test("each stake moves the sum, and the mean where its stance is told", async () => {
  const id = await marketOf(60, (market) => [
    [opined(market, person(1), 4, 1_000)],
    [
      emitted.opinions("Hidden", { market, owner: person(2), commitment: hash(7), sealed_: "0x" }),
      opined(market, person(2), HIDDEN_BAND, 500),
    ],
    [opined(market, person(3), 20, 3_000)],
    [emitted.opinions("Revealed", { market, owner: person(2), band: 0 })],
  ]);
  expect((await history(id)).map(({ staked, opinions, crowd }) => [staked, opinions, crowd])).toEqual([
    ["1000", 1, 2_000],
    ["1500", 2, 2_000],
    ["4500", 3, 8_000],
    // (20 * 1,000 + 0 * 500 + 100 * 3,000) / 4,500, rounded down
    ["4500", 3, 7_111],
  ]);
  const market = wireOpinionMarket.parse(await body(`/v1/opinion-markets/${id}`));
  expect((await history(id)).at(-1)).toMatchObject({ staked: market.volume, crowd: market.crowd });
});

test("nobody's stance is known while all are hidden, and nothing is told of a market without stakes", async () => {
  const id = await marketOf(60, (market) => [
    [
      emitted.opinions("Hidden", { market, owner: person(1), commitment: hash(9), sealed_: "0x" }),
      opined(market, person(1), HIDDEN_BAND, 70),
    ],
  ]);
  expect(await history(id)).toMatchObject([{ at: START + 1, staked: "70", crowd: null }]);
  expect(await history(await marketOf(0, () => []))).toEqual([]);
});

test("many stakes come to at most 500 points, the last of which is the market's", async () => {
  const MANY = 1_100;
  const id = await marketOf(0, (market) => [
    Array.from({ length: MANY }, (_, index) => opined(market, person(index + 1), index % 21, 100 + index)),
  ]);
  const points = await history(id);
  expect(points.length).toBeLessThanOrEqual(MAX_POINTS);
  expect(points.length).toBeGreaterThan(300);
  const market = wireOpinionMarket.parse(await body(`/v1/opinion-markets/${id}`));
  expect(points.at(-1)).toMatchObject({ staked: market.volume, opinions: MANY, crowd: market.crowd });
  expect(at(points, 0)).toMatchObject({ opinions: 3, staked: "303" });
});

test("opinions of some owners are asked for by name, in either writing, and no others come", async () => {
  const id = await marketOf(0, (market) => [
    [1, 2, 3, 4].map((name) => opined(market, person(name), name, 10 * name)),
  ]);
  const of = async (owners: string) =>
    opinionPage.parse(await body(`/v1/opinion-markets/${id}/opinions?owners=${owners}`)).items;
  const asked = [person(3), `0x${person(1).slice(2).toUpperCase()}`, person(99)].join(",");
  expect((await of(asked)).map(({ owner }) => owner)).toEqual([person(3), person(1)]);
  for (const bad of ["", "0x12", `${person(1)},`, Array.from({ length: 51 }, () => person(1)).join(",")])
    expect((await app.inject(`/v1/opinion-markets/${id}/opinions?owners=${bad}`)).statusCode).toBe(400);
});
