import type { Chain } from "@sooth/chain";
import { at, type Hex } from "@sooth/kernel";
import { createApp, logger } from "@sooth/runtime";
import { one, sql, type Store } from "@sooth/store";
import { toHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { oracleStore } from "../../test/database.ts";
import { addresses, ask, asked, boolSchema, CHAIN_ID, clock, happen, joinAll } from "../../test/people.ts";
import { object, timeOf, WINDOWS } from "../../test/quarrel.ts";
import { appealReasonTypedData, reasonHash, type wireDispute } from "../core/index.ts";
import type { z } from "zod";
import { eraseReason, forgetReasons } from "./reasons.ts";
import { disputeRoutes } from "./dispute-routes.ts";
import type { ApiDeps } from "./deps.ts";

let store: Store;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());

const question = asked(boolSchema());
const appellant = privateKeyToAccount(toHex(2_001, { size: 32 }));
const stranger = privateKeyToAccount(toHex(2_002, { size: 32 }));
/** An account with code, which takes this for its signature. */
const WALLET: Hex = `0x${"77".repeat(20)}`;
const ITS_OWN: Hex = `0x${"5a".repeat(70)}`;
const TEXT = "The minutes say 3.\nhttps://minutes.test/4";
const SPACE = 40;
let dispute: Hex;

beforeEach(async () => {
  await sql`truncate oracle.questions, oracle.providers, oracle.signers, oracle.epochs, oracle.rosters, oracle.seats,
    oracle.disputes, oracle.dispute_steps, oracle.dispute_stakes, oracle.credits, oracle.reasons, oracle.appeal_reasons`.execute(
    store.db,
  );
  await joinAll(store.db);
  await ask(store.db, question);
  dispute = await object(store.db, question, 10);
});

const appeal = (who: Hex, block: number, side = 2) =>
  happen(store.db, "ladder", "Appealed", { at: block, dispute, who, side, deposit: 500_000_000n });
const transactionOf = (block: number): Hex => `0x${block.toString(16).padStart(64, "f")}`;

const READS: Record<string, unknown> = {
  REREPORT_SECONDS: WINDOWS.ladder.rereport,
  APPEAL_SECONDS: WINDOWS.ladder.appeal,
  EVIDENCE_SECONDS: WINDOWS.court.evidence,
  COMMIT_SECONDS: WINDOWS.court.commit,
  REVEAL_SECONDS: WINDOWS.court.reveal,
  UNIT: 1_000_000n,
};
const client = {
  readContract: async ({ functionName }: { functionName: string }) => READS[functionName],
  getCode: async ({ address }: { address: Hex }) => (address === WALLET ? "0x60" : undefined),
  verifyTypedData: async ({ address, signature }: { address: Hex; signature: Hex }) =>
    address === WALLET && signature === ITS_OWN,
};
/** A server whose API answers; its status, and what it says. */
async function call<T>(
  method: "GET" | "POST",
  path: string,
  payload?: object,
): Promise<{ status: number; body: T }> {
  const { chain } = clock(timeOf(SPACE));
  const hub = { ...chain, client } as unknown as Chain;
  const log = logger("test");
  const app = await createApp({ log, version: "0", rateLimit: { max: 1_000, windowSeconds: 60 } });
  disputeRoutes(app, { store, hub, addresses, config: {}, log } as unknown as ApiDeps);
  const reply = await app.inject({ method, url: path, ...(payload && { payload }) });
  await app.close();
  return { status: reply.statusCode, body: JSON.parse(reply.body) as T };
}
type Said = { error?: { code: string }; hash?: Hex };
async function say(text: string, transaction: Hex, by: typeof appellant, over: object = {}) {
  const typed = appealReasonTypedData(
    { chainId: CHAIN_ID, oracle: addresses.oracle },
    { dispute, transaction, reason: reasonHash(text) },
  );
  const signature = await by.signTypedData(typed);
  const given = { text, transaction, signature, ...over };
  const { status, body } = await call<Said>("POST", `/v1/disputes/${dispute}/appeal-reasons`, given);
  return [status, body.error?.code ?? body.hash];
}
const shown = async () =>
  (await call<z.infer<typeof wireDispute>>("GET", `/v1/disputes/${dispute}`)).body.appeals;

test("who appealed says why, is shown with it, and is not forgotten with what nobody used", async () => {
  await appeal(appellant.address, 20);
  const [transaction, hash] = [transactionOf(20), reasonHash(TEXT)];
  expect(await shown()).toMatchObject([{ choice: 2, at: timeOf(20), transaction, reason: null }]);
  expect(await say(TEXT, transaction, appellant)).toEqual([200, hash]);
  // The same again changes nothing.
  expect(await say(TEXT, transaction, appellant)).toEqual([200, hash]);
  await sql`update oracle.reasons set at = now() - interval '2 days'`.execute(store.db);
  await forgetReasons(store.db);
  const [told] = await shown();
  expect(told?.who).toBe(appellant.address.toLowerCase());
  expect(told?.reason).toMatchObject({ hash, text: TEXT });
  expect(told?.reason?.signature).toMatch(/^0x[0-9a-f]{130}$/);
  // Erased, it is a hash with a signature.
  await eraseReason(store.db, hash);
  expect((await shown())[0]?.reason).toMatchObject({ hash, text: null });
});

test("nobody else speaks for him, not for another appeal of his, and not before it is on the chain", async () => {
  await appeal(appellant.address, 20);
  await appeal(appellant.address, 30, 3);
  const first = transactionOf(20);
  expect(await say(TEXT, first, stranger)).toEqual([403, "dispute.not_appellant"]);
  const { signature } = { signature: await appellant.signMessage({ message: TEXT }) };
  expect(await say(TEXT, first, appellant, { signature })).toEqual([403, "dispute.not_appellant"]);
  // What he signed for the first appeal says nothing of the second.
  const typed = appealReasonTypedData(
    { chainId: CHAIN_ID, oracle: addresses.oracle },
    { dispute, transaction: first, reason: reasonHash(TEXT) },
  );
  const moved = { signature: await appellant.signTypedData(typed) };
  expect(await say(TEXT, transactionOf(30), appellant, moved)).toEqual([403, "dispute.not_appellant"]);
  expect(await say("other words", first, appellant, moved)).toEqual([403, "dispute.not_appellant"]);
  expect(await say(TEXT, transactionOf(25), appellant)).toEqual([404, "dispute.unknown_appeal"]);
  expect(await one(store.db, sql`select 1 as kept from oracle.reasons`)).toBeUndefined();
  expect((await shown()).map(({ reason }) => reason)).toEqual([null, null]);
});

test("he says it once, within bounds, and a refused text leaves nothing", async () => {
  await appeal(appellant.address, 20);
  const transaction = transactionOf(20);
  expect(await say("a\u0000b", transaction, appellant)).toEqual([400, "dispute.bad_reason"]);
  expect((await say("x".repeat(8_193), transaction, appellant))[0]).toBe(400);
  expect(await say(TEXT, transaction, appellant)).toEqual([200, reasonHash(TEXT)]);
  expect(await say("something else", transaction, appellant)).toEqual([409, "dispute.reason_given"]);
  expect(at(await shown(), 0).reason?.text).toBe(TEXT);
});

test("an account with code signs as its code says", async () => {
  await appeal(WALLET, 20);
  const transaction = transactionOf(20);
  expect(await say(TEXT, transaction, appellant)).toEqual([403, "dispute.not_appellant"]);
  expect(await say(TEXT, transaction, appellant, { signature: ITS_OWN })).toEqual([200, reasonHash(TEXT)]);
});
