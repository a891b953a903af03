import { devAccount } from "@sooth/chain/local-node";
import type { App } from "@sooth/runtime";
import { sql } from "@sooth/store";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
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
import { appOf, cookieOf, PAGE } from "../../../test/signed-in.ts";
import { type Notification, notificationPage, wireComment, wireReadMark } from "../../core/index.ts";

const HUB = 31_337;
const [alice, bob] = [devAccount(2), devAccount(3)];
const lower = (account: typeof alice) => account.address.toLowerCase() as `0x${string}`;
/** Who asks every question of the test ledger. */
const ASKER = person(900);
let ledger: Ledger;
let app: App;
let cookies: Record<"alice" | "bob", string>;
const moment = (after: number) => START + after;

beforeAll(async () => {
  ledger = await openLedger();
  app = await appOf(ledger, { COMMENTS_PER_MINUTE: "100" });
  const [a = "", b = ""] = await Promise.all([alice, bob].map((each) => cookieOf(app, each, HUB)));
  cookies = { alice: a, bob: b };
});
afterAll(async () => {
  await app.close();
  await ledger.close();
});
// What one test leaves in the tables of the chain stays: each has markets of its own, at a time of its own.
beforeEach(async () => {
  await sql`truncate markets.read_marks, markets.comments, markets.positions, markets.opinions, markets.activity,
    markets.opinion_activity`.execute(ledger.store.db);
});

type Who = keyof typeof cookies | null;
async function ask(method: "GET" | "PUT" | "POST", url: string, who: Who, payload?: object) {
  const cookie = who === null ? {} : { cookie: cookies[who] };
  const reply = await app.inject({ method, url, payload, headers: { ...PAGE, ...cookie } });
  return { status: reply.statusCode, text: reply.body, headers: reply.headers };
}
const codeOf = async (asked: ReturnType<typeof ask>) => /"code":"([^"]+)"/.exec((await asked).text)?.[1];
const page = async (who: Who, query = "") =>
  notificationPage.parse(JSON.parse((await ask("GET", `/v1/notifications?${query}`, who)).text));
const news = async (wallet: string): Promise<Notification[]> => (await page(null, `wallet=${wallet}`)).items;
const kinds = async (wallet: string) => (await news(wallet)).map(({ kind, label }) => [kind, label]);

test("a staker hears of closing, answer, end and payment, each when it is so and not before", async () => {
  const market = openMarket({ closesAt: moment(100) });
  const other = openMarket({ closesAt: moment(50) });
  await ledger.block([...market.logs, ...other.logs, staked(market.id, lower(alice), 1, 50n)], moment(10));
  expect(await news(lower(alice))).toEqual([]);
  ledger.head.timestamp = moment(100);
  expect(await news(lower(alice))).toMatchObject([
    { kind: "closed", at: moment(100), market: market.id, opinion: false, title: "Will it rain tomorrow?" },
  ]);
  await ledger.block([answered(market.questionId, 1n, moment(200))], moment(110));
  expect(await kinds(lower(alice))).toEqual([
    ["answered", "Yes"],
    ["closed", null],
  ]);
  ledger.head.timestamp = moment(200);
  await ledger.block([claimed(market.id, lower(alice), 1, 50n, 49n)], moment(210));
  const told = await news(lower(alice));
  expect(told.map(({ kind, label, amount, at }) => [kind, label, amount, at])).toEqual([
    ["paid", "Yes", "49", moment(210)],
    ["settled", "Yes", null, moment(200)],
    ["answered", "Yes", null, moment(110)],
    ["closed", null, null, moment(100)],
  ]);
  expect(await news(lower(bob))).toEqual([]);
});

test("an objection, another round and a void market are told; who asked hears of his question as his", async () => {
  const market = openMarket({ closesAt: moment(1_100) });
  await ledger.block([...market.logs, staked(market.id, lower(alice), 0, 5n)], moment(1_010));
  await ledger.block([answered(market.questionId, 1n, moment(1_500))], moment(1_120));
  const { args } = answered(market.questionId, 1n, moment(1_500));
  await ledger.block(
    [
      emitted.oracle("Disputed", {
        question: market.questionId,
        disputer: lower(bob),
        answer: (args as { word: bigint }).word,
        claim: 0n,
        deposit: 250n,
        reason: hash(0),
      }),
    ],
    moment(1_130),
  );
  await ledger.block(
    [
      emitted.oracle("Reopened", {
        question: market.questionId,
        round: 1,
        epoch: 1,
        notBefore: moment(1_200),
        seats: 7n,
        signatures: "0x12",
      }),
    ],
    moment(1_140),
  );
  // While it is disputed the market has no end, and the answer that stood is not told as one.
  expect(await kinds(lower(alice))).toEqual([
    ["reopened", null],
    ["disputed", null],
    ["closed", null],
  ]);
  const own = (await news(ASKER)).filter(({ question }) => question === market.questionId);
  expect(own.map(({ kind, event }) => [kind, event])).toEqual([
    ["question", "reopened"],
    ["question", "disputed"],
  ]);
  const never = openMarket({ closesAt: moment(2_100) });
  await ledger.block([...never.logs, staked(never.id, lower(bob), 0, 5n)], moment(2_010));
  ledger.head.timestamp = moment(3_200);
  expect(await kinds(lower(bob))).toEqual([
    ["void", null],
    ["closed", null],
  ]);
});

test("opinion markets tell the same of themselves", async () => {
  const [scored, gone] = [
    announceMarket({ closesAt: moment(4_000) }),
    announceMarket({ closesAt: moment(4_000), text: "Zoos should be closed" }),
  ];
  await ledger.block(
    [
      ...scored.logs,
      ...gone.logs,
      opined(scored.id, lower(alice), 3, 100),
      opined(gone.id, lower(alice), 3, 100),
    ],
    moment(3_500),
  );
  await ledger.block(
    [
      emitted.opinions("Voided", { market: gone.id, why: "confidence" }),
      emitted.opinions("Scored", {
        market: scored.id,
        score: 62,
        confidence: 9_000,
        total: 100n,
        count: 1n,
        round: 0n,
      }),
    ],
    moment(4_100),
  );
  await ledger.block(
    [emitted.opinions("Claimed", { market: gone.id, owner: lower(alice), paid: 100n })],
    moment(4_200),
  );
  const told = await news(lower(alice));
  expect(told.every(({ opinion }) => opinion)).toBe(true);
  expect(told.map(({ kind, label, amount, title }) => [kind, label, amount, title.slice(0, 4)])).toEqual([
    ["paid", null, "100", "Zoos"],
    ...[
      ["settled", "62", null, "Citi"],
      ["void", null, null, "Zoos"],
    ].toSorted(byId([scored.id, gone.id])),
    ...[
      ["closed", null, null, "Citi"],
      ["closed", null, null, "Zoos"],
    ].toSorted(byId([scored.id, gone.id])),
  ]);
});
/** Of the same moment the greater id comes first; the first of a pair is of the first id. */
const byId = ([first, second]: [string, string]) => {
  const sign = first > second ? 1 : -1;
  return (a: unknown[], b: unknown[]) => sign * (a.at(-1) === b.at(-1) ? 0 : a.at(-1) === "Citi" ? -1 : 1);
};

test("replies are told to whoever began the thread, while they stand", async () => {
  const market = openMarket({ closesAt: moment(90_000) });
  await ledger.block([...market.logs], moment(5_000));
  const say = async (who: Who, text: string, parent: string | null = null) => {
    const { text: body } = await ask("POST", "/v1/comments", who, { market: market.id, parent, text });
    return wireComment.parse(JSON.parse(body)).id;
  };
  const thread = await say("alice", "A thread");
  await say("alice", "Mine", thread);
  const reply = await say("bob", "A reply", thread);
  expect(await news(lower(alice))).toMatchObject([
    { kind: "reply", who: lower(bob), comment: reply, market: market.id, title: "Will it rain tomorrow?" },
  ]);
  expect(await news(lower(bob))).toEqual([]);
  await sql`update markets.comments set hidden_why = 'x' where id = ${reply}::bigint`.execute(
    ledger.store.db,
  );
  expect(await news(lower(alice))).toEqual([]);
});

test("what is read, and what is not wanted, a wallet alone says and hears", async () => {
  const all = [1, 2, 3].map((n) => openMarket({ closesAt: moment(6_000 + n * 10) }));
  await ledger.block(
    all.flatMap((market) => [...market.logs, staked(market.id, lower(alice), 0, 5n)]),
    moment(5_500),
  );
  ledger.head.timestamp = moment(6_025);
  expect(await page("alice")).toMatchObject({ unread: 2, until: 0, off: [] });
  expect(await page(null, `wallet=${lower(alice)}`)).toMatchObject({ unread: null, until: null, off: null });
  expect(await page("bob", `wallet=${lower(alice)}`)).toMatchObject({ unread: null, items: [{}, {}] });
  const read = async (until: number, who: Who = "alice") =>
    wireReadMark.parse(JSON.parse((await ask("PUT", "/v1/notifications/read", who, { until })).text)).until;
  expect(await read(moment(6_010))).toBe(moment(6_010));
  expect((await page("alice")).unread).toBe(1);
  // Never back, and never ahead of the clock.
  expect(await read(moment(6_000))).toBe(moment(6_010));
  expect(await read(moment(99_999))).toBe(moment(6_025));
  ledger.head.timestamp = moment(6_035);
  expect((await page("alice")).unread).toBe(1);
  expect((await page("bob")).unread).toBe(0);
  const { text } = await ask("PUT", "/v1/notifications/kinds", "alice", {
    off: ["closed", "closed", "reply"],
  });
  expect(wireReadMark.parse(JSON.parse(text)).off).toEqual(["closed", "reply"]);
  expect(await page("alice")).toMatchObject({ unread: 0, items: [], off: ["closed", "reply"] });
  expect(await news(lower(alice))).toHaveLength(3);
  expect(await codeOf(ask("PUT", "/v1/notifications/read", null, { until: 5 }))).toBe(
    "session.not_signed_in",
  );
  expect(await codeOf(ask("PUT", "/v1/notifications/kinds", "alice", { off: ["all"] }))).toBe(
    "http.bad_request",
  );
  expect(await codeOf(ask("GET", "/v1/notifications", null))).toBe("session.not_signed_in");
  const { headers } = await ask("GET", "/v1/notifications", "alice");
  expect([headers["cache-control"], headers["vary"]]).toEqual(["private, no-cache", "cookie"]);
  const foreign = await app.inject({
    method: "PUT",
    url: "/v1/notifications/read",
    headers: { ...PAGE, origin: "http://evil.example", cookie: cookies.alice },
    payload: { until: 5 },
  });
  expect(foreign.statusCode).toBe(403);
});

test("pages go on where they ended, also among things of one moment", async () => {
  const all = Array.from({ length: 7 }, () => openMarket({ closesAt: moment(7_000) }));
  await ledger.block(
    all.flatMap((market) => [...market.logs, staked(market.id, lower(bob), 0, 5n)]),
    moment(6_500),
  );
  await ledger.block(
    all.slice(0, 3).map((market) => answered(market.questionId, 0n, moment(7_500))),
    moment(7_000),
  );
  ledger.head.timestamp = moment(7_001);
  const whole = (await page(null, `wallet=${lower(bob)}&limit=100`)).items.map(({ id }) => id);
  expect(new Set(whole).size).toBe(10);
  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const next: Awaited<ReturnType<typeof page>> = await page(
      null,
      `wallet=${lower(bob)}&limit=3${cursor === "" ? "" : `&cursor=${cursor}`}`,
    );
    seen.push(...next.items.map(({ id }) => id));
    cursor = next.next;
  }
  expect(seen).toEqual(whole);
  expect(await codeOf(ask("GET", `/v1/notifications?wallet=${lower(bob)}&cursor=x`, null))).toBe(
    "markets.bad_cursor",
  );
});

test("a wallet's bundles are told of among the rest, and each kind is left out that is not wanted", async () => {
  const bundle = `0x${"1b".repeat(32)}`;
  const leg = {
    kind: "escrow",
    chainId: HUB,
    target: addresses.collateral,
    value: "75",
    data: `0x${"0".repeat(24)}${lower(bob).slice(2)}${"0".repeat(24)}${lower(alice).slice(2)}`,
  };
  await sql`insert into bundles.bundles (id, chain_id, owner, mode, legs, deadline, legs_hash, signed_fee, fee, salt, base, payloads,
      opened_at, opened_block, opened_log, opened_tx)
    values (${bundle}, ${HUB}, ${lower(alice)}, 'escrowed', 1, ${moment(9_500)}, ${bundle}, 0, 0, 0, 1,
      ${JSON.stringify([leg])}::jsonb, ${moment(9_000)}, 1, 0, ${bundle})`.execute(ledger.store.db);
  ledger.head.timestamp = moment(9_100);
  expect(await news(lower(bob))).toMatchObject([
    {
      kind: "turn",
      event: "pay",
      at: moment(9_000),
      bundle,
      title: "0x1b1b…1b1b",
      who: lower(alice),
      amount: "75",
    },
  ]);
  expect((await page("bob")).unread).toBe(1);
  await sql`update bundles.bundles set outcome = 'aborted', decided_at = ${moment(9_200)}`.execute(
    ledger.store.db,
  );
  ledger.head.timestamp = moment(9_200);
  expect(await news(lower(bob))).toEqual([]);
  expect(await news(lower(alice))).toMatchObject([
    { kind: "bundle", event: "refunded", who: null, amount: null },
  ]);
  await ask("PUT", "/v1/notifications/kinds", "alice", { off: ["bundle"] });
  expect(await page("alice")).toMatchObject({ unread: 0, items: [] });
  const { text } = await ask("GET", `/v1/wallets/${alice.address}/notifications.atom`, null);
  expect(text).toContain(`http://localhost:3000/bundles/${bundle}`);
  await sql`truncate bundles.bundles`.execute(ledger.store.db);
});

test("attack: of a private bundle nobody hears but the wallet that is signed in, in no page and no feed", async () => {
  const bundle = `0x${"2c".repeat(32)}`;
  await sql`insert into bundles.bundles (id, chain_id, owner, mode, legs, deadline, legs_hash, signed_fee, fee, salt, base,
      opened_at, opened_block, opened_log, opened_tx, outcome, decided_at)
    values (${bundle}, ${HUB}, ${lower(bob)}, 'ordered', 1, ${moment(9_500)}, ${bundle}, 0, 0, 0, 1,
      ${moment(9_300)}, 1, 0, ${bundle}, 'committed', ${moment(9_400)})`.execute(ledger.store.db);
  ledger.head.timestamp = moment(9_400);
  const wallet = `wallet=${lower(bob)}`;
  const own = { unread: 1, items: [{ kind: "bundle", event: "completed", bundle }] };
  expect(await page("bob")).toMatchObject(own);
  expect(await page("bob", wallet)).toMatchObject(own);
  for (const who of ["alice", null] as const) expect((await page(who, wallet)).items).toEqual([]);
  for (const who of ["bob", "alice", null] as const) {
    const { text, headers } = await ask("GET", `/v1/wallets/${bob.address}/notifications.atom`, who);
    expect(text).not.toContain(bundle);
    expect(headers["cache-control"]).toContain("public");
  }
  await sql`truncate bundles.bundles`.execute(ledger.store.db);
});

test("a reader of feeds hears the same, and runs nothing that a title says", async () => {
  const market = openMarket({ text: "<script>alert(1)</script> & so on?", closesAt: moment(8_000) });
  await ledger.block([...market.logs, staked(market.id, lower(alice), 0, 5n)], moment(7_900));
  ledger.head.timestamp = moment(8_000);
  const { headers, text } = await ask("GET", `/v1/wallets/${alice.address}/notifications.atom`, null);
  expect(headers["content-type"]).toBe("application/atom+xml; charset=utf-8");
  expect(text).toContain(`http://localhost:3000/markets/${market.id}`);
  expect(text).toContain("is closed for stakes");
  expect(text).not.toContain("<script>");
});
