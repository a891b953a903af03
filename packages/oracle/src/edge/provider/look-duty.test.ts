import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Chain } from "@sooth/chain";
import { logger } from "@sooth/runtime";
import { expect, onTestFinished, test } from "vitest";
import {
  addresses,
  asked,
  boolSchema,
  CHAIN_ID,
  OPENS,
  seatOf,
  WEIGHT,
  clock,
} from "../../../test/people.ts";
import { startSources } from "../../../test/sources.ts";
import { type AnswerWord, encodeAnswerWord } from "../../core/index.ts";
import { apiClient, type Handover, type SignedAbstention } from "./api-client.ts";
import type { ChainView, KnownQuestion } from "./chain-view.ts";
import { DisputeView } from "./dispute-view.ts";
import { openJournal } from "./journal.ts";
import { lookDuty } from "./look-duty.ts";
import { type Reporter, reportQuestion } from "./report-question.ts";
import { openSights } from "./sights.ts";

const account = seatOf(0);
const LIVENESS = 20;

/** A node, one source that moves, and a chain that says what it is told to. */
async function openWorld(o: { url?: string; seated?: boolean } = {}) {
  const sources = await startSources(["a"]);
  onTestFinished(() => sources.stop());
  sources.set({ close: "2400" });
  const url = `${sources.origin}/a/${o.url ?? "now"}`;
  const schema = boolSchema({ sources: [{ name: "a", url, path: "0.4", unit: "USD" }] });
  const question: KnownQuestion = {
    ...asked(schema, { deadline: OPENS + 100_000, liveness: LIVENESS }),
    fault: null,
    clarifications: [],
  };
  const taken: Handover[] = [];
  const abstained: SignedAbstention[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += String(part);
    const isAbstention = request.url === "/v1/abstentions";
    (isAbstention ? abstained : taken).push(JSON.parse(body));
    response.setHeader("content-type", "application/json");
    const who = { question: question.id, signer: account.address, seat: 0 };
    response.end(
      JSON.stringify(isAbstention ? {} : { ...who, receivedAt: OPENS, repeated: false, receipt: null }),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());

  const open: AnswerWord = {
    state: "open",
    deadline: question.terms.deadline,
    notBefore: OPENS,
    round: 0,
    rewardSettled: false,
  };
  const answered = {
    state: "answered",
    value: 1n,
    finalizeAt: OPENS + 10 + LIVENESS,
    confidence: 7_500,
    seats: 0n,
    epoch: 1,
    round: 0,
    rewardSettled: false,
  } as const;
  const world: { now: number; word: AnswerWord; answer?: { round: number; block: number } } = {
    now: OPENS,
    word: open,
  };
  const view = {
    get now() {
      return world.now;
    },
    questions: new Map([[question.id, question]]),
    open: () => [question],
    changesOf: () => 0,
    answerOf: () => world.answer,
    wordOf: async () => world.word,
    signers: async () => ({
      epoch: 1,
      totalWeight: WEIGHT,
      seats: [{ signer: o.seated === false ? "0x" : account.address.toLowerCase(), weight: WEIGHT }],
    }),
  } as unknown as ChainView;
  const disputes = new DisputeView({} as Chain, addresses, 0);
  const { signal } = new AbortController();
  const reporter: Reporter = {
    hub: {
      definition: { id: CHAIN_ID },
      client: { ...clock(OPENS).chain.client, getBlock: async () => ({ timestamp: BigInt(OPENS + 10) }) },
    } as unknown as Chain,
    addresses,
    account,
    view,
    disputes,
    journal: await openJournal({ file: undefined, signer: account.address, domain: "d", now: 0 }),
    sights: await openSights({ file: undefined, domain: "d" }),
    positions: { recusalOf: async () => undefined, tellNoticed: async () => [] },
    collectors: [],
    api: apiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, signal),
    reading: { allowedOrigins: [sources.origin], signal },
    log: logger("test"),
  };
  return {
    world,
    sources,
    question,
    reporter,
    taken,
    abstained,
    sight: () => reporter.sights.find(question.id, 0),
    /** One turn of the duty, to its end. */
    looks: async (jurorOnly = true) => {
      const duty = lookDuty(reporter, jurorOnly);
      await duty.tick();
      await duty.close();
    },
    answer: () => Object.assign(world, { word: answered, answer: { round: 0, block: 9 } }),
    /** Somebody objects to Yes. */
    object: () => {
      world.word = { state: "disputed", digest: 0n };
      const dispute = {
        question: question.id,
        answer: encodeAnswerWord(answered),
        root: `0x${"00".repeat(32)}`,
        disputer: addresses.markets,
        claim: 0n,
        claimRoot: `0x${"00".repeat(32)}`,
        deposit: 1n,
        at: OPENS + 20,
      } as const;
      disputes.disputes.set("0x01", { id: "0x01", dispute });
    },
    reports: () => reportQuestion(reporter, question),
  };
}

test("a juror looks when its time has come, not before, and once", async () => {
  const { world, looks, sight, sources, reporter } = await openWorld();
  world.now = OPENS - 1;
  await looks();
  expect([sight(), sources.asked.length]).toEqual([undefined, 0]);
  world.now = OPENS;
  await looks();
  expect(sight()).toMatchObject({ value: "1", at: OPENS, round: 0 });
  expect(sight()?.sources).toMatchObject([{ name: "a", sha256: expect.any(String), fetchedAt: OPENS }]);
  sources.set({ close: "9" });
  await looks();
  expect([sight()?.value, sources.asked.length, reporter.sights.size]).toEqual(["1", 1, 1]);
});

test("silence is not held against anybody, and what is left to see is looked for once it is answered", async () => {
  const { world, looks, sight, sources, answer } = await openWorld();
  sources.set("silent");
  await looks();
  expect(sight()).toBeUndefined();
  answer();
  sources.set({ close: "2400" });
  world.now = OPENS + 20;
  await looks();
  expect(sight()?.value).toBe("1");
});

test("whoever comes later than a moment after the answer does not look", async () => {
  const { world, looks, sight, sources, answer } = await openWorld();
  answer();
  world.now = OPENS + 21;
  await looks();
  expect([sight(), sources.asked]).toEqual([undefined, []]);
});

test("who holds a seat is left to report, and looks himself where he has none", async () => {
  const seated = await openWorld();
  await seated.looks(false);
  expect(seated.sources.asked).toEqual([]);
  expect((await seated.reports()).outcome).toBe("reported");
  expect(seated.sight()?.value).toBe("1");
  const bench = await openWorld({ seated: false });
  await bench.looks(false);
  expect(bench.sight()?.value).toBe("1");
});

test("asked anew, a node signs what it saw then, though its source says something else by now", async () => {
  const { world, looks, sources, object, reports, taken } = await openWorld();
  await looks();
  sources.set({ close: "9" });
  object();
  world.now = OPENS + 90_000;
  expect((await reports()).outcome).toBe("reported");
  expect(taken.map(({ value, round }) => [value, round])).toEqual([["1", 1]]);
  const { sources: shown } = JSON.parse(taken[0]?.evidence ?? "{}");
  expect(shown).toMatchObject([{ fetchedAt: OPENS, value: "2400" }]);
});

test("one that did not look then finds no fault by what moved, and says so; it bears out what stands", async () => {
  const { sources, object, reports, taken, abstained } = await openWorld();
  sources.set({ close: "9" });
  object();
  expect((await reports()).outcome).toBe("later");
  expect([taken, abstained.length]).toEqual([[], 1]);
  expect(abstained[0]?.reason).toContain("name no moment");
  sources.set({ close: "2400" });
  expect((await reports()).outcome).toBe("reported");
  expect(taken.map(({ value }) => value)).toEqual(["1"]);
});

test("one that did not look then reads now where the source names the moment", async () => {
  const { sources, object, reports, taken } = await openWorld({ url: "{observeAt}" });
  sources.set({ close: "9" });
  object();
  expect((await reports()).outcome).toBe("reported");
  expect(taken.map(({ value }) => value)).toEqual(["0"]);
});

test("what a question's end leaves is forgotten, what is disputed is kept", async () => {
  const { world, looks, reporter, object } = await openWorld();
  await looks();
  world.now = OPENS + 200_000;
  object();
  await looks();
  expect(reporter.sights.size).toBe(1);
  reporter.disputes.disputes.clear();
  world.word = { state: "none" };
  world.now += 100_000;
  await looks();
  expect(reporter.sights.size).toBe(0);
});

test("of a crowd what pays most is looked at first, and a place that falls free is filled at once", async () => {
  const { reporter, question } = await openWorld({ seated: false });
  const crowd = Array.from({ length: 9 }, (_, n) => ({
    ...question,
    id: `0x${String(n).repeat(64)}` as const,
    terms: { ...question.terms, reward: n === 8 ? 5n : 0n },
  }));
  const kept: string[] = [];
  const keep: Reporter["sights"]["keep"] = async ({ question: id }) => void kept.push(id.slice(2, 3));
  Object.assign(reporter.view, {
    questions: new Map(crowd.map((each) => [each.id, each])),
    open: () => crowd,
  });
  const duty = lookDuty({ ...reporter, sights: { ...reporter.sights, keep } }, false);
  await duty.tick();
  await expect.poll(() => kept.length).toBe(9);
  expect(kept.slice(0, 4)).toContain("8");
});

test("what nobody is seated for is not looked at: nobody will answer it", async () => {
  const { reporter } = await openWorld();
  Object.assign(reporter.view, { signers: async () => ({ epoch: 0, totalWeight: 0n, seats: [] }) });
  const duty = lookDuty(reporter, false);
  await duty.tick();
  await duty.close();
  expect(reporter.sights.size).toBe(0);
});
