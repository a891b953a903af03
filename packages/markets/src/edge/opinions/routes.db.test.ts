import { type App, createApp, logger } from "@sooth/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import {
  addresses,
  answered,
  emitted,
  hash,
  type Ledger,
  openLedger,
  person,
  START,
} from "../../../test/ledger.ts";
import { type Announced, announceMarket, opined } from "../../../test/opinion-ledger.ts";
import {
  doorOf,
  opinionActivityPage,
  opinionMarketPage,
  opinionPage,
  opinionTermsHash,
  textHash,
  wireOpinionMarket,
  wireWalletOpinions,
} from "../../core/index.ts";
import { markets, marketsConfig } from "../../index.ts";

const log = logger("opinions-test");
let ledger: Ledger;
let app: App;
const TEXTS = [
  "Cities should close their centres to private cars",
  "Zoos should be closed",
  "Every school should teach statistics before calculus",
];
const all: Announced[] = [];

beforeAll(async () => {
  ledger = await openLedger();
  app = await createApp({ log, version: "test" });
  const { store, hub } = ledger;
  markets.routes(app, { store, hub, addresses, config: marketsConfig.parse({}), log });
  await app.ready();
  for (const [index, text] of TEXTS.entries()) {
    const market = announceMarket({ text, closesAt: START + 1_000 + index });
    all.push(market);
    const stakes = Array.from({ length: index + 1 }, (_, i) => opined(market.id, person(i), i * 5, 100 + i));
    await ledger.block([...market.logs, ...stakes]);
  }
});
afterAll(async () => {
  await app.close();
  await ledger.close();
});

const get = async (url: string) => {
  const reply = await app.inject({ method: "GET", url });
  return { status: reply.statusCode, body: JSON.parse(reply.body) as unknown };
};
const list = async (query: Record<string, string | number> = {}) => {
  const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
  const { status, body } = await get(`/v1/opinion-markets?${search}`);
  expect(status).toBe(200);
  return opinionMarketPage.parse(body);
};
const texts = async (query: Record<string, string | number>) =>
  (await list(query)).items.map(({ statement }) => TEXTS.indexOf(statement));
const codeOf = (body: unknown) => z.object({ error: z.object({ code: z.string() }) }).parse(body).error.code;
const one = async (market: Announced | undefined) =>
  wireOpinionMarket.parse((await get(`/v1/opinion-markets/${market?.id}`)).body);

test("markets are found by words in any form, by a part of one, and in three orders", async () => {
  expect(await texts({ search: "closing" })).toEqual([1, 0]);
  expect(await texts({ search: "school teaching" })).toEqual([2]);
  expect(await texts({ search: "STATISTI" })).toEqual([2]);
  expect(await texts({ search: "zebra" })).toEqual([]);
  expect(await texts({ search: String.raw`'); drop \ % _ & | ! "` })).toEqual([]);
  expect(await texts({ sort: "newest" })).toEqual([2, 1, 0]);
  expect(await texts({ sort: "closing" })).toEqual([0, 1, 2]);
  expect(await texts({ sort: "volume" })).toEqual([2, 1, 0]);
  for (const sort of ["newest", "closing", "volume"]) {
    const first = await list({ sort, limit: 2 });
    const rest = await list({ sort, limit: 2, cursor: first.next ?? "" });
    const seen = [...first.items, ...rest.items].map(({ statement }) => TEXTS.indexOf(statement));
    expect(seen).toEqual(await texts({ sort }));
    expect(rest.next).toBeNull();
  }
  expect((await get("/v1/opinion-markets?cursor=abc")).status).toBe(400);
});

test("a market tells its terms, its door and its bands", async () => {
  const [, , third] = all;
  const market = await one(third);
  expect(market).toMatchObject({
    statement: TEXTS[2],
    status: "open",
    volume: "303",
    opinions: 3,
    // (0 * 100 + 25 * 101 + 50 * 102) / 303
    crowd: 2516,
    result: null,
    voidBecause: null,
  });
  expect(market.bands.filter(({ staked }) => staked !== "0")).toEqual([
    { band: 0, stance: 0, staked: "100", opinions: 1 },
    { band: 5, stance: 25, staked: "101", opinions: 1 },
    { band: 10, stance: 50, staked: "102", opinions: 1 },
  ]);
  expect([market.termsHash, BigInt(market.door)]).toEqual(
    third && [opinionTermsHash(third.terms), doorOf(third.terms)],
  );
  const unknown = await get(`/v1/opinion-markets/${hash(9)}`);
  expect([unknown.status, codeOf(unknown.body)]).toEqual([404, "opinions.unknown"]);
});

test("opinions come with their texts where they are kept, a page at a time", async () => {
  const [, , third] = all;
  const url = `/v1/opinion-markets/${third?.id}/opinions`;
  const before = opinionPage.parse((await get(`${url}?sort=newest`)).body);
  expect(before.items.map(({ number, text }) => [number, text])).toEqual([
    [3, null],
    [2, null],
    [1, null],
  ]);
  const kept = await app.inject({ method: "POST", url: "/v1/content", payload: { text: "I think so" } });
  expect(kept.statusCode).toBe(200);
  const first = opinionPage.parse((await get(`${url}?sort=largest&limit=2`)).body);
  expect(first.items.map(({ amount, stance, text }) => [amount, stance, text])).toEqual([
    ["102", 50, "I think so"],
    ["101", 25, "I think so"],
  ]);
  const rest = opinionPage.parse((await get(`${url}?sort=largest&limit=2&cursor=${first.next}`)).body);
  expect(rest.items.map(({ amount, opinion }) => [amount, opinion])).toEqual([
    ["100", textHash("I think so")],
  ]);
  expect(rest.next).toBeNull();
});

test("statuses follow the clock and the contract, in the list as in the view", async () => {
  const [first, second, third] = all;
  if (!first || !second || !third) throw new Error("three markets");
  ledger.head.timestamp = START + 1_000;
  await ledger.block([answered(third.terms.question, 5_000n, START + 5_000)]);
  // The chain's time, and answers, are held for a moment.
  await expect.poll(() => texts({ status: "judging" })).toEqual([1, 0]);
  await expect.poll(() => texts({ status: "open" })).toEqual([2]);
  await expect.poll(async () => (await one(third)).finalAt).toBe(START + 5_000);
  await ledger.block([
    emitted.opinions("Voided", { market: first.id, why: "confidence" }),
    emitted.opinions("Scored", {
      market: second.id,
      score: 12,
      confidence: 9_000,
      total: 201n,
      count: 2n,
      round: 5n,
    }),
  ]);
  await expect.poll(() => texts({ status: "void" })).toEqual([0]);
  await expect.poll(() => texts({ status: "drawing" })).toEqual([1]);
  await expect
    .poll(() => one(first))
    .toMatchObject({ voidBecause: "confidence", owed: { amount: "100", opinions: 1 } });
  const drawing = await one(second);
  expect(drawing).toMatchObject({
    status: "drawing",
    result: { score: 12, total: "201", fee: "4", prize: "10", net: "177", round: "5", seed: null },
    prizes: [],
  });
  await ledger.block([emitted.proved(5n, hash(5))]);
  await expect.poll(async () => (await one(second)).status).toBe("settled");
  const settled = await one(second);
  expect(settled).toMatchObject({ status: "settled", result: { seed: hash(5) } });
  expect(settled.prizes.map(({ prize, amount, paidTo }) => [prize, amount, paidTo])).toEqual([
    [0, "10", null],
    [1, "10", null],
  ]);
  await expect.poll(() => texts({ status: "settled" })).toEqual([1]);
  const activity = opinionActivityPage.parse((await get(`/v1/opinion-markets/${second.id}/activity`)).body);
  expect(activity.items.map(({ kind }) => kind)).toEqual(["scored", "staked", "staked", "announced"]);
});

test("a wallet sees its opinions with their markets, and what they come to", async () => {
  const { body } = await get(`/v1/wallets/${person(0)}/opinions?limit=2`);
  const mine = wireWalletOpinions.parse(body);
  expect(mine.items.map(({ on }) => TEXTS.indexOf(on.statement))).toEqual([2, 1]);
  expect(mine).toMatchObject({ paidIn: "300", staked: "100", paidOut: "0" });
  expect(BigInt(mine.claimable)).toBeGreaterThan(100n);
  const rest = wireWalletOpinions.parse(
    (await get(`/v1/wallets/${person(0)}/opinions?limit=2&cursor=${mine.next}`)).body,
  );
  expect(rest.items.map(({ on }) => TEXTS.indexOf(on.statement))).toEqual([0]);
});

const claimable = async (owner: string) =>
  wireWalletOpinions.parse((await get(`/v1/wallets/${owner}/opinions?claimable=true`)).body);
const sum = (values: readonly string[]) => values.reduce((total, value) => total + BigInt(value), 0n);

test("what a wallet can claim is one list, with prizes that nobody paid yet", async () => {
  const [first, second] = all;
  const { prizes } = await one(second);
  const mine = await claimable(person(0));
  // Of the third, which is open, nothing is to be claimed.
  expect(mine.items.map(({ market }) => market)).toEqual([second?.id, first?.id]);
  const won = prizes.filter(({ winner, paidTo }) => winner === person(0) && paidTo === null);
  const due = sum([...mine.items.map((item) => item.due), ...won.map(({ amount }) => amount)]);
  expect(BigInt(mine.claimable)).toBe(due);
  expect((await claimable(person(2))).items).toEqual([]);
});

const claim = async ({ id }: Announced, owner: string) => {
  const url = `/v1/opinion-markets/${id}/claims/prepare`;
  const { body } = await app.inject({ method: "POST", url, payload: { owner } });
  const said = z
    .union([
      z.object({ calls: z.array(z.object({ purpose: z.string() })) }),
      z.object({ error: z.object({ code: z.string() }) }),
    ])
    .parse(JSON.parse(body));
  return "error" in said ? said.error.code : said.calls.map(({ purpose }) => purpose);
};

test("an owner is given the calls that claim what is his and not paid, and none of what is others'", async () => {
  const [first, second, third] = all;
  if (!first || !second || !third) throw new Error("three markets");
  expect(await claim(first, person(0))).toEqual(["Claim"]);
  expect(await claim(first, person(1))).toBe("opinions.nothing_to_claim");
  expect(await claim(third, person(0))).toBe("opinions.not_final");
  const { prizes } = await one(second);
  const wonBy = (owner: string) => prizes.filter(({ winner }) => winner === owner);
  for (const owner of [person(0), person(1)]) {
    const won = wonBy(owner).map(({ prize }) => `Claim prize ${prize + 1}`);
    expect(await claim(second, owner)).toEqual(["Claim", ...won]);
  }
  const [paid] = prizes;
  if (!paid) throw new Error("a prize");
  const owner = paid.winner as ReturnType<typeof person>;
  await ledger.block([emitted.opinions("PrizePaid", { market: second.id, owner, prize: 0n, paid: 10n })]);
  const left = wonBy(owner).slice(1);
  expect(await claim(second, owner)).toEqual([
    "Claim",
    ...left.map(({ prize }) => `Claim prize ${prize + 1}`),
  ]);
});

test("a prize alone is reason enough to be in that list, until it is paid", async () => {
  const [, second] = all;
  if (!second) throw new Error("a market");
  const unpaid = (await one(second)).prizes.filter(({ paidTo }) => paidTo === null);
  const [left] = unpaid;
  if (!left) throw new Error("a prize");
  const winner = left.winner as ReturnType<typeof person>;
  const paid = (await claimable(winner)).items.find(({ market }) => market === second.id);
  await ledger.block([
    emitted.opinions("Claimed", { market: second.id, owner: winner, paid: BigInt(paid?.due ?? 0) }),
  ]);
  const of = async () => (await claimable(winner)).items.filter(({ market }) => market === second.id);
  await expect.poll(async () => (await of()).map(({ due }) => due)).toEqual(["0"]);
  await ledger.block(
    unpaid
      .filter((prize) => prize.winner === winner)
      .map(({ prize }) =>
        emitted.opinions("PrizePaid", { market: second.id, owner: winner, prize: BigInt(prize), paid: 10n }),
      ),
  );
  await expect.poll(of).toEqual([]);
});
