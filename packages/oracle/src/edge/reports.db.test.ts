import { createApp, type App, logger } from "@sooth/runtime";
import { rows, sql, type Store } from "@sooth/store";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { oracleStore } from "../../test/database.ts";
import {
  addresses,
  answer,
  ask,
  asked,
  boolSchema,
  clock,
  handoverOf,
  happen,
  joinAll,
  numericSchema,
  OPENS,
  ownerOf,
  seatOf,
  stranger,
} from "../../test/people.ts";
import { evidenceHash, packAgreed, TOO_EARLY } from "../core/index.ts";
import type { Handover } from "./provider/api-client.ts";
import { oracleRoutes } from "./routes.ts";

let store: Store;
let drop: () => Promise<void>;
let app: App;
let time: { now: number };
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());
const config = { ORACLE_MIN_PROVIDERS: 4, ORACLE_MIN_REWARD: 0n, ORACLE_RESOLVE_DEPOSIT: 0n };
const log = logger("test");
const question = asked(boolSchema());

beforeEach(async () => {
  await sql`truncate oracle.questions, oracle.reopenings, oracle.providers, oracle.signers, oracle.epochs,
    oracle.rosters, oracle.seats, oracle.credits, oracle.reports, oracle.evidence, oracle.equivocations, chain.outbox cascade`.execute(
    store.db,
  );
  await joinAll(store.db);
  await ask(store.db, question);
  const hub = clock(OPENS + 10);
  time = hub.time;
  app = await createApp({ log, version: "0" });
  oracleRoutes(app, {
    store,
    hub: hub.chain,
    addresses,
    config,
    log,
    marketsOf: async () => [`0x${"3a".repeat(32)}`],
  });
  return () => app.close();
});

const post = async (handover: object) => {
  const response = await app.inject({ method: "POST", url: "/v1/reports", payload: handover });
  const body = response.json<{ error?: { code: string } }>();
  return [response.statusCode, body.error?.code ?? body];
};
const get = async (url: string) => {
  const response = await app.inject({ url });
  return {
    status: response.statusCode,
    headers: response.headers,
    text: response.body,
    json: () => response.json(),
  };
};
const detail = async () => (await get(`/v1/questions/${question.id}`)).json();

describe("a report that does not hold is refused with its reason", () => {
  const me = seatOf(0);
  test.each<[string, () => Promise<Handover>, number, string]>([
    ["of a stranger", () => handoverOf(stranger, question, 1n), 403, "oracle.not_seated"],
    [
      "on a question nobody asked",
      () => handoverOf(me, asked(boolSchema(), { nonce: 9n }), 1n),
      404,
      "oracle.unknown_question",
    ],
    ["of a stale epoch", () => handoverOf(me, question, 1n, { epoch: 0 }), 409, "oracle.stale_epoch"],
    ["of an epoch to come", () => handoverOf(me, question, 1n, { epoch: 2 }), 409, "oracle.stale_epoch"],
    ["of another round", () => handoverOf(me, question, 1n, { round: 1 }), 409, "oracle.stale_round"],
    ["for another chain", () => handoverOf(me, question, 1n, { chainId: 1 }), 400, "oracle.wrong_chain"],
    ["out of bounds", () => handoverOf(me, question, 2n), 400, "oracle.out_of_bounds"],
    [
      "below the sentinels",
      () => handoverOf(me, question, TOO_EARLY).then((h) => ({ ...h, value: String(TOO_EARLY - 1n) })),
      400,
      "oracle.bad_evidence",
    ],
    [
      "that somebody else signed",
      () => handoverOf(stranger, question, 1n, { bundle: { provider: me.address.toLowerCase() } }),
      400,
      "oracle.bad_signature",
    ],
    [
      "with a value changed on the way",
      async () => ({ ...(await handoverOf(me, question, 1n)), value: "0" }),
      400,
      "oracle.bad_evidence",
    ],
    [
      "with an epoch changed on the way",
      async () => ({ ...(await handoverOf(me, question, 1n)), epoch: 7 }),
      400,
      "oracle.bad_signature",
    ],
    [
      "with bytes for a signature",
      async () => ({ ...(await handoverOf(me, question, 1n)), signature: `0x${"00".repeat(65)}` }),
      400,
      "oracle.bad_signature",
    ],
    [
      "with evidence that is not signed",
      async () => ({ ...(await handoverOf(me, question, 1n)), evidenceSignature: `0x${"11".repeat(65)}` }),
      400,
      "oracle.bad_evidence",
    ],
    [
      "with evidence of another question",
      () => handoverOf(me, question, 1n, { bundle: { question: `0x${"12".repeat(32)}` } }),
      400,
      "oracle.bad_evidence",
    ],
    [
      "with evidence that is no JSON",
      async () => ({ ...(await handoverOf(me, question, 1n)), evidence: "{" }),
      400,
      "oracle.bad_evidence",
    ],
    [
      "with white space in its evidence",
      async () => {
        const h = await handoverOf(me, question, 1n);
        return { ...h, evidence: ` ${h.evidence}` };
      },
      400,
      "oracle.bad_evidence",
    ],
    [
      "with evidence of 1 MB",
      async () => ({ ...(await handoverOf(me, question, 1n)), evidence: "x".repeat(1_000_000) }),
      413,
      "http.too_large",
    ],
    [
      "with evidence of 70 KB",
      async () => ({ ...(await handoverOf(me, question, 1n)), evidence: "x".repeat(70_000) }),
      400,
      "http.bad_request",
    ],
    [
      "with a value that is no integer",
      async () => ({ ...(await handoverOf(me, question, 1n)), value: "1.5" }),
      400,
      "http.bad_request",
    ],
    [
      "with a value of a thousand digits",
      async () => ({ ...(await handoverOf(me, question, 1n)), value: "9".repeat(1000) }),
      400,
      "http.bad_request",
    ],
    [
      "with an id that is none",
      async () => ({ ...(await handoverOf(me, question, 1n)), question: "0x12" }),
      400,
      "http.bad_request",
    ],
  ])("%s", async (_, make, status, code) => {
    expect(await post(await make())).toEqual([status, code]);
    expect(await rows(store.db, sql`select * from oracle.reports`)).toEqual([]);
  });

  test("before opensAt", async () => {
    time.now = OPENS - 1;
    expect(await post(await handoverOf(me, question, 1n))).toEqual([409, "oracle.too_early"]);
  });
  test("before opensAt, of what may end early: that it is too early", async () => {
    const early = asked(boolSchema(), { nonce: 3n, endsEarly: true });
    await ask(store.db, early);
    time.now = OPENS - 1;
    expect(await post(await handoverOf(me, early, TOO_EARLY))).toEqual([409, "oracle.too_early"]);
  });
  test("before it opens again, of what might have ended early", async () => {
    const early = asked(boolSchema(), { nonce: 3n, endsEarly: true });
    await ask(store.db, early);
    const reopened = { round: 1, epoch: 1, notBefore: OPENS + 60, seats: 7, signatures: "0x" };
    await happen(store.db, "oracle", "Reopened", { question: early.id, ...reopened });
    expect(await post(await handoverOf(me, early, 1n, { round: 1 }))).toEqual([409, "oracle.too_early"]);
  });
  test("after the deadline", async () => {
    time.now = OPENS + 1_001;
    expect(await post(await handoverOf(me, question, 1n))).toEqual([409, "oracle.deadline_passed"]);
  });
  test("once the answer is final", async () => {
    await answer(store.db, question, { value: 1n, finalizeAt: OPENS + 5 });
    expect(await post(await handoverOf(me, question, 1n))).toEqual([409, "oracle.not_open"]);
  });
  test("while no signer set was formed", async () => {
    await sql`truncate oracle.epochs, oracle.rosters, oracle.seats`.execute(store.db);
    expect(await post(await handoverOf(me, question, 1n))).toEqual([503, "oracle.no_signer_set"]);
  });
});

test("a report is sealed until its question is answered: nobody can copy it, or choose whose counts", async () => {
  const handovers = await Promise.all(
    [1n, 1n, 1n, 0n].map((value, seat) => handoverOf(seatOf(seat), question, value)),
  );
  for (const handover of handovers) await post(handover);
  const page = await get(`/v1/questions/${question.id}`);
  const { reports, reportCount, explanation } = page.json();
  expect(reportCount).toBe(4);
  expect(reports[3]).toEqual({
    provider: ownerOf(3),
    signer: seatOf(3).address.toLowerCase(),
    seat: 3,
    value: null,
    root: null,
    label: null,
    weight: "1000",
    signature: null,
    epoch: 1,
    round: 0,
    receivedAt: OPENS + 10,
    counted: false,
    evidence: null,
    opening: null,
    observations: [],
  });
  expect(explanation[1]).toBe(
    "4 providers reported, with 100.0% of all weight; what they said is sealed until the question is answered.",
  );
  const hashes = handovers.map(({ evidence }) => evidenceHash(evidence));
  for (const secret of [...hashes, ...handovers.flatMap((h) => [h.signature, h.evidenceSignature])])
    expect(page.text).not.toContain(secret);
  const evidence = async () => (await get(`/v1/evidence/${hashes[3]}`)).status;
  expect(await evidence()).toBe(404);
  // Once the deadline has passed without an answer there is nothing left to copy.
  time.now = OPENS + 1_001;
  await new Promise((resolve) => setTimeout(resolve, 350)); // a reading of the clock is shared for 300 ms
  expect((await detail()).reports[3]).toMatchObject({ value: "0", label: "No", evidence: hashes[3] });
  expect(await evidence()).toBe(200);
});

test("what may end early is reported on before it opens, and says how much weight that takes", async () => {
  const early = asked(boolSchema(), { nonce: 3n, endsEarly: true });
  await ask(store.db, early);
  time.now = OPENS - 500;
  expect(await post(await handoverOf(seatOf(0), early, 1n))).toMatchObject([
    200,
    { seat: 0, repeated: false },
  ]);
  const told = (await get(`/v1/questions/${early.id}`)).json();
  expect(told).toMatchObject({ status: "open", opensAt: OPENS, reportCount: 1, terms: { endsEarly: true } });
  expect(told.explanation.join(" ")).toContain("an answer needs reports with nine tenths of all weight");
  // Its signature counts on after opensAt, so another value is a contradiction now and then.
  expect(await post(await handoverOf(seatOf(0), early, 0n))).toEqual([409, "oracle.equivocation"]);
});

test("a good report is taken once, and its evidence is served for ever", async () => {
  const handover = await handoverOf(seatOf(2), question, 1n);
  const receipt = {
    question: question.id,
    signer: seatOf(2).address.toLowerCase(),
    seat: 2,
    receivedAt: OPENS + 10,
    repeated: false,
    receipt: null,
  };
  expect(await post(handover)).toEqual([200, receipt]);
  time.now = OPENS + 5_000;
  expect(await post(handover)).toEqual([200, { ...receipt, repeated: true, receipt: null }]);

  const hash = evidenceHash(handover.evidence);
  await answer(store.db, question, { value: 1n, finalizeAt: OPENS + 500 });
  const evidence = await get(`/v1/evidence/${hash}`);
  expect([evidence.status, evidence.text]).toEqual([200, handover.evidence]);
  expect(evidence.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  expect((await get(`/v1/evidence/0x${"00".repeat(32)}`)).status).toBe(404);
});

test("two at once give one receipt each of the same report", async () => {
  const handover = await handoverOf(seatOf(0), question, 1n);
  const answers = await Promise.all(Array.from({ length: 6 }, () => post(handover)));
  expect(answers.map(([status]) => status)).toEqual([200, 200, 200, 200, 200, 200]);
  expect(await rows(store.db, sql`select 1 from oracle.reports`)).toHaveLength(1);
});

test("another value by the same key is refused, and both signatures are kept", async () => {
  const first = await handoverOf(seatOf(0), question, 1n);
  const second = await handoverOf(seatOf(0), question, 0n);
  await post(first);
  time.now = OPENS + 5_000; // proof is proof at any time
  expect(await post(second)).toEqual([409, "oracle.equivocation"]);
  expect(await post(second)).toEqual([409, "oracle.equivocation"]);
  expect(
    await rows(
      store.db,
      sql`select signer, first_value, first_signature, second_value, second_signature from oracle.equivocations`,
    ),
  ).toEqual([
    {
      signer: seatOf(0).address.toLowerCase(),
      first_value: 1n,
      first_signature: first.signature,
      second_value: 0n,
      second_signature: second.signature,
    },
  ]);
  // Another epoch is another signature: no contradiction.
  await joinAll(store.db, 2);
  time.now = OPENS + 10;
  await new Promise((resolve) => setTimeout(resolve, 350)); // a reading of the clock is shared for 300 ms
  expect((await post(await handoverOf(seatOf(0), question, 0n, { epoch: 2 })))[0]).toBe(200);
});

test("the page of a question shows who said what, from sources, and what counted", async () => {
  for (const seat of [0, 1, 2]) await post(await handoverOf(seatOf(seat), question, seat === 2 ? 0n : 1n));
  expect(await detail()).toMatchObject({
    status: "open",
    markets: [`0x${"3a".repeat(32)}`],
    totalWeight: "4000",
    reportCount: 3,
    explanation: [
      "Providers may report until 15 Jun 2025, 15:23:20 UTC.",
      "3 providers reported, with 75.0% of all weight; what they said is sealed until the question is answered.",
      "An answer needs reports with more than two thirds of all weight.",
    ],
  });
  // The fourth seat's signature reached the chain by another way.
  const fourth = await handoverOf(seatOf(3), question, 1n);
  const held = await Promise.all(
    [0, 1].map(async (seat) => ({
      seat,
      value: 1n,
      signature: (await handoverOf(seatOf(seat), question, 1n)).signature as `0x${string}`,
    })),
  );
  const report = packAgreed([...held, { seat: 3, value: 1n, signature: fourth.signature as `0x${string}` }]);
  await answer(store.db, question, { value: 1n, finalizeAt: OPENS + 500, seats: 0b1011n, report });
  const shown = await detail();
  expect(
    shown.reports.map((each: Record<string, unknown>) => [
      each.seat,
      each.provider,
      each.label,
      each.counted,
      each.evidence !== null,
    ]),
  ).toEqual([
    [0, ownerOf(0), "Yes", true, true],
    [1, ownerOf(1), "Yes", true, true],
    [2, ownerOf(2), "No", false, true],
    [3, ownerOf(3), "Yes", true, false],
  ]);
  expect(shown.reports[3].signature).toBe(fourth.signature);
  expect(shown.reports[0].observations).toEqual([
    { source: "k", value: "2315.5", dropped: null, fetchedAt: OPENS },
  ]);
  expect(shown.explanation[0]).toContain("3 providers with 75.0% of all weight signed");
});

test("lists, pages and refuses what it does not know", async () => {
  const second = asked(numericSchema(), { nonce: 1n });
  await ask(store.db, second, 2);
  const first = (await get("/v1/questions?limit=1")).json();
  expect(first.items.map(({ id }: { id: string }) => id)).toEqual([second.id]);
  const rest = (await get(`/v1/questions?limit=1&cursor=${first.next}`)).json();
  expect([rest.items.map(({ id }: { id: string }) => id), rest.next]).toEqual([[question.id], null]);
  expect((await get("/v1/questions?cursor=x")).json().error.code).toBe("oracle.bad_cursor");
  expect((await get("/v1/questions?status=unheard")).json().error.code).toBe("http.bad_request");
  expect((await get("/v1/questions?search=%00")).json().error.code).toBe("http.bad_request");
  expect((await get("/v1/questions?limit=1000000")).json().error.code).toBe("http.bad_request");
  expect((await get(`/v1/questions/0x${"00".repeat(32)}`)).json().error.code).toBe("oracle.unknown_question");
  expect((await get("/v1/providers")).json()).toMatchObject({ items: [{}, {}, {}, {}], next: null });
  const some = (await get("/v1/providers?limit=3")).json();
  expect((await get(`/v1/providers?limit=3&cursor=${some.next}`)).json().items).toMatchObject([
    { owner: ownerOf(3) },
  ]);
  expect((await get("/v1/providers?limit=101")).json().error.code).toBe("http.bad_request");
  expect((await get("/v1/providers?cursor=1:2")).json().error.code).toBe("oracle.bad_cursor");
  expect((await get(`/v1/providers/${ownerOf(0)}`)).json()).toMatchObject({ seat: 0, weight: "1000" });
  expect((await get(`/v1/providers/${stranger.address}`)).json().error.code).toBe("oracle.unknown_provider");
  const { etag } = (await get("/v1/questions")).headers;
  expect(
    (await app.inject({ url: "/v1/questions", headers: { "if-none-match": String(etag) } })).statusCode,
  ).toBe(304);
});
