import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { asked, boolSchema, handoverOf, OPENS, seatOf } from "../../../test/people.ts";
import { apiClient } from "./api-client.ts";

type Will = (response: ServerResponse) => void;
const refuse =
  (status: number, code: string, headers: Record<string, string> = {}): Will =>
  (response) =>
    void response.writeHead(status, headers).end(JSON.stringify({ error: { code, message: "no" } }));
const reset: Will = (response) => void response.destroy();
const page: Will = (response) => void response.writeHead(502).end("<html>bad gateway</html>");
const question = asked(boolSchema());
const accept: Will = (response) =>
  void response.end(
    JSON.stringify({
      question: question.id,
      signer: seatOf(0).address,
      seat: 0,
      receivedAt: OPENS,
      repeated: true,
      receipt: null,
    }),
  );

/** An API that does one thing after the other, the last one for ever; `keys` are the idempotency keys that it saw. */
async function api(...wills: readonly Will[]) {
  const keys: (string | undefined)[] = [];
  const server = createServer(async (request, response) => {
    keys.push(request.headers["idempotency-key"]?.toString());
    for await (const _ of request);
    (wills[keys.length - 1] ?? wills.at(-1))?.(response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { keys, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
const KEY = `0x${"1d".repeat(32)}` as const;
const handOver = async (url: string, signal = new AbortController().signal) =>
  apiClient(url, signal, 1).handOver(await handoverOf(seatOf(0), question, 1n), KEY);

test("what passes is waited for, and every try names the same report", async () => {
  const { keys, url } = await api(refuse(503, "store.unreachable"), reset, page, accept);
  expect(await handOver(url)).toEqual({ outcome: "accepted", repeated: true, receipt: null });
  expect(keys).toEqual([KEY, KEY, KEY, KEY]);
});

test("what stays is left to the schedule after four tries", async () => {
  const down = await api(refuse(503, "store.unreachable"));
  expect(await handOver(down.url)).toMatchObject({ outcome: "later", code: "store.unreachable" });
  expect(down.keys).toHaveLength(4);
  const gone = await api(reset);
  await expect(handOver(gone.url)).rejects.toThrow("fetch failed");
  expect(gone.keys).toHaveLength(4);
});

test("a refusal is final at once, and a long wait is not sat out", async () => {
  const never = await api(refuse(400, "oracle.out_of_bounds"));
  expect(await handOver(never.url)).toMatchObject({ outcome: "never", code: "oracle.out_of_bounds" });
  const early = await api(refuse(409, "oracle.too_early"));
  expect(await handOver(early.url)).toMatchObject({ outcome: "later", code: "oracle.too_early" });
  const busy = await api(refuse(429, "http.too_many_requests", { "retry-after": "60" }));
  expect(await handOver(busy.url)).toMatchObject({ outcome: "later", code: "http.too_many_requests" });
  expect([never, early, busy].map(({ keys }) => keys.length)).toEqual([1, 1, 1]);
});

test("an aborted provider tries no more", async () => {
  const stop = new AbortController();
  const { keys, url } = await api((response) => {
    stop.abort();
    refuse(503, "store.unreachable")(response);
  });
  await expect(handOver(url, stop.signal)).rejects.toThrow("abort");
  expect(keys).toHaveLength(1);
});

const show = (items: unknown[], more = ""): Will => {
  return (response) => void response.end(JSON.stringify({ items }) + more);
};
const read = async (will: Will) =>
  apiClient((await api(will)).url, new AbortController().signal).batches(question.id);

test("of batches no more is read than there can be", async () => {
  const hash = `0x${"0c".repeat(32)}`;
  const one = { seat: 0, commitment: hash, signature: `0x${"11".repeat(65)}` };
  const batch = (size: number) => ({
    epoch: 1,
    round: 0,
    phase: 1,
    chained: hash,
    posted: true,
    cosigned: 0,
    commitments: Array.from({ length: size }, () => one),
  });
  expect(await read(show([batch(32)]))).toHaveLength(1);
  await expect(read(show([batch(33)]))).rejects.toThrow("too_big");
  await expect(read(show(Array.from({ length: 13 }, () => batch(1))))).rejects.toThrow("too_big");
  await expect(read(show([], " ".repeat(1_048_577)))).rejects.toThrow("more than 1048576 bytes");
});
