import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bytesOf, cidOf, hashOf } from "../../core/index.ts";
import { readThrough } from "./read-through.ts";

const TEXT = bytesOf("Kept by one of two.");
const CID = cidOf(hashOf(TEXT));
/** Requests that one gateway leaves without an answer. */
let hanging = 0;
let hangingWhenGiven: number | null = null;
const server = createServer((request, response) => {
  if (request.url === `/hangs/${CID}`) {
    hanging += 1;
    response.on("close", () => (hanging -= 1));
  } else if (request.url === `/has/${CID}`) {
    hangingWhenGiven = hanging;
    response.end(TEXT);
  } else response.writeHead(404).end();
});
let origin = "";
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

test("nobody waits for a gateway that hangs where another has the text", async () => {
  const gateways = ["hangs", "empty", "has"].map((name) => `${origin}/${name}/{cid}`);
  const read = await readThrough(gateways, hashOf(TEXT));
  expect(read && Buffer.from(read).toString()).toBe("Kept by one of two.");
  expect(hangingWhenGiven).toBe(1);
  await expect.poll(() => hanging).toBe(0);
});

test("where none has it, there is nothing", async () => {
  expect(await readThrough([`${origin}/empty/{cid}`], hashOf(TEXT))).toBeNull();
  expect(await readThrough([], hashOf(TEXT))).toBeNull();
});
