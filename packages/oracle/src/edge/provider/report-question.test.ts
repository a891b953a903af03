import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Chain } from "@sooth/chain";
import { logger } from "@sooth/runtime";
import { expect, onTestFinished, test } from "vitest";
import { type Behaviour, startSources } from "../../../test/sources.ts";
import { addresses, asked, boolSchema, CHAIN_ID, OPENS, seatOf, WEIGHT } from "../../../test/people.ts";
import { TOO_EARLY } from "../../core/index.ts";
import { apiClient, type Handover } from "./api-client.ts";
import type { ChainView } from "./chain-view.ts";
import { DisputeView } from "./dispute-view.ts";
import { openJournal } from "./journal.ts";
import { type Attempt, reportQuestion } from "./report-question.ts";

const account = seatOf(0);
const EPOCH = 2;

/** An API that claims to hold a report of Yes by this key, and takes what it is given unless it refuses with `refusal`. */
async function startApi(refusal?: string) {
  const taken: Handover[] = [];
  const evidence = `0x${"ab".repeat(32)}`;
  const claimed = { signer: account.address, epoch: EPOCH - 1, round: 0, value: "1", label: "Yes", evidence };
  const server = createServer(async (request, response) => {
    response.setHeader("content-type", "application/json");
    if (request.method === "GET") return response.end(JSON.stringify({ reports: [claimed] }));
    let body = "";
    for await (const part of request) body += String(part);
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
  return { taken, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** One attempt on "did it reach 2300?" by a provider that remembers nothing. */
async function attempt(o: {
  source: Behaviour;
  round?: number;
  refusal?: string;
}): Promise<{ done: Attempt; taken: Handover[] }> {
  const { round = 0 } = o;
  const sources = await startSources(["a"]);
  onTestFinished(() => sources.stop());
  sources.set(o.source);
  const question = asked(boolSchema({ sources: sources.named }), { deadline: OPENS + 100_000 });
  const api = await startApi(o.refusal);
  const { signal } = new AbortController();
  const notBefore = OPENS;
  const view = {
    now: OPENS + 50_000,
    wordOf: async () => ({
      state: "open",
      deadline: question.terms.deadline,
      notBefore,
      round,
      rewardSettled: false,
    }),
    signers: async () => ({
      epoch: EPOCH,
      totalWeight: WEIGHT,
      seats: [{ signer: account.address.toLowerCase(), weight: WEIGHT }],
    }),
  } as unknown as ChainView;
  const done = await reportQuestion(
    {
      hub: { definition: { id: CHAIN_ID } } as unknown as Chain,
      addresses,
      account,
      view,
      disputes: new DisputeView({} as Chain, addresses, 0),
      journal: await openJournal({ file: undefined, signer: account.address, domain: "d", now: 0 }),
      api: apiClient(api.url, signal),
      reading: { allowedOrigins: [sources.origin], signal },
      log: logger("test"),
    },
    { ...question, fault: null, clarifications: [] },
  );
  return { done, taken: api.taken };
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

test("a key that signed something else before leaves the round alone", async () => {
  const { done, taken } = await attempt({ source: { close: "9" }, refusal: "oracle.equivocation" });
  expect([done, taken.length]).toEqual([{ outcome: "abandoned" }, 1]);
});

test("too early is signed in six rounds and waited for in the seventh", async () => {
  const sixth = await attempt({ source: "silent", round: 5 });
  expect(sixth.taken.map(({ value }) => value)).toEqual([String(TOO_EARLY)]);
  const seventh = await attempt({ source: "silent", round: 6 });
  expect([seventh.done.outcome, seventh.taken]).toEqual(["later", []]);
  const spoke = await attempt({ source: { close: "2300" }, round: 6 });
  expect(spoke.taken.map(({ value }) => value)).toEqual(["1"]);
});
