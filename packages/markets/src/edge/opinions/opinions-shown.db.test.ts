import type { Chain } from "@sooth/chain";
import { ascending, at } from "@sooth/kernel";
import { type App, createApp, logger } from "@sooth/runtime";
import { type LiveEvent, listenLive, notifyLive } from "@sooth/store";
import { zeroAddress } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  addresses,
  emitted,
  hash,
  type Ledger,
  openLedger,
  openMarket,
  person,
  staked,
  START,
} from "../../../test/ledger.ts";
import { type Announced, announceMarket, opined } from "../../../test/opinion-ledger.ts";
import { activityPage, scoredPage } from "../../core/index.ts";
import { markets, marketsConfig } from "../../index.ts";
import { firstRows } from "../first-rows.ts";
import { previewTags } from "../preview-tags.ts";

const log = logger("opinions-shown-test");
let ledger: Ledger;
let app: App;
const TEXTS = [
  "Cities should close their centres to private cars",
  "Zoos should be <b>closed</b> & sold",
  "Every school should teach statistics before calculus",
  "Closing times of shops should be free",
];
const all: Announced[] = [];
/** When the scores of the first two, and of the last, were written. */
const [EARLY, LATE] = [START + 5_000, START + 9_000];

/** What the contracts were built with. */
const BUILT: Record<string, unknown> = {
  symbol: "SUSD",
  CREATION_FEE: 500n,
  CLOCK_LAG: 60,
  LEAST_SECONDS: 60,
  MOST_SECONDS: 86_400,
  LEAST_STAKE: 50,
  MOST_STAKE: 1_000,
  approver: zeroAddress,
  UNIT: 1_000_000n,
  COMMIT_TIER: 4_000n,
  LEAST_DEPOSIT: 250,
  MOST_DEPOSIT: 50_000,
};

const scored = (index: number, score: number) =>
  emitted.opinions("Scored", {
    market: at(all, index).id,
    score,
    confidence: 8_750,
    total: 4_000n,
    count: 2n,
    round: 7n,
  });

beforeAll(async () => {
  ledger = await openLedger();
  app = await createApp({ log, version: "test" });
  const { store, hub } = ledger;
  const client = {
    readContract: async ({ functionName }: { functionName: string }) => BUILT[functionName] ?? 2,
  };
  const deps = { store, hub: { ...hub, client } as unknown as Chain, addresses };
  markets.routes(app, { ...deps, config: marketsConfig.parse({}), log });
  await app.ready();
  for (const [index, text] of TEXTS.entries()) {
    const market = announceMarket({ text, closesAt: START + 1_000 + index });
    all.push(market);
    await ledger.block([
      ...market.logs,
      opined(market.id, person(1), 4, 1_000),
      opined(market.id, person(2), 20, 3_000),
    ]);
  }
  await ledger.block([scored(0, 71), scored(1, 0)], EARLY);
  await ledger.block([scored(3, 55)], LATE);
});
afterAll(async () => {
  await app.close();
  await ledger.close();
});

const history = async (query: Record<string, string | number> = {}) => {
  const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
  const reply = await app.inject(`/v1/opinions/history?${search}`);
  expect(reply.statusCode).toBe(200);
  return scoredPage.parse(JSON.parse(reply.body));
};
const found = async (query: Record<string, string | number>) =>
  (await history(query)).items.map(({ statement }) => TEXTS.indexOf(statement));

test("the history tells scores with confidence, crowd and volume, latest first, over pages", async () => {
  const { items, next } = await history({ limit: 1 });
  expect(items).toEqual([
    {
      market: at(all, 3).id,
      statement: TEXTS[3],
      closedAt: START + 1_003,
      at: LATE,
      transaction: expect.stringMatching(/^0x/),
      score: 55,
      confidence: 8_750,
      crowd: 8_000,
      volume: "4000",
      opinions: 2,
    },
  ]);
  const rest = await history({ limit: 2, cursor: next ?? "" });
  // Of one block: in the order of their names, and each once.
  expect(rest.items.map(({ score }) => score).toSorted(ascending)).toEqual([0, 71]);
  expect(rest.next).toBeNull();
});

test("who puts a statement up can see before what that costs", async () => {
  expect(JSON.parse((await app.inject("/v1/opinions/limits")).body)).toEqual({
    creationFee: "500",
    leastFamilies: 1,
    advice: false,
    leastSeconds: 60,
    mostSeconds: 86_400,
    leastStake: "50",
    mostStake: "1000",
    needsApproval: false,
    // Nobody sits.
    mostSecured: null,
    commitTier: "4000",
    leastDeposit: 250,
    mostDeposit: 50_000,
  });
});

test("a topic is found among the statements that are scored, and no other", async () => {
  expect((await found({ q: "close" })).toSorted(ascending)).toEqual([0, 1, 3]);
  expect(await found({ q: "CENTR" })).toEqual([0]);
  expect(await found({ q: "statistics" })).toEqual([]);
  expect(await found({ from: LATE })).toEqual([3]);
  expect((await found({ until: EARLY })).toSorted(ascending)).toEqual([0, 1]);
  expect(await found({ q: "shops", until: LATE - 1 })).toEqual([]);
  for (const bad of ["q=%00", "from=-1", "cursor=abc", "limit=101"])
    expect((await app.inject(`/v1/opinions/history?${bad}`)).statusCode).toBe(400);
});

test("activity tells of both kinds of markets, in their order, with what each is about", async () => {
  const pool = openMarket({ text: "Will it rain?", closesAt: START + 20_000 });
  const market = announceMarket({ text: "Tea is better", closesAt: START + 20_000 });
  await ledger.block([
    ...pool.logs,
    staked(pool.id, person(1), 1, 5n),
    ...market.logs,
    opined(market.id, person(3), 12, 40),
    opined(announceMarket().id, person(3), 12, 40),
    emitted.opinions("Voided", { market: market.id, why: "invalid" }),
    emitted.opinions("Claimed", { market: market.id, owner: person(3), paid: 40n }),
  ]);
  const read = async (limit: number, cursor?: string | null) =>
    activityPage.parse(
      JSON.parse((await app.inject(`/v1/activity?limit=${limit}${cursor ? `&cursor=${cursor}` : ""}`)).body),
    );
  const first = await read(3);
  const second = await read(5, first.next);
  const items = [...first.items, ...second.items];
  expect(items.map(({ kind }) => kind)).toEqual([
    "opinion_claimed",
    "opinion_voided",
    "opinion_staked",
    "opinion_announced",
    "asked",
    "staked",
    "opened",
    "asked",
  ]);
  expect(items[2]).toMatchObject({
    title: "Tea is better",
    market: market.id,
    question: market.terms.question,
    who: person(3),
    label: "60",
    amount: "40",
    outcome: null,
  });
  // A score is no money.
  const third = await read(2, second.next);
  expect(third.items[0]).toMatchObject({ kind: "opinion_scored", label: "55", amount: null, who: null });
  const own = await app.inject(`/v1/markets/${pool.id}/activity`);
  expect(activityPage.parse(JSON.parse(own.body)).items.map(({ kind }) => kind)).toEqual([
    "staked",
    "opened",
    "asked",
  ]);
});

/** What a frame leads to. */
const linksOf = async (url: string) => {
  const { statusCode, headers, body } = await app.inject(url);
  expect([statusCode, headers["content-security-policy"], headers["cache-control"]]).toEqual([
    200,
    "default-src 'none';style-src 'unsafe-inline';frame-ancestors *",
    "public, max-age=60",
  ]);
  expect(body).not.toContain("<script");
  return [...body.matchAll(/<a href="([^"]+)"/g)].map(([, link]) => link);
};
test("several markets are framed by their ids, in that order, or by what is searched for", async () => {
  const [tea, zoos] = [at(all, 2).id, at(all, 1).id];
  expect(await linksOf(`/embed/opinions?ids=${zoos},${hash(9)},${tea},${zoos}&layout=grid`)).toEqual([
    `/opinions/${zoos}`,
    `/opinions/${tea}`,
  ]);
  expect(await linksOf("/embed/opinions?search=zoos")).toEqual([`/opinions/${zoos}`]);
  expect(await linksOf("/embed/opinions?limit=1")).toHaveLength(1);
  expect(await linksOf("/embed/opinions?search=nobody+said+this")).toEqual(["/opinions"]);
  const [rain = ""] = await linksOf("/embed/markets?search=rain&kind=bool");
  expect(rain).toMatch(/^\/markets\/0x[0-9a-f]{64}$/);
  expect(
    await linksOf(`/embed/markets?ids=${rain.split("/").at(-1)?.toUpperCase().replace("0X", "0x")}`),
  ).toEqual([rain]);
  // Bounded, and a name that there is not is refused.
  const many = Array.from({ length: 13 }, () => tea).join(",");
  for (const bad of [`ids=${many}`, "ids=0x1", "limit=13", "layout=wall", "topic=tea"])
    expect((await app.inject(`/embed/opinions?${bad}`)).statusCode, bad).toBe(400);
});

test("a link to an opinion market has a picture, a frame without a script, and words", async () => {
  const { id } = at(all, 1);
  const card = await app.inject(`/v1/opinion-markets/${id}/card.png`);
  expect([card.statusCode, card.headers["content-type"]]).toEqual([200, "image/png"]);
  expect([card.rawPayload.readUInt32BE(16), card.rawPayload.readUInt32BE(20)]).toEqual([1200, 630]);
  const frame = await app.inject(`/embed/opinions/${id}`);
  expect([frame.statusCode, frame.headers["content-security-policy"]]).toEqual([
    200,
    "default-src 'none';style-src 'unsafe-inline';frame-ancestors *",
  ]);
  expect(frame.body).toContain("Zoos should be &lt;b&gt;closed&lt;/b&gt; &amp; sold");
  expect(frame.body).toContain(`<a href="/opinions/${id}"`);
  expect(frame.body).toMatch(/<b>0<\/b> of 100, the score/);
  expect(frame.body).toContain("2 opinions, 40 SUSD staked");
  for (const none of [`/v1/opinion-markets/${hash(9)}/card.png`, `/embed/opinions/${hash(9)}`])
    expect((await app.inject(none)).statusCode).toBe(404);

  expect(frame.body).toContain("Measured: its analyst names the right side of");

  expect(await previewTags(`/opinions/${id}`, ledger)).toEqual({
    title: TEXTS[1],
    description: expect.stringContaining("score of 0 of 100"),
    image: `/v1/opinion-markets/${id}/card.png`,
  });
  const open = await previewTags(`/opinions/${at(all, 2).id}/`, ledger);
  expect(open?.description).toMatch(/^2 opinions. The stakes stand at 80 of 100 on average. Closed/);
  expect(await previewTags(`/opinions/${hash(9)}`, ledger)).toBeNull();
});

test("who follows the newest markets hears of statements too", async () => {
  const { body } = await app.inject({ url: "/v1/markets.atom", headers: { host: "sooth.test" } });
  const titles = [...body.matchAll(/<title type="html"><!\[CDATA\[(.*?)\]\]>/g)].map(([, title]) => title);
  // The newest first, whichever they are: those of the test before came in one block.
  expect(new Set(titles.slice(0, 2))).toEqual(new Set(["Tea is better", "Will it rain?"]));
  expect(titles.slice(2)).toEqual([
    TEXTS[3],
    TEXTS[2],
    "Zoos should be &lt;b&gt;closed&lt;/b&gt; &amp; sold",
    TEXTS[0],
  ]);
  expect(body).toContain(`<link href="http://sooth.test/opinions/${at(all, 3).id}"/>`);
});

test("who looks on is told of an opinion as of any other stake", async () => {
  const { store } = ledger;
  const news: LiveEvent[] = [];
  const stop = new AbortController();
  const listening = listenLive(store, (event) => news.push(event), stop.signal);
  const { id } = at(all, 2);
  // Until the session listens; a sign that is told twice harms nobody.
  await expect
    .poll(async () => {
      await notifyLive(store.db, { topic: "relay", id: "sign" });
      return news.length;
    })
    .toBeGreaterThan(0);
  await ledger.block([opined(id, person(5), 3, 9)]);
  const line = { topic: "activity", id: `${ledger.head.number}:0`, data: { market: id } };
  await expect.poll(() => news).toContainEqual(line);
  expect(news).toContainEqual({ topic: "market", id });
  stop.abort();
  await listening;
});

test("the first rows of the statements are those that their page asks for", async () => {
  const reply = await app.inject("/v1/opinion-markets?sort=volume&limit=8");
  const { items } = reply.json<{ items: { id: string; statement: string }[] }>();
  expect(items.map(({ statement }) => statement)).toEqual(expect.arrayContaining(TEXTS));
  for (const where of ["/opinions", "/opinions/"])
    expect(await firstRows(where, { ...ledger, addresses })).toEqual(
      items.map(({ id, statement }) => ({ id, title: statement })),
    );
});
