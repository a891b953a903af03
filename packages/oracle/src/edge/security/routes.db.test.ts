import type { UnixSeconds } from "@sooth/kernel";
import { type App, createApp, logger } from "@sooth/runtime";
import { sql, type Store } from "@sooth/store";
import { keccak256, type LocalAccount, stringToHex } from "viem";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { oracleStore } from "../../../test/database.ts";
import {
  addresses,
  answer,
  ask,
  asked,
  boolSchema,
  CHAIN_ID,
  clock,
  joinAll,
  OPENS,
  seatOf,
  stranger,
} from "../../../test/people.ts";
import { evidenceHash, evidenceText, evidenceTypedData, type SecurityEvent } from "../../core/index.ts";
import { apiCallers, serverTime } from "../gateway/callers.ts";
import { gatewayConfig } from "../gateway/config.ts";
import { createKey } from "../gateway/keys.ts";
import { oracleRoutes } from "../routes.ts";
import { openEvents } from "./events.ts";

let store: Store;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());
const question = asked(boolSchema());
beforeEach(async () => {
  await sql`truncate oracle.questions, oracle.providers, oracle.signers, oracle.epochs, oracle.seats, oracle.rosters,
    oracle.stake_moves, oracle.api_keys, oracle.security_evidence, oracle.security_events, oracle.security_steps`.execute(
    store.db,
  );
});

const event = (over: Partial<SecurityEvent> = {}): SecurityEvent => ({
  rule: "stake-churn",
  severity: 3,
  subject: "domain 0 epoch 9",
  evidence: { moved: "200", totalStake: "1000" },
  at: OPENS as UnixSeconds,
  ...over,
});
const open = (...events: SecurityEvent[]) =>
  store.transaction((tx) =>
    openEvents(
      tx,
      CHAIN_ID,
      events.map((each) => ({ event: each })),
    ),
  );

async function server(now = OPENS): Promise<App> {
  const log = logger("test");
  const config = gatewayConfig.parse({ GATEWAY_ANONYMOUS_BURST: "1000" });
  const app = await createApp({
    log,
    version: "0",
    rateLimit: { max: 1000, windowSeconds: 60 },
    callers: apiCallers(store, config),
  });
  const deps = { store, hub: clock(now).chain, addresses, log, watchers: [] };
  oracleRoutes(app, {
    ...deps,
    config: { ORACLE_MIN_PROVIDERS: 4, ORACLE_MIN_REWARD: 0n, ORACLE_RESOLVE_DEPOSIT: 0n },
  });
  await app.ready();
  onTestFinished(async () => {
    await app.close();
  });
  return app;
}
const keyFor = async (scopes: readonly ("read" | "admin")[]) =>
  (await createKey(store.db, { owner: null, name: "ann", scopes }, serverTime())).text;

test("events are listed latest first, page by page, with proof that hashes to its name", async () => {
  const app = await server();
  await open(
    event(),
    event({ subject: "domain 1 epoch 2", severity: 5 }),
    event({ subject: "domain 2 epoch 4" }),
  );
  const list = async (query: string) => (await app.inject(`/v1/security/events?${query}`)).json();
  const first = await list("limit=2");
  expect(first.items.map(({ subject }: { subject: string }) => subject)).toEqual([
    "domain 2 epoch 4",
    "domain 1 epoch 2",
  ]);
  const second = await list(`limit=2&cursor=${first.next}`);
  expect(second).toMatchObject({
    items: [
      {
        subject: "domain 0 epoch 9",
        summary: "200 of 1000 stake moved within six hours before domain 0 epoch 9",
        state: "open",
        note: null,
      },
    ],
    next: null,
  });
  expect((await list("severity=5")).items).toHaveLength(1);
  expect((await list("state=closed")).items).toEqual([]);
  const { evidence } = second.items[0];
  const body = await app.inject(`/v1/evidence/${evidence}`);
  expect(keccak256(stringToHex(body.body))).toBe(evidence);
  expect(JSON.parse(body.body)).toMatchObject({ chainId: CHAIN_ID, rule: "stake-churn", severity: 3 });
});

test("what lasts is told once, what becomes worse again, and what was closed is quiet for a day", async () => {
  expect(await open(event())).toHaveLength(1);
  expect(await open(event({ evidence: { moved: "210", totalStake: "1000" } }))).toEqual([]);
  const worse = event({ severity: 4, evidence: { moved: "400", totalStake: "1000" } });
  expect(await Promise.all([open(worse), open(worse)])).toEqual(
    expect.arrayContaining([[expect.any(String)], []]),
  );
  await sql`update oracle.security_events set state = 'closed'`.execute(store.db);
  const again = (after: number) =>
    event({ evidence: { moved: "300", totalStake: "1000" }, at: (OPENS + after) as UnixSeconds });
  expect(await open(again(86_399))).toEqual([]);
  expect(await open(again(86_400))).toHaveLength(1);
});

test("an operator's key takes an event through its life; no other key does, and nobody without a word", async () => {
  const app = await server();
  const [id] = await open(event());
  const move = async (key: string | null, payload: object) =>
    app.inject({
      method: "POST",
      url: `/v1/security/events/${id}`,
      headers: key === null ? {} : { authorization: `Bearer ${key}` },
      payload,
    });
  const admin = await keyFor(["read", "admin"]);
  const triage = { to: "triaged", why: "asked the provider" };
  expect((await move(null, triage)).statusCode).toBe(403);
  expect((await move(await keyFor(["read"]), triage)).statusCode).toBe(403);
  expect((await move(admin, { to: "triaged", why: "" })).statusCode).toBe(400);
  expect((await move(admin, { to: "triaged", why: "  " })).json()).toMatchObject({
    error: { code: "oracle.event_without_reason" },
  });
  const moved = (await move(admin, triage)).json();
  expect(moved.state).toBe("triaged");
  expect(moved.note).toMatch(/^key:[0-9a-f]{12}: asked the provider$/);
  expect((await move(admin, { to: "open", why: "no" })).json()).toMatchObject({
    error: { code: "oracle.event_not_movable" },
  });
  expect((await move(admin, { to: "closed", why: "he rebalanced" })).json()).toMatchObject({
    state: "closed",
  });
  const unknown = await app.inject({
    method: "POST",
    url: `/v1/security/events/0x${"00".repeat(32)}`,
    headers: { authorization: `Bearer ${admin}` },
    payload: triage,
  });
  expect(unknown.json()).toMatchObject({ error: { code: "oracle.unknown_event" } });
});

/** What a watcher hands over that read `value`. */
async function finding(account: LocalAccount, value: bigint, over: { round?: number } = {}) {
  const { round = 0 } = over;
  const evidence = evidenceText({
    version: 1,
    chainId: CHAIN_ID,
    question: question.id,
    round,
    provider: account.address.toLowerCase(),
    value: String(value),
    reason: "read it",
    sources: [],
  });
  const domain = { chainId: CHAIN_ID, oracle: addresses.oracle };
  const claim = { question: question.id, round, hash: evidenceHash(evidence) };
  return { evidence, signature: await account.signTypedData(evidenceTypedData(domain, claim)) };
}

test("a watcher's finding becomes an event, judged here, whose evidence is what he signed", async () => {
  await joinAll(store.db);
  await ask(store.db, question);
  await answer(store.db, question, { value: 1n, finalizeAt: OPENS + 200 });
  const app = await server(OPENS + 100);
  const tell = async (payload: object) =>
    (await app.inject({ method: "POST", url: "/v1/security/findings", payload })).json();
  const told = await tell(await finding(seatOf(0), 0n));
  expect(told).toMatchObject({ news: true });
  expect(await tell(await finding(seatOf(0), 0n))).toEqual({ event: told.event, news: false });
  const { items } = (await app.inject("/v1/security/events")).json();
  expect(items).toMatchObject([
    {
      id: told.event,
      rule: "watcher",
      severity: 5,
      subject: question.id,
      summary: "a watcher reads 0 where the answer is 1",
    },
  ]);
  expect((await app.inject(`/v1/evidence/${items[0].evidence}`)).body).toBe(
    (await finding(seatOf(0), 0n)).evidence,
  );

  const codes = await Promise.all([
    tell(await finding(stranger, 0n)),
    tell({ ...(await finding(stranger, 0n)), signature: (await finding(seatOf(0), 0n)).signature }),
    tell(await finding(seatOf(1), 1n)),
    tell(await finding(seatOf(1), 0n, { round: 1 })),
  ]);
  expect(codes.map(({ error }) => error.code)).toEqual([
    "oracle.unknown_watcher",
    "oracle.bad_evidence",
    "oracle.no_contradiction",
    // Of a round that may have been opened by now, in a block that was not followed yet.
    "oracle.answer_not_followed",
  ]);
});

test("a watcher that is ahead of this server's follower is told to come again, and then taken", async () => {
  await joinAll(store.db);
  await ask(store.db, question);
  const app = await server(OPENS + 100);
  const payload = await finding(seatOf(0), 0n);
  const tell = () => app.inject({ method: "POST", url: "/v1/security/findings", payload });
  const early = await tell();
  expect(early.statusCode).toBe(503);
  expect(early.json()).toMatchObject({ error: { code: "oracle.answer_not_followed" } });
  await answer(store.db, question, { value: 1n, finalizeAt: OPENS + 200 });
  expect((await tell()).json()).toMatchObject({ news: true });
});

test("a finding about an earlier round is stale", async () => {
  await joinAll(store.db);
  await ask(store.db, question);
  await answer(store.db, question, { value: 1n, finalizeAt: OPENS + 200, round: 1 });
  const app = await server(OPENS + 100);
  const payload = await finding(seatOf(0), 0n);
  const response = await app.inject({ method: "POST", url: "/v1/security/findings", payload });
  expect(response.json()).toMatchObject({ error: { code: "oracle.stale_round" } });
});

test("nothing is taken against an answer that is final", async () => {
  await joinAll(store.db);
  await ask(store.db, question);
  await answer(store.db, question, { value: 1n, finalizeAt: OPENS + 200 });
  const app = await server(OPENS + 200);
  const payload = await finding(seatOf(0), 0n);
  const response = await app.inject({ method: "POST", url: "/v1/security/findings", payload });
  expect(response.json()).toMatchObject({ error: { code: "oracle.no_contradiction" } });
});

const records = async (app: App) => (await app.inject("/v1/watchers")).json();

test("a watcher's record is what became of what it said", async () => {
  await joinAll(store.db);
  await ask(store.db, question);
  await answer(store.db, question, { value: 1n, finalizeAt: OPENS + 200 });
  const before = await server(OPENS + 100);
  const payload = await finding(seatOf(0), 0n);
  await before.inject({ method: "POST", url: "/v1/security/findings", payload });
  const watcher = seatOf(0).address.toLowerCase();
  const said = { watcher, firstAt: OPENS + 100, findings: 1, borneOut: 0, neither: 0, overturned: 0 };
  expect(await records(before)).toEqual({ items: [{ ...said, open: 1, refuted: 0, catchBps: null }] });
  // Nobody objected, and the answer stands.
  const after = await server(OPENS + 200);
  expect(await records(after)).toEqual({ items: [{ ...said, open: 0, refuted: 1, catchBps: null }] });
});
