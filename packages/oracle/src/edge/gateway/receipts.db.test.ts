import { createApp, type App, logger } from "@sooth/runtime";
import { rows, sql, type Store } from "@sooth/store";
import { privateKeyToAccount } from "viem/accounts";
import { type Hex, recoverTypedDataAddress } from "viem";
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
  handoverOf,
  joinAll,
  OPENS,
  seatOf,
} from "../../../test/people.ts";
import { acceptedReport, receiptTypedData, reportDigest, type SignedReceipt } from "../../core/index.ts";
import type { Handover } from "../provider/api-client.ts";
import { oracleRoutes } from "../routes.ts";
import { apiCallers, serverTime } from "./callers.ts";
import { gatewayConfig } from "./config.ts";
import { createKey } from "./keys.ts";

let store: Store;
let drop: () => Promise<void>;
let app: App;
let hub: ReturnType<typeof clock>;
let time: { now: number };
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());

const gateway = privateKeyToAccount(`0x${"9a".repeat(32)}`);
const log = logger("test");
const question = asked(boolSchema());
const domain = { chainId: CHAIN_ID, oracle: addresses.oracle };
const me = seatOf(0);

beforeEach(async () => {
  await sql`truncate oracle.questions, oracle.reopenings, oracle.providers, oracle.signers, oracle.epochs, oracle.rosters, oracle.seats,
    oracle.reports, oracle.evidence, oracle.receipts, oracle.api_keys`.execute(store.db);
  await joinAll(store.db);
  await ask(store.db, question);
  hub = clock(OPENS + 10);
  time = hub.time;
  app = await createApp({
    log,
    version: "0",
    callers: apiCallers(store, gatewayConfig.parse({ GATEWAY_ANONYMOUS_BURST: "1000" })),
  });
  oracleRoutes(app, {
    store,
    hub: hub.chain,
    addresses,
    config: { ORACLE_MIN_PROVIDERS: 4, ORACLE_MIN_REWARD: 0n, ORACLE_RESOLVE_DEPOSIT: 0n },
    log,
    gatewayKey: gateway,
  });
  onTestFinished(() => app.close());
});

type Taken = { receipt: SignedReceipt; repeated: boolean; error?: { code: string } };
const post = async (handover: Handover, headers: Record<string, string> = {}): Promise<Taken> =>
  (await app.inject({ method: "POST", url: "/v1/reports", payload: handover, headers })).json();
const keyOf = (handover: Handover): Hex => {
  const { value, epoch, round, signature } = handover;
  const digest = reportDigest(domain, { question: question.id, value: BigInt(value), epoch, round });
  return acceptedReport(digest, signature as Hex);
};
const signerOf = ({ receipt, signature }: SignedReceipt) =>
  recoverTypedDataAddress({ ...receiptTypedData(receipt), signature: signature as Hex });

test("a report is confirmed with what was taken and when it will be final", async () => {
  const handover = await handoverOf(me, question, 1n);
  const { receipt } = await post(handover, { "idempotency-key": keyOf(handover) });
  expect(receipt.receipt).toEqual({
    ...domain,
    kind: "report",
    question: question.id,
    subject: me.address.toLowerCase(),
    seat: 0,
    epoch: 1,
    round: 0,
    accepted: keyOf(handover),
    receivedAt: OPENS + 10,
    finalFrom: OPENS + 10 + 60,
    finalBy: OPENS + 1_000 + 60,
  });
  expect([receipt.signer, await signerOf(receipt)]).toEqual([gateway.address, gateway.address]);
  const read = await app.inject({ url: `/v1/receipts/${receipt.id}` });
  expect(read.json()).toEqual(receipt);
});

test("a receipt tells nobody which value was taken while the question is open", async () => {
  const { receipt } = await post(await handoverOf(me, question, 1n));
  const digests = [0n, 1n].map((value) =>
    reportDigest(domain, { question: question.id, value, epoch: 1, round: 0 }),
  );
  const text = JSON.stringify(receipt);
  for (const digest of digests) expect(text).not.toContain(digest.slice(2));
});

test("the same report gets the same receipt: later, twice at once, and after the answer", async () => {
  const handover = await handoverOf(me, question, 1n);
  const both = await Promise.all([post(handover), post(handover)]);
  time.now += 30;
  const later = await post(handover);
  await answer(store.db, question, { value: 1n, finalizeAt: OPENS + 200 });
  const last = await post(handover);
  const [first, ...others] = [...both, later, last].map(({ receipt }) => receipt);
  expect(first?.id).toMatch(/^0x/);
  for (const other of others) expect(other).toEqual(first);
  expect(await rows(store.db, sql`select id from oracle.receipts`)).toHaveLength(1);
});

test("a retry that names another report is refused before anything is stored", async () => {
  const [mine, other] = [await handoverOf(me, question, 1n), await handoverOf(seatOf(1), question, 1n)];
  const mixed = await post(mine, { "idempotency-key": keyOf(other) });
  expect(mixed.error?.code).toBe("gateway.other_handover");
  expect((await post(mine, { "idempotency-key": "nonsense" })).error?.code).toBe("http.bad_request");
  expect(await rows(store.db, sql`select 1 from oracle.reports`)).toEqual([]);
});

test("a refused report gets no receipt", async () => {
  const { receipt, error } = await post(await handoverOf(me, question, 2n));
  expect([receipt, error?.code]).toEqual([undefined, "oracle.out_of_bounds"]);
  expect(await rows(store.db, sql`select 1 from oracle.receipts`)).toEqual([]);
});

test("who shows a key for reading cannot hand over with it", async () => {
  const { text } = await createKey(store.db, { owner: null, name: "r", scopes: ["read"] }, serverTime());
  const handover = await handoverOf(me, question, 1n);
  const { error } = await post(handover, { authorization: `Bearer ${text}` });
  expect(error?.code).toBe("http.out_of_scope");
});

test("a question that the server has seen is confirmed, always the same", async () => {
  const confirm = async () =>
    (
      await app.inject({
        method: "POST",
        url: "/v1/receipts/asks",
        payload: { question: question.id },
      })
    ).json<{ receipts: SignedReceipt[] }>().receipts[0];
  const first = await confirm();
  time.now += 5;
  expect(await confirm()).toEqual(first);
  expect(first?.receipt).toMatchObject({
    kind: "question",
    question: question.id,
    subject: question.terms.asker,
    seat: null,
    receivedAt: OPENS + 10,
    finalFrom: OPENS + 70,
    finalBy: OPENS + 1_060,
  });
  expect(first && (await signerOf(first))).toBe(gateway.address);
});

/** From now on the node takes every call and answers none. */
function stall(): { asked: () => number } {
  let asked = 0;
  const never = () => {
    asked++;
    return new Promise<never>(() => {});
  };
  Object.assign(hub.chain, { now: never });
  Object.assign(hub.chain.client, { readContract: never, request: never, getBlock: never });
  return { asked: () => asked };
}

test("a node that answers nothing holds up neither a provider's receipt nor an asker's", async () => {
  // The chain's clock was read once, a moment ago: no block and no call is needed from then on.
  await post(await handoverOf(seatOf(1), question, 1n));
  const node = stall();
  const handover = await handoverOf(me, question, 1n);
  const { receipt } = await post(handover);
  expect(receipt.receipt).toMatchObject({ subject: me.address.toLowerCase(), receivedAt: OPENS + 10 });
  expect(await signerOf(receipt)).toBe(gateway.address);
  const asked = await app.inject({
    method: "POST",
    url: "/v1/receipts/asks",
    payload: { question: question.id },
  });
  expect(asked.json<{ receipts: SignedReceipt[] }>().receipts[0]?.receipt.kind).toBe("question");
  // Long after: a new reading is tried, and nobody waits for it.
  await expect
    .poll(async () => (await post(await handoverOf(seatOf(2), question, 1n))).receipt && node.asked())
    .toBeGreaterThan(0);
});

test("where nothing is known of the chain's clock, nothing is confirmed", async () => {
  Object.assign(hub.chain, { now: () => Promise.reject(new Error("away")) });
  const { receipt, error } = await post(await handoverOf(me, question, 1n));
  expect([receipt, error?.code]).toEqual([undefined, "http.internal"]);
  expect(await rows(store.db, sql`select 1 from oracle.receipts`)).toEqual([]);
});
