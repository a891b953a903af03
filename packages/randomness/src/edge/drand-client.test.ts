import { AppError } from "@sooth/kernel";
import { createServer, type RequestListener } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { identity, relay, relays, SECRET } from "../../test/relays.ts";
import { sign } from "../core/index.ts";
import type { BeaconFault } from "../local-beacon/index.ts";
import { drandClient } from "./drand-client.ts";

/** Slow is nobody here but who is told to be: the machine may be. */
const clientOf = (...urls: string[]) =>
  drandClient({ identity: async () => identity, urls, timeoutMs: 10_000, nextAfterMs: 10_000 });
const failureOf = async (asked: Promise<unknown>): Promise<{ code: string; tried: readonly string[] }> => {
  const error = await asked.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof AppError)) throw new Error("it did not fail as it should", { cause: error });
  return { code: error.code, tried: (error.data as { tried: string[] }).tried };
};

test("both protocols give the same round", async () => {
  const { beacon } = await relay();
  const wanted = { round: 7n, signature: sign(SECRET, 7n) };
  expect(await clientOf(beacon.url).fetch(7n)).toEqual(wanted);
  expect(await clientOf(beacon.firstUrl).fetch(7n)).toEqual(wanted);
  expect(await clientOf(`${beacon.firstUrl}/`).fetch(7n)).toEqual(wanted);
});

test("the latest round is that of the relay's clock", async () => {
  const { beacon, time } = await relay();
  for (const url of [beacon.url, beacon.firstUrl]) expect((await clientOf(url).latest()).round).toBe(101n);
  time.now += 3;
  expect((await clientOf(beacon.url).latest()).round).toBe(102n);
});

test("a round that is not published yet is not to be had", async () => {
  const { beacon } = await relay();
  const { code, tried } = await failureOf(clientOf(beacon.url, beacon.firstUrl).fetch(102n));
  expect(code).toBe("randomness.beacon_unreachable");
  expect(tried).toHaveLength(2);
  expect(tried.every((text) => text.endsWith("does not have it"))).toBe(true);
});

test.each<[BeaconFault, string]>([
  [{ kind: "down" }, "cannot be reached"],
  [{ kind: "broken" }, "answered with HTTP 500"],
  [{ kind: "late", seconds: 1_000 }, "does not have it"],
  [{ kind: "wrong_signature" }, "answered with a signature that does not hold"],
  [{ kind: "wrong_round" }, "answered with round 6"],
  [{ kind: "garbage" }, "answered with something else than JSON"],
])("a relay that acts out %o is told in words, and the next one asked", async (fault, found) => {
  const [first, second] = await relays(2);
  first.fail(fault);
  const { tried } = await failureOf(clientOf(first.url).fetch(7n));
  expect(tried).toEqual([`${new URL(first.url).host} ${found}`]);
  expect((await clientOf(first.url, second?.url ?? "").fetch(7n)).signature).toBe(sign(SECRET, 7n));
});

test("a relay that never answers is left for the next one", async () => {
  const [first, second] = await relays(2);
  first.fail({ kind: "stall" });
  const urls = [first.url, second?.url ?? ""];
  const patient = drandClient({
    identity: async () => identity,
    urls,
    timeoutMs: 2_000,
    nextAfterMs: 60_000,
  });
  expect((await patient.fetch(7n)).signature).toBe(sign(SECRET, 7n));
  const hasty = drandClient({ identity: async () => identity, urls: [first.url], timeoutMs: 50 });
  expect((await failureOf(hasty.fetch(7n))).tried).toEqual([
    `${new URL(first.url).host} did not answer in time`,
  ]);
});

test("a relay that is slow is not waited for alone: the first answer that holds is taken, and the others are let go", async () => {
  const [first, second, third] = await relays(3);
  first.fail({ kind: "stall" });
  second?.fail({ kind: "wrong_signature" });
  const urls = [first.url, second?.url ?? "", third?.url ?? ""];
  // Longer than any test: only who asks the next one while the first is silent comes to an end.
  const client = drandClient({ identity: async () => identity, urls, timeoutMs: 3_600_000, nextAfterMs: 20 });
  expect((await client.fetch(7n)).signature).toBe(sign(SECRET, 7n));
  expect([first.requests(), second?.requests(), third?.requests()]).toEqual([1, 1, 1]);
});

test("of two slow relays the one that comes to speak is taken, though it was asked first", async () => {
  const [slow, silent] = await relays(2);
  silent?.fail({ kind: "stall" });
  const gate = Promise.withResolvers<void>();
  const front = createServer(async (request, response) => {
    await gate.promise;
    const answered = await fetch(new URL(request.url ?? "/", slow.url));
    response.end(await answered.text());
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => front.once("listening", resolve));
  onTestFinished(() => void front.close());
  const { port } = front.address() as { port: number };
  const urls = [slow.url.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${port}`), silent?.url ?? ""];
  const client = drandClient({ identity: async () => identity, urls, timeoutMs: 3_600_000, nextAfterMs: 20 });
  const asked = client.fetch(7n);
  await expect.poll(() => silent?.requests()).toBe(1);
  gate.resolve();
  expect((await asked).signature).toBe(sign(SECRET, 7n));
});

test("a relay of another key is not believed, nor for its latest round", async () => {
  const { beacon } = await relay({ secretKey: SECRET + 1n });
  for (const asked of [clientOf(beacon.url).fetch(7n), clientOf(beacon.url).latest()])
    expect((await failureOf(asked)).tried[0]).toContain("signature that does not hold");
});

test("the preferred relay alone is asked while it answers", async () => {
  const [first, second] = await relays(2);
  await clientOf(first.url, second?.url ?? "").fetch(7n);
  expect([first.requests(), second?.requests()]).toEqual([1, 0]);
});

test.each<[string, RequestListener, string]>([
  [
    "a redirect",
    (_, response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
    "cannot be reached",
  ],
  ["a megabyte", (_, response) => response.end(" ".repeat(1_000_000)), "answered at length"],
  [
    "another shape",
    (_, response) => response.end('{"round":"7"}'),
    "answered with something else than a round",
  ],
])("%s is no answer", async (_, listener, found) => {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  const { tried } = await failureOf(clientOf(`http://127.0.0.1:${port}`).fetch(7n));
  expect(tried).toEqual([`127.0.0.1:${port} ${found}`]);
});

test("whoever stops waiting is not asked further", async () => {
  const [first, second] = await relays(2);
  first.fail({ kind: "stall" });
  const stop = new AbortController();
  const asked = clientOf(first.url, second?.url ?? "").fetch(7n, stop.signal);
  await expect.poll(() => first.requests()).toBe(1);
  stop.abort(new Error("enough"));
  await expect(asked).rejects.toThrow("enough");
  expect(second?.requests()).toBe(0);
});
