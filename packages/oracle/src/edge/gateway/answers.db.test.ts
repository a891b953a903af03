import { createApp, type App, logger } from "@sooth/runtime";
import { sql, type Store } from "@sooth/store";
import { privateKeyToAccount } from "viem/accounts";
import { recoverTypedDataAddress } from "viem";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { oracleStore } from "../../../test/database.ts";
import {
  addresses,
  answer,
  ask,
  type Asked,
  asked,
  boolSchema,
  CHAIN_ID,
  clock,
  happen,
  joinAll,
  OPENS,
} from "../../../test/people.ts";
import { answerTypedData, type SignedAnswer } from "../../core/index.ts";
import { oracleRoutes } from "../routes.ts";
import { apiCallers } from "./callers.ts";
import { gatewayConfig } from "./config.ts";

let store: Store;
let drop: () => Promise<void>;
let app: App;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());

const gateway = privateKeyToAccount(`0x${"9a".repeat(32)}`);
const log = logger("test");
const question = asked(boolSchema());
const config = { ORACLE_MIN_PROVIDERS: 4, ORACLE_MIN_REWARD: 0n, ORACLE_RESOLVE_DEPOSIT: 0n };

/** The follower has read block `number`, whose time is this. */
async function head(number: number, time: number): Promise<void> {
  const hash = `0x${number.toString(16).padStart(64, "0")}`;
  await sql`insert into chain.blocks (chain_id, number, hash, parent, timestamp)
    values (${CHAIN_ID}, ${number}, ${hash}, '', ${time}) on conflict do nothing`.execute(store.db);
  await sql`insert into chain.cursors (chain_id, number, hash, undo_from) values (${CHAIN_ID}, ${number}, ${hash}, 0)
    on conflict (chain_id) do update set number = ${number}, hash = ${hash}`.execute(store.db);
}

async function serve(
  over: { gatewayKey?: typeof gateway; callers?: Record<string, string> } = {},
): Promise<App> {
  const callers = over.callers && apiCallers(store, gatewayConfig.parse(over.callers));
  const made = await createApp({ log, version: "0", callers });
  const { gatewayKey = gateway } = over;
  oracleRoutes(made, { store, hub: clock(OPENS).chain, addresses, config, log, gatewayKey });
  onTestFinished(() => made.close());
  return made;
}

beforeEach(async () => {
  await sql`truncate oracle.questions, oracle.reopenings, oracle.providers, oracle.signers, oracle.epochs, oracle.rosters,
    oracle.seats, oracle.reports, oracle.api_keys, chain.cursors, chain.blocks cascade`.execute(store.db);
  await joinAll(store.db);
  await ask(store.db, question);
  await head(10, OPENS + 10);
  app = await serve();
});

const get = async (held?: string, id = question.id) => {
  const headers = held === undefined ? {} : { "if-none-match": held };
  const response = await app.inject({ url: `/v1/oracle/answers/${id}`, headers });
  const tag = String(response.headers.etag);
  if (response.statusCode === 304) return { status: 304, tag, headers: response.headers };
  const body = response.json<Partial<SignedAnswer>>();
  return { status: response.statusCode, tag, headers: response.headers, ...body };
};
const reopen = (o: Asked, round: number, at: number) =>
  happen(store.db, "oracle", "Reopened", {
    at,
    question: o.id,
    round,
    epoch: 1,
    notBefore: OPENS + 20,
    seats: 7n,
    signatures: "0x",
  });

test("an answer is signed by the gateway's key, with the block that it speaks of", async () => {
  const { answer: told, signature, headers } = await get();
  expect(told).toMatchObject({
    chainId: CHAIN_ID,
    oracle: addresses.oracle,
    question: question.id,
    status: "open",
    value: null,
    round: 0,
    block: { number: 10, time: OPENS + 10 },
  });
  expect(headers["cache-control"]).toBe("no-cache");
  if (!told || !signature) throw new Error("nothing was signed");
  const signerOf = (data: SignedAnswer["answer"]) =>
    recoverTypedDataAddress({ ...answerTypedData(data), signature: signature as `0x${string}` });
  expect(await signerOf(told)).toBe(gateway.address);
  const bent: Partial<SignedAnswer["answer"]>[] = [
    { status: "final" },
    { value: "0" },
    { value: "1" },
    { round: 1 },
    { chainId: 1 },
    { oracle: addresses.markets },
    { confidence: 10_000 },
    { finalizeAt: OPENS },
    { signedAt: told.signedAt + 1 },
    { block: { ...told.block, number: 11 } },
    { block: { ...told.block, time: OPENS + 11 } },
    { block: { ...told.block, hash: `0x${"ab".repeat(32)}` } },
    { question: `0x${"12".repeat(32)}` },
  ];
  for (const change of bent) expect(await signerOf({ ...told, ...change })).not.toBe(gateway.address);
});

test("what changed is never told from memory: answered, answered again after a reopening, final", async () => {
  const open = await get();
  expect((await get(open.tag)).status).toBe(304);
  await answer(store.db, question, { value: 1n, finalizeAt: OPENS + 90, at: 11 });
  const answered = await get(open.tag);
  expect([answered.status, answered.answer?.status, answered.answer?.value]).toEqual([200, "answered", "1"]);
  expect((await get(answered.tag)).status).toBe(304);

  await sql`update oracle.questions set state = 'open', value = null, finalize_at = null, confidence = null,
    answered_at = null`.execute(store.db);
  await reopen(question, 1, 12);
  const reopened = await get(answered.tag);
  expect([reopened.status, reopened.answer?.status, reopened.answer?.round, reopened.answer?.value]).toEqual([
    200,
    "open",
    1,
    null,
  ]);
  // The same value again is another answer.
  await answer(store.db, question, { value: 1n, finalizeAt: OPENS + 90, at: 13, round: 1 });
  const again = await get(answered.tag);
  expect([again.status, again.answer?.round, again.answer?.status]).toEqual([200, 1, "answered"]);

  // No row changes when an answer becomes final: the clock does.
  await head(14, OPENS + 90);
  const final = await get(again.tag);
  expect([final.status, final.answer?.status, final.answer?.block.number]).toEqual([200, "final", 14]);
  expect(new Set([open, answered, reopened, again, final].map(({ tag }) => tag)).size).toBe(5);
});

test("a final answer that a reorg takes back is not told any more", async () => {
  await answer(store.db, question, { value: 1n, finalizeAt: OPENS + 5, at: 9 });
  const final = await get();
  expect(final.answer?.status).toBe("final");
  await sql`update oracle.questions set state = 'open', value = null, finalize_at = null, confidence = null`.execute(
    store.db,
  );
  const back = await get(final.tag);
  expect([back.status, back.answer?.status]).toEqual([200, "open"]);
});

test("while nothing changes a final answer is signed once a minute, an open one once a block", async () => {
  const [first, second] = [await get(), await get()];
  expect(first.signature).toBe(second.signature);
  await head(11, OPENS + 11);
  expect((await get()).signature).not.toBe(first.signature);
  await answer(store.db, question, { value: 1n, finalizeAt: OPENS + 5, at: 9 });
  const final = await get();
  await head(12, OPENS + 71);
  expect((await get()).signature).toBe(final.signature);
  await head(13, OPENS + 72);
  const anew = await get();
  expect([anew.answer?.block.number, anew.signature === final.signature]).toEqual([13, false]);
});

test("a batch tells of each question by itself, in the order asked for", async () => {
  const other = asked(boolSchema({ text: "Something else entirely?" }));
  await ask(store.db, other, 2);
  const unknown = `0x${"12".repeat(32)}`;
  const questions = [other.id, unknown, "0x12", question.id, other.id, "'; drop table oracle.questions; --"];
  const response = await app.inject({ method: "POST", url: "/v1/oracle/answers", payload: { questions } });
  const { items } = response.json<{
    items: { question: string; signed: SignedAnswer | null; error: { code: string } | null }[];
  }>();
  expect(items.map((item) => [item.question, item.signed?.answer.question ?? item.error?.code])).toEqual([
    [other.id, other.id],
    [unknown, "oracle.unknown_question"],
    ["0x12", "gateway.bad_id"],
    [question.id, question.id],
    [other.id, other.id],
    [questions[5], "gateway.bad_id"],
  ]);
});

const batch = (server: App, size: number) =>
  server.inject({
    method: "POST",
    url: "/v1/oracle/answers",
    payload: { questions: Array.from({ length: size }, () => question.id) },
  });

test("a batch is a hundred at most, and costs as many tokens", async () => {
  expect([
    (await batch(app, 100)).statusCode,
    (await batch(app, 101)).statusCode,
    (await batch(app, 0)).statusCode,
  ]).toEqual([200, 400, 400]);
  const limited = await serve({
    callers: { GATEWAY_ANONYMOUS_PER_SECOND: "1", GATEWAY_ANONYMOUS_BURST: "120" },
  });
  expect((await batch(limited, 100)).statusCode).toBe(200);
  const refused = await batch(limited, 100);
  expect([refused.statusCode, Number(refused.headers["retry-after"]) > 60]).toEqual([429, true]);
  expect((await batch(limited, 5)).statusCode).toBe(200);
});

test("who asks for what is not there is told so", async () => {
  const code = async (server: App, id = question.id as string) =>
    (await server.inject({ url: `/v1/oracle/answers/${id}` })).json<{ error: { code: string } }>().error.code;
  expect(await code(app, `0x${"12".repeat(32)}`)).toBe("oracle.unknown_question");
  expect(await code(app, `${question.id}%0d%0aset-cookie:a=b`)).toBe("http.bad_request");
  await sql`truncate chain.cursors`.execute(store.db);
  expect(await code(app)).toBe("gateway.not_following");
  const mute = await createApp({ log, version: "0" });
  onTestFinished(() => mute.close());
  oracleRoutes(mute, { store, hub: clock(OPENS).chain, addresses, config, log });
  expect(await code(mute)).toBe("gateway.not_signing");
});
