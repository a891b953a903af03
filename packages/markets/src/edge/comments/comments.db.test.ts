import { devAccount } from "@sooth/chain/local-node";
import { at } from "@sooth/kernel";
import type { App } from "@sooth/runtime";
import { listenLive, type LiveEvent, sql } from "@sooth/store";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import type { z } from "zod";
import { emitted, hash, type Ledger, openLedger, openMarket, staked } from "../../../test/ledger.ts";
import { announceMarket, opined } from "../../../test/opinion-ledger.ts";
import { appOf, cookieOf, PAGE } from "../../../test/signed-in.ts";
import { replyPage, threadPage, wireComment, wireReacted } from "../../core/index.ts";
import { hideComment } from "../../index.ts";

const HUB = 31_337;
const [alice, bob, carol] = [devAccount(2), devAccount(3), devAccount(4)];
const lower = (account: typeof alice) => account.address.toLowerCase() as `0x${string}`;
const pool = openMarket();
const opinion = announceMarket();
const hidden = announceMarket({ revealSeconds: 3_600 });
let ledger: Ledger;
let app: App;
let cookies: Record<"alice" | "bob" | "carol", string>;

beforeAll(async () => {
  ledger = await openLedger();
  app = await appOf(ledger, { COMMENTS_PER_DAY: "12" });
  await ledger.block([
    ...pool.logs,
    ...opinion.logs,
    ...hidden.logs,
    staked(pool.id, lower(alice), 1, 70n),
    staked(pool.id, lower(alice), 0, 30n),
    opined(opinion.id, lower(alice), 15, 200),
    emitted.opinions("Hidden", {
      market: hidden.id,
      owner: lower(alice),
      commitment: hash(1),
      sealed_: "0x",
    }),
    opined(hidden.id, lower(alice), 31, 300),
  ]);
  const [a = "", b = "", c = ""] = await Promise.all(
    [alice, bob, carol].map((each) => cookieOf(app, each, HUB)),
  );
  cookies = { alice: a, bob: b, carol: c };
});
afterAll(async () => {
  await app.close();
  await ledger.close();
});
beforeEach(async () => {
  await sql`truncate markets.comments, markets.reactions`.execute(ledger.store.db);
});

type Who = keyof typeof cookies | null;
async function ask(method: "GET" | "POST" | "PUT" | "DELETE", url: string, who: Who, payload?: object) {
  const cookie = who === null ? {} : { cookie: cookies[who] };
  const reply = await app.inject({ method, url, payload, headers: { ...PAGE, ...cookie } });
  const body = JSON.parse(reply.body) as { error?: { code: string } };
  return { status: reply.statusCode, body, code: body.error?.code, headers: reply.headers };
}
async function say(who: Who, text: string, o: { market?: string; parent?: string } = {}) {
  const { market = pool.id, parent = null } = o;
  const { status, code, body } = await ask("POST", "/v1/comments", who, { market, parent, text });
  // Whoever says many things says them at different times.
  ledger.head.timestamp += 60;
  return status === 201 ? wireComment.parse(body) : { status, code, id: "" };
}
const threads = async (who: Who = null, market = pool.id, query = ""): Promise<z.infer<typeof threadPage>> =>
  threadPage.parse((await ask("GET", `/v1/comments?market=${market}${query}`, who)).body);
const codeOf = async (asked: ReturnType<typeof ask>) => {
  const { status, code } = await asked;
  return code ?? status;
};

test("whoever is signed in says something, and everybody reads it with what is at stake for him now", async () => {
  await say("alice", "  I hold both sides.\n<b>Really</b> ");
  await say("bob", "I hold none.");
  const page = await threads();
  expect(page.items.map(({ author, text, stakes }) => [author, text, stakes])).toEqual([
    [lower(bob), "I hold none.", []],
    [
      lower(alice),
      "I hold both sides.\n<b>Really</b>",
      [
        { amount: "70", on: "Yes" },
        { amount: "30", on: "No" },
      ],
    ],
  ]);
  expect([page.total, page.next]).toEqual([2, null]);
  await ledger.block([staked(pool.id, lower(bob), 0, 5n)]);
  expect((await threads()).items[0]?.stakes).toEqual([{ amount: "5", on: "No" }]);
  await say("alice", "Three quarters.", { market: opinion.id });
  await say("alice", "That would be telling.", { market: hidden.id });
  const told = async (market: string) => (await threads(null, market as `0x${string}`)).items[0]?.stakes;
  expect(await told(opinion.id)).toEqual([{ amount: "200", on: "75" }]);
  expect(await told(hidden.id)).toEqual([{ amount: "300", on: null }]);
});

test("nobody writes without a session, from another site, or below nothing", async () => {
  expect(await say(null, "hello")).toMatchObject({ code: "session.not_signed_in" });
  for (const headers of [
    { ...PAGE, origin: "http://evil.example" },
    { ...PAGE, "sec-fetch-site": "cross-site" },
    { host: PAGE.host },
  ]) {
    const payload = { market: pool.id, parent: null, text: "in your name" };
    const reply = await app.inject({
      method: "POST",
      url: "/v1/comments",
      payload,
      headers: { ...headers, cookie: cookies.alice },
    });
    expect([reply.statusCode, reply.body]).toEqual([403, expect.stringContaining("session.cross_site")]);
  }
  expect(await say("alice", "hello", { market: hash(5) })).toMatchObject({ code: "comments.unknown_market" });
  expect(await codeOf(ask("GET", `/v1/comments?market=${hash(5)}`, null))).toBe("comments.unknown_market");
  expect((await threads()).items).toEqual([]);
});

test("replies hang on a thread, one level deep, below the same market", async () => {
  const { id } = await say("alice", "A thread");
  const { id: reply } = await say("bob", "A reply", { parent: id });
  expect(await say("carol", "A reply to a reply", { parent: reply })).toMatchObject({
    code: "comments.too_deep",
  });
  expect(await say("carol", "Elsewhere", { parent: id, market: opinion.id })).toMatchObject({
    code: "comments.other_market",
  });
  expect(await say("carol", "To nothing", { parent: "999999999999999" })).toMatchObject({
    code: "comments.unknown",
  });
  for (let count = 2; count <= 5; count += 1) await say("bob", `Reply ${count}`, { parent: id });
  const thread = at((await threads()).items, 0);
  expect([thread.replies, thread.first.map(({ text }) => text)]).toEqual([
    5,
    ["A reply", "Reply 2", "Reply 3"],
  ]);
  const get = async (query: string) =>
    replyPage.parse((await ask("GET", `/v1/comments/${id}/replies?${query}`, null)).body);
  const first = await get("limit=2");
  const rest = await get(`limit=10&cursor=${first.next}`);
  expect([...first.items, ...rest.items].map(({ text }) => text)).toEqual([
    "A reply",
    "Reply 2",
    "Reply 3",
    "Reply 4",
    "Reply 5",
  ]);
  expect(rest.next).toBe(null);
});

test("threads come a page at a time, and new ones shift nothing", async () => {
  for (const text of ["one", "two", "three", "four"]) await say("alice", text);
  const first = await threads(null, pool.id, "&limit=2");
  await say("bob", "five");
  const rest = await threads(null, pool.id, `&limit=2&cursor=${first.next}`);
  expect([...first.items, ...rest.items].map(({ text }) => text)).toEqual(["four", "three", "two", "one"]);
  expect(await codeOf(ask("GET", `/v1/comments?market=${pool.id}&cursor=x`, null))).toBe(
    "markets.bad_cursor",
  );
});

test("a text is kept as it was written; one that is not what it looks like is refused", async () => {
  const tried = [
    "<script>alert(1)</script>",
    "'); drop table markets.comments; --",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)} %3Cscript%3E",
  ];
  for (const text of tried) await say("alice", text);
  expect((await threads()).items.map(({ text }) => text)).toEqual(tried.toReversed());
  const refused: [string, string][] = [
    ["", "http.bad_request"],
    ["   \n ", "comments.bad_text"],
    ["\u200B\u2060", "comments.bad_text"],
    ["Send all to \u202Ecibara\u202C", "http.bad_request"],
    ["\u2066hidden\u2069", "http.bad_request"],
    ["bell \u0007", "http.bad_request"],
    ["nul \u0000", "http.bad_request"],
    ["x".repeat(5_001), "http.bad_request"],
    [`Z${"\u0351".repeat(20)}`, "comments.bad_text"],
  ];
  for (const [text, code] of refused) expect([text, await say("bob", text)]).toMatchObject([text, { code }]);
});

test("who said it takes it back, and nobody else; what hangs on it stays", async () => {
  const { id } = await say("alice", "Regrettable");
  await say("bob", "Why?", { parent: id });
  await ask("PUT", `/v1/comments/${id}/reactions/disagree`, "bob");
  expect(await codeOf(ask("DELETE", `/v1/comments/${id}`, "bob"))).toBe("comments.not_yours");
  expect(await codeOf(ask("DELETE", `/v1/comments/${id}`, null))).toBe("session.not_signed_in");
  expect((await ask("DELETE", `/v1/comments/${id}`, "alice")).status).toBe(200);
  expect((await ask("DELETE", `/v1/comments/${id}`, "alice")).status).toBe(200);
  const { items, total } = await threads();
  expect(items).toMatchObject([
    {
      text: null,
      stakes: [],
      gone: { by: "author", why: null },
      reactions: { disagree: 0 },
      first: [{ text: "Why?" }],
    },
  ]);
  expect(total).toBe(1);
  const { rows } = await sql<{ text: string }>`select c::text as text from markets.comments c`.execute(
    ledger.store.db,
  );
  expect(rows.map(({ text }) => text).join("\n")).not.toContain("Regrettable");
  expect(await say("carol", "Too late", { parent: id })).toMatchObject({ code: "comments.gone" });
  expect(await codeOf(ask("PUT", `/v1/comments/${id}/reactions/agree`, "carol"))).toBe("comments.gone");
  expect(await codeOf(ask("DELETE", "/v1/comments/0", "alice"))).toBe("http.bad_request");
  expect(await codeOf(ask("DELETE", "/v1/comments/999999999999999", "alice"))).toBe("comments.unknown");
});

test("an operator hides a comment for a reason that all read, and may show it again", async () => {
  const { id } = await say("alice", "The home address of my neighbour is …");
  await hideComment(ledger.store, id, "somebody's address");
  expect((await threads("alice")).items).toMatchObject([
    { text: null, gone: { by: "operator", why: "somebody's address" } },
  ]);
  expect((await threads()).total).toBe(0);
  expect(await codeOf(ask("PUT", `/v1/comments/${id}/reactions/agree`, "bob"))).toBe("comments.gone");
  await hideComment(ledger.store, id, null);
  expect((await threads()).items).toMatchObject([
    { text: "The home address of my neighbour is …", gone: null },
  ]);
  await ask("DELETE", `/v1/comments/${id}`, "alice");
  await expect(hideComment(ledger.store, id, "again")).rejects.toMatchObject({ code: "comments.gone" });
  await expect(hideComment(ledger.store, "77777777", "no")).rejects.toMatchObject({
    code: "comments.unknown",
  });
});

test("people react once of each kind, never to themselves, and take it back", async () => {
  const { id } = await say("alice", "Agree with me");
  const at = (kind: string) => `/v1/comments/${id}/reactions/${kind}`;
  await Promise.all(Array.from({ length: 5 }, () => ask("PUT", at("agree"), "bob")));
  await ask("PUT", at("insightful"), "bob");
  const { body } = await ask("PUT", at("agree"), "carol");
  expect(wireReacted.parse(body)).toEqual({
    id,
    reactions: { agree: 2, disagree: 0, insightful: 1 },
    own: ["agree"],
  });
  expect((await threads("bob")).items[0]?.own).toEqual(["agree", "insightful"]);
  expect((await threads()).items[0]?.own).toEqual([]);
  expect(await codeOf(ask("PUT", at("agree"), "alice"))).toBe("comments.own");
  expect(await codeOf(ask("PUT", at("agree"), null))).toBe("session.not_signed_in");
  expect(await codeOf(ask("PUT", at("love"), "bob"))).toBe("http.bad_request");
  await ask("DELETE", at("agree"), "bob");
  await ask("DELETE", at("agree"), "bob");
  expect((await threads("bob")).items[0]).toMatchObject({ reactions: { agree: 1 }, own: ["insightful"] });
  const shared = await ask("GET", `/v1/comments?market=${pool.id}`, "bob");
  expect([shared.headers["cache-control"], shared.headers["vary"]]).toEqual(["private, no-cache", "cookie"]);
});

test("nobody floods: not with the same, not at once, not in a day", async () => {
  await say("alice", "Buy my coin");
  expect(await say("alice", "Buy my coin")).toMatchObject({ code: "comments.repeated" });
  const post = (n: number, who: Who = "bob") =>
    codeOf(ask("POST", "/v1/comments", who, { market: pool.id, parent: null, text: `no ${n}` }));
  const burst = await Promise.all(Array.from({ length: 10 }, (_, n) => post(n)));
  expect(burst.filter((code) => code === 201)).toHaveLength(6);
  expect(burst.filter((code) => code === "comments.too_many")).toHaveLength(4);
  ledger.head.timestamp += 61;
  const later = await Promise.all(Array.from({ length: 6 }, (_, n) => post(n + 20)));
  expect(later).toEqual(Array<number>(6).fill(201));
  ledger.head.timestamp += 61;
  const refused = await ask("POST", "/v1/comments", "bob", {
    market: opinion.id,
    parent: null,
    text: "more",
  });
  expect([refused.code, refused.headers["retry-after"]]).toEqual(["comments.too_many", "3600"]);
  expect(await post(99, "carol")).toBe(201);
});

test("below one market is no more said than it bears", async () => {
  await sql`insert into markets.comments (market, author, text, at)
    select ${pool.id}, 'x' || n, 'x', ${ledger.head.timestamp} from generate_series(1, 2000) n`.execute(
    ledger.store.db,
  );
  expect(await say("alice", "one more")).toMatchObject({ code: "comments.market_busy" });
  expect(await say("alice", "elsewhere", { market: opinion.id })).toMatchObject({ text: "elsewhere" });
});

test("whoever looks is told that something was said", async () => {
  const stop = new AbortController();
  const seen: LiveEvent[] = [];
  const listening = listenLive(ledger.store, (event) => seen.push(event), stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await listening;
  });
  await expect
    .poll(async () => {
      await say("alice", `Listen ${Math.random()}`, { market: opinion.id });
      return seen.some(({ topic, id }) => topic === "comment" && id === opinion.id);
    })
    .toBe(true);
});
