import { marketsAbi } from "@sooth/abi";
import { enqueueTransaction } from "@sooth/chain";
import { sql } from "@sooth/store";
import { encodeErrorResult } from "viem";
import { type App, createApp, logger } from "@sooth/runtime";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import {
  addresses,
  answered,
  type Ledger,
  type Opened,
  openLedger,
  openMarket,
  person,
  staked,
  START,
} from "../../../test/ledger.ts";
import { activityPage, marketPage, wireMarket, wireRelayed } from "../../core/index.ts";
import { markets, marketsConfig } from "../../index.ts";
import { firstRows } from "../first-rows.ts";
import { previewTags } from "../preview-tags.ts";

let ledger: Ledger;
let app: App;
const log = logger("markets-test");
const TITLES = [
  "Will it rain in Zürich tomorrow?",
  "Wird es in ZÜRICH schneien?",
  "🚀 ETH above 100 % of 2,000_USD?",
  "هل ستمطر غدا؟",
  "مبروك \u202Eabc\u202C الفوز",
  "Robert'); drop table markets.markets; --",
  String.raw`Back\slash and %percent%`,
  "ﬁnal score",
  "האם ירד\u200F גשם\u200E מחר?",
];
/** As it is kept: a schema from a log has lost what turns text round, and nothing else. */
const SHOWN = TITLES.map((title) => title.replaceAll(/[\u202A-\u202E]/g, ""));
const opened: Opened[] = [];

beforeAll(async () => {
  ledger = await openLedger();
  app = await createApp({ log, version: "test" });
  markets.routes(app, {
    store: ledger.store,
    hub: ledger.hub,
    addresses,
    config: marketsConfig.parse({}),
    log,
  });
  await app.ready();
  for (const [index, text] of TITLES.entries()) {
    const market = openMarket({ text, closesAt: START + 1_000 + index });
    opened.push(market);
    await ledger.block([...market.logs, staked(market.id, person(index), 0, BigInt(index % 4) + 1n)]);
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
  const { status, body } = await get(`/v1/markets?${search}`);
  expect(status).toBe(200);
  return marketPage.parse(body);
};
const codeOf = (body: unknown) => z.object({ error: z.object({ code: z.string() }) }).parse(body).error.code;
const post = async (url: string, payload: unknown) => {
  const reply = await app.inject({ method: "POST", url, payload: payload as object });
  return { status: reply.statusCode, code: codeOf(JSON.parse(reply.body)) };
};
const titles = (page: z.infer<typeof marketPage>) => page.items.map(({ title }) => title);
const first = () => opened[0] as Opened;

const walk = async (query: Record<string, string | number>, between?: (page: number) => Promise<void>) => {
  const ids: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 100; page++) {
    const { items, next } = await list({ ...query, limit: 2, ...(cursor && { cursor }) });
    ids.push(...items.map(({ id }) => id));
    if (next === null) return ids;
    cursor = next;
    await between?.(page);
  }
  throw new Error("the pages do not end");
};

const intent = (over: object) => ({
  intent: {
    market: `0x${"0".repeat(64)}`,
    outcome: 0,
    amount: "1000000",
    owner: person(1),
    nonce: "0",
    deadline: START + 60,
    ...over,
  },
  signature: `0x${"11".repeat(65)}`,
  permit: null,
});
describe("search", () => {
  test.each([
    ["any case and accent", "zÜrIcH", [SHOWN[1], SHOWN[0]]],
    ["an emoji", "🚀", [SHOWN[2]]],
    ["right-to-left text", "ستمطر", [SHOWN[3]]],
    ["text that had an override", "مبروك abc", [SHOWN[4]]],
    ["an override, which no title keeps", "\u202E", []],
    ["a right-to-left mark", "\u200F", [SHOWN[8]]],
    ["SQL", "'); drop table", [SHOWN[5]]],
    ["a percent sign is itself", "100 %", [SHOWN[2]]],
    ["an underscore is itself", "2,000_usd", [SHOWN[2]]],
    ["a backslash is itself", String.raw`k\s`, [SHOWN[6]]],
    ["a ligature", "final", [SHOWN[7]]],
    ["an outcome's label", "yes", SHOWN.toReversed()],
    ["nothing that is there", "xyzzy", []],
    ["a wildcard is no wildcard", "%", [SHOWN[6], SHOWN[2]]],
  ])("%s", async (_, search, found) => {
    expect(titles(await list({ search }))).toEqual(found);
  });
  test("white space finds everything", async () => {
    expect((await list({ search: "  " })).items).toHaveLength(TITLES.length);
  });
});

describe("order and pages", () => {
  test("newest first, each market once, while new ones are opened between the pages", async () => {
    const before = opened.map(({ id }) => id).toReversed();
    const ids = await walk({ sort: "newest", search: "e" }, async () => {
      const late = openMarket({ text: "a late market", closesAt: START + 90_000 });
      await ledger.block(late.logs);
    });
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => before.some((known) => known === id))).toEqual(before);
  });

  test("by volume, equal volumes too", async () => {
    const ids = await walk({ sort: "volume" });
    const volumes = await Promise.all(
      ids.map(async (id) => BigInt(wireMarket.parse((await get(`/v1/markets/${id}`)).body).volume)),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(volumes).toEqual(volumes.toSorted((a, b) => Number(b - a)));
    expect(ids.length).toBeGreaterThanOrEqual(TITLES.length);
  });

  test("closing: the soonest first", async () => {
    const ids = await walk({ sort: "closing" });
    expect(ids.slice(0, TITLES.length)).toEqual(opened.map(({ id }) => id));
  });

  test.each([
    ["rubbish", "rubbish"],
    ["of another order", Buffer.from('["x"]').toString("base64url")],
    ["negative", Buffer.from("[-1,0]").toString("base64url")],
    ["too large", Buffer.from("[1,99999999999]").toString("base64url")],
    ["SQL", Buffer.from(`["1","' or 1=1"]`).toString("base64url")],
  ])("a cursor that is %s is refused", async (_, cursor) => {
    for (const sort of ["newest", "volume", "closing"]) {
      const { status, body } = await get(`/v1/markets?sort=${sort}&cursor=${cursor}`);
      expect([status, codeOf(body)]).toEqual([400, "markets.bad_cursor"]);
    }
  });
});

describe("status", () => {
  test("follows the chain's clock, and filters agree with what is shown", async () => {
    const market = openMarket({ text: "the status of this", closesAt: START + 100_000 });
    await ledger.block([
      ...market.logs,
      staked(market.id, person(1), 1, 5n),
      staked(market.id, person(2), 0, 5n),
    ]);
    const shown = async () => wireMarket.parse((await get(`/v1/markets/${market.id}`)).body).status;
    const seen: string[] = [];
    const look = async () => {
      // Reads of the clock and answers are held for a moment.
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      const status = await shown();
      seen.push(status);
      for (const other of ["trading", "closed", "answered", "settled", "void"] as const) {
        const found = (await list({ status: other, search: "the status of" })).items.map(({ id }) => id);
        expect(found).toEqual(other === status ? [market.id] : []);
      }
    };
    await look();
    await ledger.block([], START + 100_000);
    await look();
    await ledger.block([answered(market.questionId, 1n, START + 100_500)], START + 100_010);
    await look();
    await ledger.block([], START + 100_500);
    await look();
    expect(seen).toEqual(["trading", "closed", "answered", "settled"]);
    const done = wireMarket.parse((await get(`/v1/markets/${market.id}`)).body);
    expect(done).toMatchObject({ winner: 1, question: { status: "final", value: "1", label: "Yes" } });
    expect((await list({ status: "void" })).items.map(({ id }) => id)).not.toContain(market.id);
  });
});

describe("one market", () => {
  test("tells its odds", async () => {
    const { body } = await get(`/v1/markets/${first().id}`);
    expect(wireMarket.parse(body)).toMatchObject({
      title: TITLES[0],
      volume: "1",
      stakers: 1,
      outcomes: [
        { label: "No", pool: "1", shareBps: 10_000, paysBps: 10_000 },
        { label: "Yes", pool: "0", shareBps: 0, paysBps: null },
      ],
    });
  });

  test("a change is seen by whoever is told of it", async () => {
    const url = `/v1/markets/${first().id}`;
    // No answer grows old here: only the notice can drop the one that is held.
    vi.useFakeTimers({ toFake: ["performance"] });
    try {
      await get(url);
      await ledger.block([staked(first().id, person(50), 1, 9n)]);
      await expect.poll(async () => wireMarket.parse((await get(url)).body).volume).toBe("10");
    } finally {
      vi.useRealTimers();
    }
  });

  test.each([
    ["unknown", `/v1/markets/0x${"0".repeat(64)}`, 404, "markets.unknown"],
    ["its history", `/v1/markets/0x${"0".repeat(64)}/history`, 404, "markets.unknown"],
    ["its activity", `/v1/markets/0x${"0".repeat(64)}/activity`, 404, "markets.unknown"],
    ["no id", "/v1/markets/1", 400, "http.bad_request"],
    ["SQL", `/v1/markets/${encodeURIComponent("' or 1=1 --")}`, 400, "http.bad_request"],
    ["a relay", "/v1/relay/4711", 404, "markets.unknown_relay"],
    ["no relay", "/v1/relay/0x12", 400, "http.bad_request"],
    ["no address", "/v1/portfolio/0x12", 400, "http.bad_request"],
    ["too large a page", "/v1/markets?limit=101", 400, "http.bad_request"],
    ["a negative page", "/v1/markets?limit=-1", 400, "http.bad_request"],
    ["a status that there is not", "/v1/markets?status=won", 400, "http.bad_request"],
    ["a NUL", "/v1/markets?search=%00", 400, "http.bad_request"],
    ["a long search", `/v1/markets?search=${"x".repeat(101)}`, 400, "http.bad_request"],
  ])("%s is refused", async (_, url, status, code) => {
    const reply = await get(url);
    expect([reply.status, codeOf(reply.body)]).toEqual([status, code]);
  });

  test("activity holds the market's own and its question's, latest first, over pages", async () => {
    const market = openMarket({ text: "a busy market", closesAt: START + 200_000 });
    await ledger.block([
      ...market.logs,
      staked(market.id, person(1), 1, 5n),
      staked(market.id, person(2), 0, 6n),
    ]);
    await ledger.block([answered(market.questionId, 1n, START + 201_000)], START + 200_001);
    const kinds: string[] = [];
    const ids: string[] = [];
    let cursor = "";
    do {
      const page = activityPage.parse((await get(`/v1/markets/${market.id}/activity?limit=2${cursor}`)).body);
      kinds.push(...page.items.map(({ kind }) => kind));
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.next === null ? "" : `&cursor=${page.next}`;
    } while (cursor !== "");
    expect(kinds).toEqual(["answered", "staked", "staked", "opened", "asked"]);
    expect(new Set(ids).size).toBe(5);
    const all = activityPage.parse((await get("/v1/activity?limit=3")).body);
    expect(all.items.map(({ id }) => id)).toEqual(ids.slice(0, 3));
    expect(all.items[1]).toMatchObject({
      kind: "staked",
      label: "No",
      amount: "6",
      title: "a busy market",
      market: market.id,
    });
  });
});

describe("writes refuse", () => {
  test.each([
    ["a negative amount", { amount: "-5" }, 400, "markets.bad_amount"],
    ["nothing", { amount: "0" }, 400, "markets.bad_amount"],
    ["more than a pool holds", { amount: String(2n ** 72n) }, 400, "markets.bad_amount"],
    ["an amount of eighty digits", { amount: "9".repeat(80) }, 400, "http.bad_request"],
    ["an amount that is no number", { amount: "1e6" }, 400, "http.bad_request"],
    ["an amount as a number", { amount: 5 }, 400, "http.bad_request"],
    ["an outcome beyond all", { outcome: 48 }, 400, "http.bad_request"],
    ["a negative outcome", { outcome: -1 }, 400, "http.bad_request"],
    ["a negative nonce", { nonce: "-1" }, 409, "markets.bad_nonce"],
    ["no address", { owner: "0x1" }, 400, "http.bad_request"],
  ])("relay: %s", async (_, over, status, code) => {
    expect(await post("/v1/relay/stakes", intent(over))).toEqual({ status, code });
  });
  test.each([
    ["a negative amount", { amount: "-5" }, 400, "markets.bad_amount"],
    ["too large an amount", { amount: String(2n ** 71n) }, 400, "markets.bad_amount"],
  ])("prepare: %s", async (_, over, status, code) => {
    const body = { owner: person(1), outcome: 0, ...over };
    expect(await post(`/v1/markets/${first().id}/stakes/prepare`, body)).toEqual({ status, code });
  });
  test("a text of 1 MB", async () => {
    const body = { owner: "x".repeat(1_000_000), outcome: 0, amount: "1" };
    expect(await post(`/v1/markets/${first().id}/stakes/prepare`, body)).toEqual({
      status: 413,
      code: "http.too_large",
    });
  });
  test("a market on a question that nobody asked", async () => {
    const body = { question: `0x${"0".repeat(64)}`, creator: person(1), closesAt: START + 50, feeBps: 0 };
    expect(await post("/v1/markets/prepare", body)).toEqual({
      status: 404,
      code: "markets.unknown_question",
    });
  });
  test("a market that the contract would refuse", async () => {
    const market = openMarket({ text: "for terms", closesAt: START + 300_000 });
    await ledger.block(market.logs);
    const body = { question: market.questionId, creator: person(1), closesAt: START + 300_001, feeBps: 0 };
    expect(await post("/v1/markets/prepare", body)).toEqual({ status: 400, code: "markets.bad_terms" });
    const again = {
      question: market.questionId,
      creator: market.terms.creator,
      closesAt: START + 300_000,
      feeBps: 200,
    };
    expect(await post("/v1/markets/prepare", again)).toEqual({ status: 409, code: "markets.already_open" });
  });
});

test("a relayed stake that reverted says why, in the words of the contract's error", async () => {
  const data = encodeErrorResult({
    abi: marketsAbi,
    errorName: "Markets_Closed",
    args: [first().id, 1_800_000_000],
  });
  const key = `markets:stake:${first().id}:${person(1)}:0:test`;
  const { id } = await enqueueTransaction(ledger.store.db, {
    chainId: 31_337,
    key,
    to: addresses.markets,
    data: "0x",
    purpose: "stake",
  });
  await sql`insert into markets.relayed (id, outbox_key, market, owner, nonce, at)
    values (${id}, ${key}, ${first().id}, ${person(1)}, 0, ${START})`.execute(ledger.store.db);
  const look = async () => wireRelayed.parse((await get(`/v1/relay/${id}`)).body);
  expect(await look()).toEqual({ id, status: "queued", transaction: null, error: null });
  await sql`update chain.outbox set status = 'failed', error_name = 'Markets_Closed', error_data = ${data},
    error_text = 'raw' where key = ${key}`.execute(ledger.store.db);
  expect(await look()).toMatchObject({
    status: "failed",
    error: { code: "markets.closed", message: `market ${first().id} took stakes until 1800000000` },
  });
  await sql`update chain.outbox set error_data = null where key = ${key}`.execute(ledger.store.db);
  expect(await look()).toMatchObject({
    error: { code: "markets.relay_failed", message: expect.stringContaining("raw") },
  });
});

test("a link shows the market, and nothing for what is not there", async () => {
  expect(await previewTags(`/markets/${first().id}`, ledger)).toMatchObject({ title: TITLES[0] });
  const { title, description } = (await previewTags(`/questions/${first().questionId}`, ledger)) ?? {};
  expect(title).toBe(TITLES[0]);
  expect(description).toContain("Not answered yet");
  expect(await previewTags(`/markets/0x${"0".repeat(64)}`, ledger)).toBeNull();
  expect(await previewTags("/portfolio", ledger)).toBeNull();
});

test("the first rows of the list are those that its page asks for, and no other page has any", async () => {
  const { items } = await list({ sort: "volume", limit: 8 });
  expect(items.length).toBeGreaterThan(1);
  expect(await firstRows("/", { ...ledger, addresses })).toEqual(
    items.map(({ id, title }) => ({ id, title })),
  );
  for (const other of ["/markets", "/portfolio", `/markets/${first().id}`, "/opinions/create"])
    expect(firstRows(other, { ...ledger, addresses }), other).toBeNull();
});
