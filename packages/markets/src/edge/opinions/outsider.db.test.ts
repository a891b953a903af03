import { type Chain, ChainError } from "@sooth/chain";
import { oracle } from "@sooth/oracle";
import { type App, configureLogs, createApp, logger } from "@sooth/runtime";
import { rows, sql } from "@sooth/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  addresses,
  answered,
  type Ledger,
  openLedger,
  openMarket,
  person,
  staked,
  START,
} from "../../../test/ledger.ts";
import { announceMarket, opined } from "../../../test/opinion-ledger.ts";
import { markets, marketsConfig } from "../../index.ts";

/**
 * Somebody who is nobody: no key, no session, no stake. In a market of before, one call of his settled it, with a score of his choice
 * and an invented pay-out.
 */
const log = logger("outsider-test");
const pool = openMarket({ closesAt: START + 100 });
const market = announceMarket({ closesAt: START + 100 });
let ledger: Ledger;
let app: App;
const writing: { method: string; url: string }[] = [];

/** What is only prepared for a wallet to sign asks the chain first; nobody needs one here. */
const away = () => Promise.reject(ChainError.rpc_unreachable({ chain: "the hub", tried: [] }));

beforeAll(async () => {
  ledger = await openLedger();
  app = await createApp({ log, version: "test", rateLimit: { max: 100_000, windowSeconds: 60 } });
  app.addHook("onRoute", ({ method, url }) => {
    for (const one of [method].flat())
      if (!["GET", "HEAD", "OPTIONS"].includes(one)) writing.push({ method: one, url });
  });
  const { store } = ledger;
  const hub = { ...ledger.hub, client: { readContract: away } } as unknown as Chain;
  configureLogs({ level: "silent" });
  const config = {
    ...marketsConfig.parse({}),
    ORACLE_MIN_PROVIDERS: 4,
    ORACLE_MIN_REWARD: 0n,
    ORACLE_RESOLVE_DEPOSIT: 0n,
    ORACLE_FEEDS: [],
  };
  oracle.routes(app, { store, hub, addresses, config, log });
  markets.routes(app, { store, hub, addresses, config, log });
  await app.ready();
  await ledger.block([
    ...pool.logs,
    ...market.logs,
    staked(pool.id, person(1), 0, 5_000n),
    staked(pool.id, person(2), 1, 7_000n),
    opined(market.id, person(1), 12, 600),
    opined(market.id, person(2), 4, 400),
  ]);
  // Closed, answered, and not final: the moment at which to settle otherwise would pay.
  await ledger.block([answered(market.terms.question, 6_000n, START + 1_000)], START + 200);
});
afterAll(async () => {
  configureLogs({ level: "info" });
  await app.close();
  await ledger.close();
});

/** All rows of all tables, as what they hash to: books, scores, questions, and what is to be sent. */
async function books(): Promise<Record<string, string>> {
  const tables = await rows<{ schema: string; name: string }>(
    ledger.store.db,
    sql`select table_schema as schema, table_name as name from information_schema.tables
      where table_schema in ('markets', 'oracle', 'chain') and table_type = 'BASE TABLE' order by 1, 2`,
  );
  const hashed = await Promise.all(
    tables.map(async ({ schema, name }) => {
      const [found] = await rows<{ all: string }>(
        ledger.store.db,
        sql`select md5(coalesce(string_agg(t::text, ' ' order by t::text), '')) as all
          from ${sql.table(`${schema}.${name}`)} t`,
      );
      return [`${schema}.${name}`, found?.all ?? ""] as const;
    }),
  );
  return Object.fromEntries(hashed);
}
const shown = async () =>
  Promise.all(
    [`/v1/opinion-markets/${market.id}`, `/v1/markets/${pool.id}`, `/v1/wallets/${person(1)}/opinions`].map(
      async (url) => JSON.parse((await app.inject({ method: "GET", url })).body) as unknown,
    ),
  );

/** All that he could hope somebody reads: what the market shall be, and that he is told to be somebody. */
const claims = {
  id: market.id,
  market: market.id,
  question: market.terms.question,
  state: "Settled",
  status: "settled",
  score: 99,
  value: "9900",
  crowd: 99,
  result: { score: 99, total: "1000" },
  payouts: [{ owner: person(9), paid: "1000" }],
  payout: "1000",
  winner: person(9),
  owner: person(9),
  signature: "pending",
  seed: `0x${"11".repeat(32)}`,
};
const send = (method: string, url: string) =>
  app.inject({
    method: method as "POST",
    url,
    headers: { "x-user": person(1), authorization: "Bearer admin", "content-type": "application/json" },
    payload: JSON.stringify(claims),
  });

test("no route that takes something lets an anonymous call settle a market, or write anything at all", async () => {
  expect(writing.length).toBeGreaterThan(25);
  const [before, said] = [await books(), await shown()];
  expect(Object.keys(before)).toEqual(expect.arrayContaining(["markets.opinion_markets", "chain.outbox"]));
  for (const { method, url } of writing) {
    const filled = url
      .replace(/:id\b|:market\b/, market.id)
      .replaceAll(/:(question|round|hash)\b/g, market.terms.question)
      .replaceAll(/:\w+/g, person(1));
    const { statusCode } = await send(method, filled);
    expect([method, url, statusCode >= 400]).toEqual([method, url, true]);
  }
  expect(await books()).toEqual(before);
  expect(await shown()).toEqual(said);
});

test.each(["settle", "score", "result", "close", "payout", "live-sentiment"])(
  "there is no way in by the name of %s",
  async (name) => {
    for (const base of ["/v1/opinion-markets", "/v1/markets", "/internal/markets", "/internal/v1/markets"])
      for (const [method, url] of [
        ["POST", `${base}/${market.id}/${name}`],
        ["PUT", `${base}/${market.id}/${name}`],
        ["PATCH", `${base}/${market.id}`],
        ["DELETE", `${base}/${market.id}`],
      ] as const)
        // 405: of a market one may read there.
        expect([404, 405]).toContain((await send(method, url)).statusCode);
    expect(await shown()).toMatchObject([
      { status: "judging", result: null },
      { status: expect.any(String) },
      {},
    ]);
  },
);
