import { need } from "@sooth/kernel";
import { type App, createApp, logger } from "@sooth/runtime";
import { privateKeyToAccount } from "viem/accounts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { HELLO_HEADER, helloHeader, helloTypedData } from "../../core/index.ts";
import { batchRoutes } from "./batch-routes.ts";
import { Gatherings } from "./gatherings.ts";

const at = { chainId: 31_337, attesters: `0x${"a7".repeat(20)}` } as const;
const seated = [1, 2].map((n) => privateKeyToAccount(`0x${String(n).repeat(64)}`));
const stranger = privateKeyToAccount(`0x${"3".repeat(64)}`);
const [first, second] = [need(seated[0], "an account"), need(seated[1], "an account")];

let app: App;
let url: string;
let ends: AbortController;
beforeEach(async () => {
  ends = new AbortController();
  app = await createApp({ log: logger("test"), version: "0" });
  const gatherings = new Gatherings({
    at,
    attestersOf: async () => ({ epoch: 1, totalWeight: 0n, seats: [] }),
    limits: async () => ({ quorumBps: 6_000n, longestValidity: 900 }),
    now: async () => 1_000,
    isSeated: async (signer) => seated.some(({ address }) => address.toLowerCase() === signer),
  });
  batchRoutes(app, gatherings, ["sooth.example"]);
  url = await app.listen({ port: 0, host: "127.0.0.1" });
});
afterEach(async () => {
  ends.abort();
  app.server.closeAllConnections();
  await app.close();
});

async function listen(hello?: string) {
  const response = await fetch(new URL("/v1/bundles/batches/stream", url), {
    headers: hello === undefined ? {} : { [HELLO_HEADER]: hello },
    signal: ends.signal,
  });
  const reader = need(response.body, "a body").getReader();
  return { status: response.status, reader };
}
const statusOf = async (hello?: string) => (await listen(hello)).status;

let moment = Date.now();
async function helloOf(account = first, over: { host?: string; at?: number } = {}) {
  const hello = { host: "sooth.example", at: ++moment, ...over };
  const signature = await account.signTypedData(helloTypedData(at, hello));
  return helloHeader({ signer: account.address, at: hello.at, signature });
}
/** So many that no stranger of this address gets in any more. */
async function fill() {
  for (let n = 0; n < 4; n++) expect(await statusOf()).toBe(200);
  expect(await statusOf()).toBe(429);
}

test("strangers of one address fill a few places, and those of the seated are kept", async () => {
  await fill();
  expect(await statusOf(await helloOf(first))).toBe(200);
  expect(await statusOf(await helloOf(second))).toBe(200);
});

test("whoever comes back takes the place of his oldest connection", async () => {
  await fill();
  const { reader } = await listen(await helloOf());
  await reader.read();
  expect(await statusOf(await helloOf())).toBe(200);
  expect(await statusOf(await helloOf())).toBe(200);
  expect((await reader.read()).done).toBe(true);
});

test("a hello is good for one who sits, for this server, now, and once", async () => {
  await fill();
  expect(await statusOf(await helloOf(stranger))).toBe(429);
  expect(await statusOf(await helloOf(first, { host: "other.example" }))).toBe(429);
  expect(await statusOf(await helloOf(first, { at: Date.now() - 120_000 }))).toBe(429);
  const taken = (await helloOf(second)).split(" ");
  // Another's signature under his own name.
  expect(await statusOf([first.address.toLowerCase(), taken[1], taken[2]].join(" "))).toBe(429);
  expect(await statusOf("hello")).toBe(429);
  const used = await helloOf();
  expect(await statusOf(used)).toBe(200);
  expect(await statusOf(used)).toBe(429);
});

test("a place is free again when its listener has gone", async () => {
  await fill();
  ends.abort();
  ends = new AbortController();
  await expect.poll(() => statusOf()).toBe(200);
});
