import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Hex } from "@sooth/kernel";
import { configureLogs, logger } from "@sooth/runtime";
import { numberToHex } from "viem";
import { afterEach, beforeAll, expect, test } from "vitest";
import { MOST_ANSWERS, type WireBatchAnswer } from "../../core/index.ts";
import { Answers } from "./answers.ts";

beforeAll(() => configureLogs({ level: "silent" }));
const closes: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closes.splice(0).map((close) => close()));
});

const rootOf = (n: number): Hex => numberToHex(n, { size: 32 });
const answer: WireBatchAnswer = {
  signer: `0x${"0a".repeat(20)}`,
  epoch: 1,
  validUntil: 1_000,
  signature: `0x${"11".repeat(65)}`,
};
const taken = (response: ServerResponse) => void response.end('{"refused":[]}');

/** A collector that answers as told, and the roots that each request told it of. */
async function collector(respond: (response: ServerResponse) => void = taken) {
  const asked: Hex[][] = [];
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const text = Buffer.concat((await request.toArray()) as Buffer[]).toString();
    const { answers } = JSON.parse(text) as { answers: { root: Hex }[] };
    asked.push(answers.map(({ root }) => root));
    respond(response);
  };
  const server = createServer((request, response) => {
    void take(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closes.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { asked, answers: new Answers({ url, signal: new AbortController().signal, log: logger("test") }) };
}

test("what is ready in one moment goes together, in its order and as it was signed", async () => {
  const { asked, answers } = await collector();
  await Promise.all([1, 2, 3].map((n) => answers.hand(rootOf(n), answer)));
  expect(asked).toEqual([[1, 2, 3].map(rootOf)]);
  await answers.hand(rootOf(4), answer);
  expect(asked.at(-1)).toEqual([rootOf(4)]);
});

test("a request holds no more than a collector reads of one, by number and by size", async () => {
  const { asked, answers } = await collector();
  const all = Array.from({ length: MOST_ANSWERS + 1 }, (_, n) => answers.hand(rootOf(n), answer));
  await Promise.all(all);
  expect(asked.map(({ length }) => length).toSorted((a, b) => b - a)).toEqual([MOST_ANSWERS, 1]);
  asked.length = 0;
  // As long as one may be: every fact of a full batch is missing.
  const silent = Array.from({ length: 256 }, (_, fact) => ({ fact, why: "nodes_disagree" as const }));
  await Promise.all(Array.from({ length: 40 }, (_, n) => answers.hand(rootOf(n), { ...answer, silent })));
  expect(asked.flat()).toHaveLength(40);
  expect(asked.length).toBeGreaterThan(1);
});

test("while requests are under way what is ready waits, and goes together then", async () => {
  const held: ServerResponse[] = [];
  const { asked, answers } = await collector((response) => void held.push(response));
  const first: Promise<void>[] = [];
  for (let n = 0; n < 4; n++) {
    first.push(answers.hand(rootOf(n), answer));
    await expect.poll(() => held.length).toBe(n + 1);
  }
  const later = [4, 5].map((n) => answers.hand(rootOf(n), answer));
  taken(held.shift() as ServerResponse);
  await Promise.race(first);
  await expect.poll(() => asked.length).toBe(5);
  expect(asked[4]).toEqual([4, 5].map(rootOf));
  for (const response of held) taken(response);
  await Promise.all([...first, ...later]);
});

test("a collector that is away is told to whoever hands in, and asked again with the next", async () => {
  let isAway = true;
  const { asked, answers } = await collector((response) => {
    if (isAway) response.destroy();
    else taken(response);
  });
  await expect(answers.hand(rootOf(1), answer)).rejects.toBeInstanceOf(Error);
  isAway = false;
  await answers.hand(rootOf(2), answer);
  expect(asked).toEqual([[rootOf(1)], [rootOf(2)]]);
});

test.each([
  [
    "refuses one",
    (response: ServerResponse) => response.end(`{"refused":[{"root":"${rootOf(1)}","why":"x"}]}`),
  ],
  ["refuses all", (response: ServerResponse) => response.writeHead(429).end("{}")],
])("a collector that %s has answered", async (_, respond) => {
  const { answers } = await collector(respond);
  expect(await answers.hand(rootOf(1), answer)).toBeUndefined();
});
