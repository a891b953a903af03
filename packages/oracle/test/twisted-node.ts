import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

type RpcCall = { id: number; method: string; params?: unknown[] };
/** What becomes of a node's result; undefined fails the call. */
export type Twist = (call: RpcCall, result: unknown) => unknown;

/** A second node of the same chain: passes calls on to `upstream`, and twists what comes back on command. */
export async function startTwistedNode(upstream: string) {
  const node = { url: "", twist: ((_, result) => result) as Twist, stop: async () => {} };
  const pass = async (call: RpcCall) => {
    const response = await fetch(upstream, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(call),
    });
    const answer = (await response.json()) as { result?: unknown };
    if (!("result" in answer)) return answer;
    const result = node.twist(call, answer.result);
    if (result !== undefined) return { ...answer, result };
    return { jsonrpc: "2.0", id: call.id, error: { code: -32000, message: "missing trie node at 10.0.0.7" } };
  };
  const server = createServer((request, response) => {
    void (async () => {
      const body = JSON.parse(Buffer.concat(await request.toArray()).toString()) as RpcCall | RpcCall[];
      const answers = await Promise.all([body].flat().map(pass));
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(Array.isArray(body) ? answers : answers[0]));
    })();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  node.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  node.stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return node;
}
