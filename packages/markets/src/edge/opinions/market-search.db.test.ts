import { at } from "@sooth/kernel";
import { type App, createApp, logger } from "@sooth/runtime";
import { sql } from "@sooth/store";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { addresses, emitted, hash, type Ledger, openLedger, person, START } from "../../../test/ledger.ts";
import { type Announced, announceMarket, opined } from "../../../test/opinion-ledger.ts";
import { bytesOf, opinionMarketPage, textHash } from "../../core/index.ts";
import { markets, marketsConfig } from "../../index.ts";
import { forgetUnstaked } from "../content/forget-unstaked.ts";
import { eraseContent, keepContent } from "../content/store.ts";

const log = logger("market-search-test");
const ROOM = { bytesPerDay: 10_000_000, targets: [] };
let ledger: Ledger;
let app: App;

const STATEMENTS = {
  cars: "Cities should close their centres to private cars",
  zoos: "Zoos should be closed",
  school: "Every school should teach statistics before calculus",
  tempo: "Auf Autobahnen sollte ein Tempolimit gelten",
  toros: "Deberían prohibirse las corridas de toros",
  hidden: "Shops should open on Sundays",
} as const;
type Name = keyof typeof STATEMENTS;
const all = {} as Record<Name, Announced>;
const names = new Map<string, Name>();

/** An opinion of `who` with a text that is kept here. */
async function argue(name: Name, who: number, text: string, amount = 1_000 + who): Promise<void> {
  await keepContent(ledger.store, { kind: "opinion", bytes: bytesOf(text) }, ROOM);
  await ledger.block([opined(all[name].id, person(who), who, amount, text)]);
}
const SECRET = "Bakers need their day of rest";
const PARROTS = "Parrots in cages pluck out their feathers";

beforeAll(async () => {
  ledger = await openLedger();
  app = await createApp({ log, version: "test", rateLimit: { max: 100_000, windowSeconds: 60 } });
  const { store, hub } = ledger;
  markets.routes(app, { store, hub, addresses, config: marketsConfig.parse({}), log });
  await app.ready();
  for (const [index, [name, text]] of Object.entries(STATEMENTS).entries()) {
    const market = announceMarket({
      text,
      closesAt: START + 10_000 * (index + 1),
      ...(name === "hidden" && { revealSeconds: 600, creator: person(77) }),
    });
    all[name as Name] = market;
    names.set(market.id, name as Name);
    await ledger.block(market.logs);
  }
  await argue("cars", 1, "Deliveries, buses and the disabled need streets; \u0002 parking <b>does</b> not.");
  await argue("cars", 2, "Buses buses buses.");
  await argue("zoos", 3, "Elephants in captivity die young, and no bus full of pupils changes that.");
  await argue("zoos", 4, PARROTS);
  await argue("tempo", 5, "Die Städte und Dörfer an der Strecke hätten weniger Lärm.");
  await argue("toros", 6, "Es una tradición, y las tradiciones españolas merecen respeto.");
  await keepContent(store, { kind: "opinion", bytes: bytesOf(SECRET) }, ROOM);
  await ledger.block([
    emitted.opinions("Staked", {
      market: all.hidden.id,
      owner: person(7),
      band: 31,
      amount: 40n,
      opinion: textHash(SECRET),
    } as never),
    emitted.opinions("Hidden", {
      market: all.hidden.id,
      owner: person(7),
      commitment: hash(2),
      sealed_: "0x01",
    }),
  ]);
});
afterAll(async () => {
  await app.close();
  await ledger.close();
});

let lists = 0;
/** Answers are held for a moment: each time another page is asked for, so that it is made anew. */
const list = async (query: Record<string, string | number>) => {
  lists = (lists + 1) % 80;
  const asked = new URLSearchParams(
    Object.entries({ limit: 20 + lists, ...query }).map(([key, value]) => [key, String(value)]),
  );
  const reply = await app.inject(`/v1/opinion-markets?${asked}`);
  expect(reply.statusCode, reply.body).toBe(200);
  return opinionMarketPage.parse(JSON.parse(reply.body));
};
const found = async (query: Record<string, string | number>) =>
  (await list(query)).items.map(({ id }) => names.get(id));

test("a market is found by what was argued in it, after those whose statement says it", async () => {
  expect(await found({ search: "bus" })).toEqual(["cars", "zoos"]);
  await argue("school", 1, "Cars, cars, cars: private cars in every centre.");
  expect(await found({ search: "private cars" })).toEqual(["cars", "school"]);
  // In any order that is asked for, and with any other filter.
  expect(await found({ search: "private cars", sort: "newest" })).toEqual(["school", "cars"]);
  expect(await found({ search: "bus", status: "void" })).toEqual([]);
  // Words of two opinions are no opinion.
  expect(await found({ search: "elephants feathers", meaning: "off" })).toEqual([]);
});

test("it is told which opinion says it, with the words that were found marked", async () => {
  const [cars, zoos] = (await list({ search: "bus" })).items;
  // Of two that say it the shorter, which says it more often.
  expect(cars?.found).toEqual({
    statement: false,
    by: null,
    opinion: {
      owner: person(2),
      number: 2,
      sha256: textHash("Buses buses buses."),
      excerpt: [
        { text: "Buses", marked: true },
        { text: " ", marked: false },
        { text: "buses", marked: true },
        { text: " ", marked: false },
        { text: "buses", marked: true },
      ],
    },
  });
  expect(zoos?.found?.opinion?.excerpt.filter(({ marked }) => marked)).toEqual([
    { text: "bus", marked: true },
  ]);
  // Signs of ours that stand in a text mark nothing.
  const [streets] = (await list({ search: "streets deliveries" })).items;
  const excerpt = streets?.found?.opinion?.excerpt ?? [];
  expect(excerpt.filter(({ marked }) => marked).map(({ text }) => text)).toEqual(["Deliveries", "streets"]);
  const [closed] = (await list({ search: "zoo" })).items;
  expect(closed?.found).toEqual({ statement: true, by: null, opinion: null });
  expect(at((await list({})).items, 0).found).toBeNull();
});

test("stems of three languages and words as they stand are found, whatever language was meant", async () => {
  expect(await found({ search: "stadt dorf" })).toEqual(["tempo"]);
  expect(await found({ search: "autobahn" })).toEqual(["tempo"]);
  expect(await found({ search: "tradicional española" })).toEqual(["toros"]);
  expect(await found({ search: "corrida" })).toEqual(["toros"]);
  expect(await found({ search: "captive elephant" })).toEqual(["zoos"]);
  // Stop words of one language are words of another, and of none a reason not to be found.
  expect(await found({ search: "the zoos" })).toEqual(["zoos"]);
  expect(await found({ search: "die Städte", meaning: "off" })).toEqual(["tempo"]);
});

test("what must not be there is not, in any language; quotes hold words together", async () => {
  expect(await found({ search: "bus -elephants", meaning: "off" })).toEqual(["cars"]);
  expect(await found({ search: "bus -elephant", meaning: "off" })).toEqual(["cars"]);
  expect(await found({ search: '"bus full"', meaning: "off" })).toEqual(["zoos"]);
  expect(await found({ search: '"full bus"', meaning: "off" })).toEqual([]);
  for (const search of ["-", '"', "'; --", "!!", "& | <->", ":*", "%", "(", "\\"]) await list({ search });
});

test("what has to do with the search stands behind what says it, and is told by which words it was found", async () => {
  // "vehicles" is near to "cars", "trucks" and "buses"; nobody said it.
  const { items } = await list({ search: "vehicles" });
  expect(items.map(({ id }) => names.get(id))).toEqual(["cars", "school"]);
  const [cars, school] = items;
  expect(cars?.found?.statement).toBe(true);
  expect(cars?.found?.by).toEqual(["cars"]);
  expect(school?.found?.statement).toBe(false);
  expect(school?.found?.by).toEqual(["cars"]);
  expect(school?.found?.opinion?.excerpt.find(({ marked }) => marked)).toEqual({
    text: "Cars",
    marked: true,
  });
  // Who says it comes first, however much nearer another is.
  await argue("tempo", 8, "Vehicles, one after the other, and nobody moves at all in summer.", 1);
  const both = await list({ search: "vehicles" });
  expect(both.items.map(({ id, found: one }) => [names.get(id), one?.by ?? null])).toEqual([
    ["tempo", null],
    ["cars", ["cars"]],
    ["school", ["cars"]],
  ]);
  // Only where it is asked for, or the order keeps it behind.
  expect(await found({ search: "vehicles", meaning: "off" })).toEqual(["tempo"]);
  expect(await found({ search: "vehicles", sort: "newest" })).toEqual(["tempo"]);
  expect(await found({ search: "vehicles", sort: "newest", meaning: "on" })).toHaveLength(3);
  // What must not be there is not, also not beside a word that is near.
  expect(await found({ search: "vehicles -parking -private -bus" })).toEqual(["tempo"]);
  // Of several words each may be another, and half of them is enough.
  expect(await found({ search: "private vehicles" })).toEqual(["cars", "school", "tempo"]);
  expect(await found({ search: "private zebra snail" })).toEqual([]);
  // Words that are not known, words that every text has, and words between quotes have none near to them.
  for (const search of [
    "Fahrzeuge",
    "the",
    '"armored vehicles"',
    "vehicles or trucks or cars or of or the or and",
  ])
    expect((await list({ search })).items.filter((one) => one.found?.by != null)).toEqual([]);
});

test("texts that nobody staked on take no room from those that somebody did", async () => {
  const { db } = ledger.store;
  await sql`insert into markets.contents (sha256, kind, bytes, size)
    select '0xdead' || lpad(to_hex(n), 60, '0'), 'opinion', convert_to('cars ' || n, 'UTF8'), 9
    from generate_series(1, 1100) n`.execute(db);
  onTestFinished(async () => {
    await sql`delete from markets.contents where sha256 like '0xdead%'`.execute(db);
  });
  await sql`analyze markets.contents`.execute(db);
  expect(await found({ search: "vehicles", sort: "newest", meaning: "on" })).toHaveLength(3);
});

test("pages that go on behind what was found by meaning hold each market once", async () => {
  const whole = await found({ search: "private vehicles" });
  const paged: (Name | undefined)[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await list({ search: "private vehicles", limit: 1, ...(cursor && { cursor }) });
    paged.push(...page.items.map(({ id }) => names.get(id)));
    if (page.next === null) break;
    cursor = page.next;
  }
  expect(paged).toEqual(whole);
});

test("an opinion whose stance is hidden is not found before it is told, by its words or by others", async () => {
  expect(await found({ search: "bakers" })).toEqual([]);
  expect(await found({ search: "necessary" })).not.toContain("hidden");
  await ledger.block([emitted.opinions("Revealed", { market: all.hidden.id, owner: person(7), band: 3 })]);
  expect(await found({ search: "bakers" })).toEqual(["hidden"]);
  expect(await found({ search: "necessary" })).toContain("hidden");
});

test("nothing of a text that was erased or forgotten is found, nor left in the index", async () => {
  expect(await found({ search: "parrots" })).toEqual(["zoos"]);
  const { db } = ledger.store;
  const held = async (text: string) =>
    (
      await sql<{
        words: string | null;
      }>`select words::text from markets.contents where sha256 = ${textHash(text)}`.execute(db)
    ).rows;
  expect(at(await held(PARROTS), 0).words).toContain("parrot");
  await eraseContent(ledger.store, textHash(PARROTS));
  expect(await held(PARROTS)).toEqual([{ words: null }]);
  expect(await found({ search: "parrots" })).toEqual([]);

  const never = "Nobody ever staked with penguins";
  await keepContent(ledger.store, { kind: "opinion", bytes: bytesOf(never) }, ROOM);
  expect(await found({ search: "penguins" })).toEqual([]);
  await sql`update markets.contents set at = now() - interval '2 days' where sha256 = ${textHash(never)}`.execute(
    db,
  );
  await forgetUnstaked(ledger.store, { timestamp: Math.floor(Date.now() / 1_000) + 60 }, 1_000_000);
  expect(await held(never)).toEqual([]);
});

test("words of a market that a reorg took back are gone with it", async () => {
  const { store, head } = ledger;
  const market = announceMarket({ text: "Marmots should vote", closesAt: START + 20_000 });
  await ledger.block(market.logs);
  names.set(market.id, "cars");
  expect(await found({ search: "marmot" })).toHaveLength(1);
  await sql`select chain.undo_above(31337, ${head.number - 1})`.execute(store.db);
  expect(await found({ search: "marmot" })).toEqual([]);
});

test("pages by relevance hold each market once, in one order", async () => {
  const search = "should";
  const whole = await found({ search, sort: "relevance" });
  expect(whole).toHaveLength(new Set(whole).size);
  const paged: (Name | undefined)[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await list({ search, limit: 1, ...(cursor && { cursor }) });
    paged.push(...page.items.map(({ id }) => names.get(id)));
    if (page.next === null) break;
    cursor = page.next;
  }
  expect(paged).toEqual(whole);
  // Without words there is nothing to be relevant to: the newest first.
  expect(await found({ sort: "relevance" })).toEqual(await found({ sort: "newest" }));
  expect((await app.inject("/v1/opinion-markets?search=a&cursor=abc")).statusCode).toBe(400);
});

test("the list is narrowed by creator, staker, hidden stances, closing, stakes and confidence", async () => {
  expect(await found({ creator: person(77) })).toEqual(["hidden"]);
  expect(await found({ staker: person(1), sort: "newest" })).toEqual(["school", "cars"]);
  expect(await found({ staker: person(1), search: "parking" })).toEqual(["cars"]);
  expect(await found({ stances: "hidden" })).toEqual(["hidden"]);
  expect(await found({ stances: "open" })).toHaveLength(5);
  expect(await found({ closesWithin: 25_000, sort: "closing" })).toEqual(["cars", "zoos"]);
  expect(await found({ closesWithin: 15_000 })).toEqual(["cars"]);
  expect(await found({ leastVolume: "2003" })).toEqual(["zoos", "cars"]);
  expect(await found({ leastVolume: "2004" })).toEqual(["zoos"]);
  await ledger.block([
    emitted.opinions("Scored", {
      market: all.zoos.id,
      score: 40,
      confidence: 8_000,
      total: 2_007n,
      count: 2n,
      round: 7n,
    }),
  ]);
  expect(await found({ leastConfidence: 8_000 })).toEqual(["zoos"]);
  expect(await found({ leastConfidence: 8_001 })).toEqual([]);
  for (const bad of ["staker=0x1", "stances=all", "closesWithin=0", "leastVolume=x", "leastConfidence=10001"])
    expect((await app.inject(`/v1/opinion-markets?${bad}`)).statusCode, bad).toBe(400);
});

const status = async (query: string) => (await app.inject(`/v1/opinion-markets${query}`)).statusCode;
test("who searches without end has to wait, and may still read the plain list", async () => {
  let searches = 0;
  while ((await status("?search=zoos")) === 200 && searches < 1_000) searches += 1;
  expect(searches).toBeLessThan(1_000);
  expect(await status("?search=cars")).toBe(429);
  expect(await status("?search=&limit=5")).toBe(200);
  expect(await status("")).toBe(200);
});
