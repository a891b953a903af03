/* oxlint-disable unicorn/consistent-function-scoping -- each helper stands with the tests that it serves */
import { need } from "@sooth/kernel";
import { createApp, type App, logger } from "@sooth/runtime";
import { one, rows, sql, type Store } from "@sooth/store";
import { decodeFunctionData } from "viem";
import { oracleAbi } from "@sooth/abi";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { oracleStore } from "../../test/database.ts";
import {
  addresses,
  answer,
  answerRoot,
  ask,
  asked,
  clock,
  handoverOf,
  happen,
  joinAll,
  OPENS,
  seatOf,
  vectorHandover,
  vectorSchema,
} from "../../test/people.ts";
import {
  clarificationChain,
  INVALID,
  isItemProved,
  packAgreed,
  packedRoot,
  rootOf,
  TOO_EARLY,
  unpackItem,
} from "../core/index.ts";
import { oracleRoutes } from "./routes.ts";
import { sweep } from "./sweep.ts";

let store: Store;
let drop: () => Promise<void>;
let app: App | undefined;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());
const config = { ORACLE_MIN_PROVIDERS: 4, ORACLE_MIN_REWARD: 0n, ORACLE_RESOLVE_DEPOSIT: 0n };
const log = logger("test");
const numbers = asked(vectorSchema("numeric", 5));
const answers = asked(vectorSchema("bool", 200), { nonce: 1n });
const VALUES = [10n, 0n, 1_000_000n, INVALID, 7n];
const YES_NO = Array.from({ length: 200 }, (_, index) => (index % 7 === 0 ? INVALID : BigInt(index % 2)));

/** A server whose chain tells this time: one remembers it for a moment. */
const open = async (now: number) => {
  await app?.close();
  app = await createApp({ log, version: "0" });
  oracleRoutes(app, { store, hub: clock(now).chain, addresses, config, log });
};

beforeEach(async () => {
  await sql`truncate oracle.questions, oracle.reopenings, oracle.clarifications, oracle.providers, oracle.signers,
    oracle.epochs, oracle.rosters, oracle.seats, oracle.credits, oracle.reports, oracle.evidence,
    oracle.equivocations, oracle.vectors, oracle.signed_answers, chain.outbox cascade`.execute(store.db);
  await joinAll(store.db);
  await ask(store.db, numbers);
  await ask(store.db, answers);
  await open(OPENS + 10);
  return () => app?.close();
});

const post = async (payload: object, url = "/v1/reports") => {
  const response = await need(app, "a server").inject({ method: "POST", url, payload });
  const body = response.json<{ error?: { code: string; message: string } }>();
  return { status: response.statusCode, code: body.error?.code, told: body.error?.message, body };
};
const get = async (url: string) => {
  const response = await need(app, "a server").inject({ url });
  return { status: response.statusCode, body: response.json() };
};
const sweepAt = (now: number) =>
  sweep(
    { store, hub: clock(now).chain, addresses, config, log },
    { chainId: 31_337, number: 9, timestamp: now, hash: "0x00" },
  );
const sent = async () =>
  (await rows<{ data: `0x${string}` }>(store.db, sql`select data from chain.outbox order by id`)).map(
    ({ data }) => decodeFunctionData({ abi: oracleAbi, data }),
  );

test("a value in an answer contradicts a root that its key handed over", async () => {
  const root = await vectorHandover(seatOf(0), numbers, VALUES);
  await post(root);
  const { signature } = await handoverOf(seatOf(0), numbers, INVALID);
  const report = packAgreed([{ seat: 0, value: INVALID, signature: signature as `0x${string}` }]);
  await answer(store.db, numbers, { value: INVALID, finalizeAt: OPENS + 600, seats: 1n, report });
  expect(
    await rows(
      store.db,
      sql`select first_value, first_root, first_signature, second_value, second_root from oracle.equivocations`,
    ),
  ).toEqual([
    {
      first_value: 0n,
      first_root: root.root,
      first_signature: root.signature,
      second_value: INVALID,
      second_root: null,
    },
  ]);
});

describe("a vector's report", () => {
  test("is taken once with what stands under its root", async () => {
    const handover = await vectorHandover(seatOf(0), numbers, VALUES);
    expect((await post(handover)).body).toMatchObject({ seat: 0, repeated: false });
    expect((await post(handover)).body).toMatchObject({ seat: 0, repeated: true });
    expect(await one(store.db, sql`select items from oracle.vectors where root = ${handover.root}`)).toEqual({
      items: VALUES.map(String),
    });
  });

  test("that does not hold is refused with its reason", async () => {
    const me = seatOf(0);
    const refused = async (handover: object) => {
      const { code, told } = await post(handover);
      return [code, told];
    };
    expect(await refused(await vectorHandover(me, numbers, VALUES.slice(1)))).toEqual([
      "oracle.bad_report",
      expect.stringContaining("4 values for 5 items"),
    ]);
    expect(await refused(await vectorHandover(me, numbers, VALUES, { values: VALUES.toReversed() }))).toEqual(
      ["oracle.bad_report", expect.stringContaining("stand under another root")],
    );
    expect(await refused(await vectorHandover(me, numbers, VALUES.with(0, 1_000_001n)))).toEqual([
      "oracle.bad_report",
      expect.stringContaining("item 0"),
    ]);
    expect(await refused(await handoverOf(me, numbers, 0n))).toEqual([
      "oracle.bad_report",
      expect.stringContaining("a root and its values"),
    ]);
    const good = await vectorHandover(me, numbers, VALUES);
    expect(await refused({ ...good, root: `0x${"11".repeat(32)}` })).toEqual([
      "oracle.bad_evidence",
      expect.any(String),
    ]);
    expect(await refused({ ...good, signature: (await handoverOf(me, numbers, 0n)).signature })).toEqual([
      "oracle.bad_signature",
      expect.any(String),
    ]);
    expect(await rows(store.db, sql`select 1 from oracle.vectors`)).toEqual([]);
  });

  test("with another root by the same key is kept as proof against it", async () => {
    const first = await vectorHandover(seatOf(0), numbers, VALUES);
    const second = await vectorHandover(seatOf(0), numbers, VALUES.with(0, 11n));
    await post(first);
    expect((await post(second)).code).toBe("oracle.equivocation");
    expect(await one(store.db, sql`select first_root, second_root from oracle.equivocations`)).toEqual({
      first_root: first.root,
      second_root: second.root,
    });
  });
});

describe("a quorum", () => {
  test("of one root is sent as a root, or as words where answers are yes or no", async () => {
    for (const seat of [0, 1, 2]) {
      await post(await vectorHandover(seatOf(seat), numbers, seat === 2 ? VALUES.with(0, 11n) : VALUES));
      await post(await vectorHandover(seatOf(seat), answers, YES_NO));
    }
    await sweepAt(OPENS + 11);
    expect((await sent()).map(({ functionName }) => functionName)).toEqual(["reportPacked"]);
    const last = await vectorHandover(seatOf(3), numbers, VALUES);
    await post(last);
    await sweepAt(OPENS + 12);
    const calls = await sent();
    expect(calls.map(({ functionName }) => functionName)).toEqual(["reportPacked", "reportRoot"]);
    expect(calls[0]?.args?.[2]).toHaveLength(2);
    expect(calls[1]?.args?.slice(1, 4)).toEqual([1, last.root, 0b1011n]);
  });

  test("that it is too early reopens the question like any other", async () => {
    const handed = await Promise.all([0, 1, 2].map((seat) => handoverOf(seatOf(seat), numbers, TOO_EARLY)));
    for (const handover of handed) await post(handover);
    await sweepAt(OPENS + 11);
    const [call] = await sent();
    expect(call?.functionName).toBe("reportAgreed");
    expect(call?.args?.slice(2)).toEqual([
      TOO_EARLY,
      7n,
      packAgreed(
        handed.map(({ signature }, seat) => ({
          seat,
          value: TOO_EARLY,
          signature: signature as `0x${string}`,
        })),
      ),
    ]);
  });
});

describe("an answered vector", () => {
  const settle = async (of: typeof numbers, values: readonly bigint[]) => {
    for (const seat of [0, 1, 2]) await post(await vectorHandover(seatOf(seat), of, values));
    expect((await get(`/v1/questions/${of.id}/items/0`)).body.error.code).toBe("oracle.unknown_item");
    const root = rootOf(of.schema, values);
    await answerRoot(store.db, of, root, OPENS + 100);
    return root;
  };

  test("proves each of its answers, and not before it is answered", async () => {
    const root = await settle(numbers, VALUES);
    const { body } = await get(`/v1/questions/${numbers.id}/items/2`);
    expect(body).toMatchObject({
      index: 2,
      name: "2",
      value: "1000000",
      label: "10,000 USD",
      status: "answered",
      root,
    });
    expect(body.words).toBe(null);
    expect(isItemProved(root, 2, 1_000_000n, body.proof)).toBe(true);
    await open(OPENS + 100);
    expect((await get(`/v1/questions/${numbers.id}/items/3`)).body).toMatchObject({
      label: "invalid",
      status: "final",
    });
    expect((await get(`/v1/questions/${numbers.id}/items/5`)).status).toBe(404);
    expect((await get(`/v1/questions/${numbers.id}/items?from=3`)).body.items).toHaveLength(2);
    expect((await get(`/v1/questions/${numbers.id}`)).body).toMatchObject({
      root,
      value: "0",
      label: "5 answers under one root",
      status: "final",
      explanation: expect.arrayContaining([expect.stringContaining("Final since")]),
    });
  });

  test("of yes and no gives the words that hash to its root", async () => {
    const root = await settle(answers, YES_NO);
    const { body } = await get(`/v1/questions/${answers.id}/items/199`);
    const words = body.words.map(BigInt);
    expect([body.proof, packedRoot(words), unpackItem(words, 199)]).toEqual([null, root, 1n]);
    expect(body.label).toBe("Yes");
  });

  test("has its reward settled with what was hashed", async () => {
    const root = await settle(numbers, VALUES);
    await sweepAt(OPENS + 100);
    const [call] = await sent();
    expect(call).toMatchObject({ functionName: "settleRootReward", args: [expect.anything(), { root }] });
  });
});

describe("clarifications", () => {
  const texts = ["The close in London counts.", "Not that of the auction."];
  const clarify = (text: string, round: number) =>
    happen(store.db, "oracle", "Clarified", {
      question: numbers.id,
      round,
      chain: clarificationChain(texts.slice(0, round)) ?? "0x",
      text,
    });

  test("begin a round, are shown with their hashes, and make older signatures worthless", async () => {
    for (const [index, text] of texts.entries()) await clarify(text, index + 1);
    const { body } = await get(`/v1/questions/${numbers.id}`);
    expect(body).toMatchObject({
      round: 2,
      clarifications: [
        { round: 1, text: texts[0] },
        { round: 2, text: texts[1] },
      ],
    });
    expect(body.clarifications[1].chain).toBe(clarificationChain(texts));
    expect((await post(await vectorHandover(seatOf(0), numbers, VALUES))).code).toBe("oracle.stale_round");
  });

  test("are prepared for the asker alone, before it opens, at a length that the contract takes", async () => {
    await open(OPENS - 100);
    const prepare = (text: string, asker: string = numbers.terms.asker) =>
      post({ asker, text }, `/v1/questions/${numbers.id}/clarifications/prepare`);
    const { body } = await prepare(texts[0] ?? "");
    const [call] = (body as unknown as { calls: { data: `0x${string}` }[] }).calls;
    expect(decodeFunctionData({ abi: oracleAbi, data: call?.data ?? "0x" })).toMatchObject({
      functionName: "clarify",
      args: [{ nonce: 0n }, texts[0]],
    });
    expect((await prepare("x", `0x${"bb".repeat(20)}`)).code).toBe("oracle.not_asker");
    expect((await prepare("ä".repeat(2_049))).code).toBe("oracle.bad_clarification");
    expect((await prepare("not\u202e so")).code).toBe("oracle.bad_clarification");
    await open(OPENS - 5);
    expect((await prepare("late")).code).toBe("oracle.bad_clarification");
  });
});
