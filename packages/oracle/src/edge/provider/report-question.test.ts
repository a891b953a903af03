import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Chain } from "@sooth/chain";
import { logger } from "@sooth/runtime";
import { recoverTypedDataAddress } from "viem";
import { expect, onTestFinished, test } from "vitest";
import { type Behaviour, startSources } from "../../../test/sources.ts";
import {
  addresses,
  asked,
  boolSchema,
  CHAIN_ID,
  clock,
  OPENS,
  seatOf,
  WEIGHT,
} from "../../../test/people.ts";
import { abstentionTypedData, type EvidenceBundle, TOO_EARLY } from "../../core/index.ts";
import { apiClient, type Handover, type SignedAbstention } from "./api-client.ts";
import type { ChainView } from "./chain-view.ts";
import { DisputeView } from "./dispute-view.ts";
import { openJournal } from "./journal.ts";
import type { Recusal } from "./own-positions.ts";
import { type Attempt, reportQuestion } from "./report-question.ts";
import { openSights } from "./sights.ts";

const account = seatOf(0);
const EPOCH = 2;

/** An API that claims to hold a report of Yes by this key, and takes what it is given unless it refuses with `refusal`. */
async function startApi(refusal?: string) {
  const taken: Handover[] = [];
  const abstained: SignedAbstention[] = [];
  const evidence = `0x${"ab".repeat(32)}`;
  const claimed = { signer: account.address, epoch: EPOCH - 1, round: 0, value: "1", label: "Yes", evidence };
  const server = createServer(async (request, response) => {
    response.setHeader("content-type", "application/json");
    if (request.method === "GET") return response.end(JSON.stringify({ reports: [claimed] }));
    let body = "";
    for await (const part of request) body += String(part);
    if (request.url === "/v1/abstentions") {
      abstained.push(JSON.parse(body));
      return response.end("{}");
    }
    taken.push(JSON.parse(body));
    if (refusal !== undefined)
      return response.writeHead(409).end(JSON.stringify({ error: { code: refusal, message: "no" } }));
    const { question } = taken[0] ?? {};
    return response.end(
      JSON.stringify({
        question,
        signer: account.address,
        seat: 0,
        receivedAt: OPENS,
        repeated: false,
        receipt: null,
      }),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { taken, abstained, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** One attempt on "did it reach 2300?" by a provider that remembers nothing. */
async function attempt(o: {
  source: Behaviour;
  round?: number;
  refusal?: string;
  now?: number;
  secondary?: Behaviour;
  /** That others answered Yes without this provider. */
  answered?: boolean;
  /** Why the node must not judge. */
  recusal?: Recusal;
  secures?: bigint;
}): Promise<{ done: Attempt; taken: Handover[]; abstained: SignedAbstention[] }> {
  const { round = 0 } = o;
  const sources = await startSources(["a", "b"]);
  onTestFinished(() => sources.stop());
  sources.set(o.source, "a");
  sources.set(o.secondary ?? "down", "b");
  const [first, second] = sources.named;
  const schema = boolSchema({ sources: [first], ...(o.secondary && { secondary: [second] }) });
  const question = asked(schema, { deadline: OPENS + 100_000, secures: o.secures ?? 0n });
  const api = await startApi(o.refusal);
  const { signal } = new AbortController();
  const notBefore = OPENS;
  const view = {
    now: o.now ?? OPENS + 50_000,
    wordOf: async () =>
      o.answered
        ? { state: "answered", value: 1n, finalizeAt: OPENS + 90_000, seats: 2n, epoch: EPOCH, round }
        : { state: "open", deadline: question.terms.deadline, notBefore, round, rewardSettled: false },
    signers: async () => ({
      epoch: EPOCH,
      totalWeight: WEIGHT,
      seats: [{ signer: account.address.toLowerCase(), weight: WEIGHT }],
    }),
  } as unknown as ChainView;
  const done = await reportQuestion(
    {
      hub: clock(OPENS).chain,
      addresses,
      account,
      view,
      disputes: new DisputeView({} as Chain, addresses, 0),
      journal: await openJournal({ file: undefined, signer: account.address, domain: "d", now: 0 }),
      sights: await openSights({ file: undefined, domain: "d" }),
      positions: { recusalOf: async () => o.recusal, tellNoticed: async () => [] },
      collectors: [],
      api: apiClient(api.url, signal),
      reading: { allowedOrigins: [sources.origin], signal },
      log: logger("test"),
    },
    { ...question, fault: null, clarifications: [] },
  );
  return { done, taken: api.taken, abstained: api.abstained };
}

test("what the API claims that this key signed is not signed: the source is read", async () => {
  const { done, taken } = await attempt({ source: { close: "9" } });
  expect(taken.map(({ value, epoch }) => [value, epoch])).toEqual([["0", EPOCH]]);
  expect(done).toEqual({ outcome: "reported", epoch: EPOCH });
});

test("an API that claims a report gets no signature while no source can be read", async () => {
  const { done, taken } = await attempt({ source: "down" });
  expect([done.outcome, taken]).toEqual(["later", []]);
});

test("who cannot read says so, signed, and why", async () => {
  const { abstained } = await attempt({ source: "down" });
  const [{ signature, ...said }] = abstained as [SignedAbstention];
  expect(said).toEqual({
    question: expect.stringMatching(/^0x/),
    round: 0,
    epoch: EPOCH,
    at: OPENS + 50_000,
    reason: "only 0 of 1 sources can be counted (a: it answered with HTTP 403)",
  });
  const typed = abstentionTypedData({ chainId: CHAIN_ID, oracle: addresses.oracle }, said);
  const signer = await recoverTypedDataAddress({ ...typed, signature: signature as `0x${string}` });
  expect(signer).toBe(account.address);
  expect((await attempt({ source: { close: "2300" } })).abstained).toEqual([]);
});

test("secondary sources are read once it is late, where the first cannot be, and the evidence says so", async () => {
  const late = OPENS + 99_000;
  const early = await attempt({ source: "down", secondary: { close: "2300" } });
  expect([early.done.outcome, early.taken]).toEqual(["later", []]);
  const resorted = await attempt({ source: "down", secondary: { close: "2300" }, now: late });
  expect(resorted.taken.map(({ value }) => value)).toEqual(["1"]);
  const { sources } = JSON.parse(resorted.taken[0]?.evidence ?? "{}") as EvidenceBundle;
  expect(sources.map(({ name, secondary, dropped }) => [name, secondary, dropped])).toEqual([
    ["a", undefined, "it answered with HTTP 403"],
    ["b", true, null],
  ]);
  // A first one that can be read is what the question asks for.
  const read = await attempt({ source: { close: "9" }, secondary: { close: "2300" }, now: late });
  expect(read.taken.map(({ value }) => value)).toEqual(["0"]);
  // Silence is no failure: it may be too early.
  const silent = await attempt({ source: "silent", secondary: { close: "2300" }, now: late });
  expect(silent.taken.map(({ value }) => value)).toEqual([String(TOO_EARLY)]);
});

test("who was not in an early answer looks no sooner than the question's time", async () => {
  const source = { close: "2300" };
  const before = await attempt({ source, answered: true, now: OPENS - 1 });
  expect([before.done, before.taken]).toMatchObject([{ outcome: "later", from: OPENS }, []]);
  const then = await attempt({ source, answered: true, now: OPENS });
  expect(then.taken.map(({ value }) => value)).toEqual(["1"]);
});

test("a key that signed something else before leaves the round alone", async () => {
  const { done, taken } = await attempt({ source: { close: "9" }, refusal: "oracle.equivocation" });
  expect([done, taken.length]).toEqual([{ outcome: "abandoned" }, 1]);
});

test("who holds a position in the question signs nothing, and says why", async () => {
  const recusal = { holder: account.address };
  const { done, taken, abstained } = await attempt({ source: { close: "9" }, recusal });
  expect([done.outcome, taken]).toEqual(["later", []]);
  expect(abstained.map(({ reason }) => reason)).toEqual([
    "its owner holds a position in what the question decides",
  ]);
  // Not even once more what it would have to sign anew while somebody objects: it waits for the question's end.
  expect(done).toMatchObject({ from: OPENS + 100_000 });
});

test("too early is signed in six rounds and waited for in the seventh", async () => {
  const sixth = await attempt({ source: "silent", round: 5 });
  expect(sixth.taken.map(({ value }) => value)).toEqual([String(TOO_EARLY)]);
  const seventh = await attempt({ source: "silent", round: 6 });
  expect([seventh.done.outcome, seventh.taken]).toEqual(["later", []]);
  const spoke = await attempt({ source: { close: "2300" }, round: 6 });
  expect(spoke.taken.map(({ value }) => value)).toEqual(["1"]);
});

test("nothing is read or signed where all weight there is could not answer: whoever asks names what is secured", async () => {
  const { done, taken, abstained } = await attempt({ source: { close: "9" }, secures: 1n << 95n });
  expect(done).toMatchObject({ outcome: "later", why: expect.stringContaining("secures more than all") });
  expect([taken, abstained]).toEqual([[], []]);
});
