import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Hex } from "@sooth/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readTexts } from "./texts.ts";

/** What the store gives under a name: bytes, or a status. */
const store = new Map<string, Buffer | number>();
let asked = 0;
const server = createServer((request, response) => {
  asked += 1;
  const found = store.get(request.url ?? "") ?? 404;
  if (typeof found === "number") response.writeHead(found).end();
  else response.end(found);
});
let origin = "";
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const hashOf = (bytes: Buffer): Hex => `0x${createHash("sha256").update(bytes).digest("hex")}`;
function put(place: string, bytes: Buffer, given: Buffer | number = bytes): Hex {
  const hash = hashOf(bytes);
  store.set(`/${place}/${hash}`, given);
  return hash;
}
const read = async (hash: Hex, ...places: string[]) => {
  const gateways = places.map((place) => `${origin}/${place}/{sha256}`);
  return (await readTexts(gateways, [hash], new AbortController().signal)).get(hash);
};

test("a text is read from the first store that has it, once", async () => {
  const hash = put("b", Buffer.from("\ufeffZoos are prisons. 动物园"));
  expect(await read(hash, "a", "b")).toEqual({ found: "text", text: "\ufeffZoos are prisons. 动物园" });
  const before = asked;
  expect(await read(hash, "a", "b")).toMatchObject({ found: "text" });
  expect(asked).toBe(before);
});

test.each<[string, Buffer, Buffer | number | null, string]>([
  ["that nobody has", Buffer.from("never sent"), null, "absent"],
  ["that was erased", Buffer.from("erased"), 451, "absent"],
  ["whose store is down", Buffer.from("down"), 503, "away"],
  ["in place of which another comes", Buffer.from("right"), Buffer.from("wrong"), "away"],
  ["that is no UTF-8", Buffer.from([0xff, 0xfe, 0x41]), Buffer.from([0xff, 0xfe, 0x41]), "absent"],
  ["that is too long", Buffer.alloc(16_385, 65), Buffer.alloc(16_385, 65), "absent"],
  // Else one stake on the hash of a file would keep all of a market's opinions from being read.
  ["that is a whole file", Buffer.alloc(4_194_304, 65), Buffer.alloc(4_194_304, 65), "absent"],
  ["in place of which a file comes", Buffer.from("short"), Buffer.alloc(2_000_000, 65), "away"],
  [
    "in place of which more comes than any store keeps",
    Buffer.from("s"),
    Buffer.alloc(4_194_305, 65),
    "away",
  ],
])("a text %s is told so", async (_, bytes, given, found) => {
  const hash = given === null ? hashOf(bytes) : put("c", bytes, given);
  expect((await read(hash, "c"))?.found).toBe(found);
});

test("one store that is down leaves it open whether a text is nowhere; another that has it settles it", async () => {
  const bytes = Buffer.from("kept by one of two");
  const hash = put("down", bytes, 503);
  expect(await read(hash, "down", "empty")).toMatchObject({ found: "away" });
  put("full", bytes);
  expect(await read(hash, "down", "full")).toMatchObject({ found: "text" });
});
