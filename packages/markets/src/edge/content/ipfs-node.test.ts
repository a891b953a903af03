import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Hex } from "@sooth/kernel";
import { expect, onTestFinished, test } from "vitest";
import { cidOf } from "../../core/index.ts";
import { ipfsNode } from "./ipfs-node.ts";

const HASH: Hex = `0x${"5c".repeat(32)}`;

test.each([
  ["", "/api/v0/pin/rm"],
  ["/", "/api/v0/pin/rm"],
  ["/node", "/node/api/v0/pin/rm"],
  ["/node/", "/node/api/v0/pin/rm"],
])("a node at “%s” is asked there, with the credentials of its address", async (where, path) => {
  const asked: (string | undefined)[] = [];
  const server = createServer(({ url, headers }, response) => {
    asked.push(url, headers.authorization);
    response.writeHead(500).end(JSON.stringify({ Message: "not pinned or pinned indirectly" }));
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const node = ipfsNode(`http://who:p%40ss@127.0.0.1:${port}${where}`);
  await node.unpin({ sha256: HASH, request: null }, AbortSignal.timeout(10_000));
  const basic = Buffer.from("who:p@ss").toString("base64");
  expect(asked).toEqual([`${path}?arg=${cidOf(HASH)}`, `Basic ${basic}`]);
});
