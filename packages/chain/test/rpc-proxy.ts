import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export type RpcCall = { id: number; method: string; params: unknown[] };
/** What the proxy makes of a node's answer: another result, no answer at all, or HTTP 500. */
export type Twist = (call: RpcCall, result: unknown) => unknown;
export const STALL = Symbol("stall");
export const BREAK = Symbol("break");
/** An error of JSON-RPC, as nodes refuse what is too much for them. */
export const REFUSE = Symbol("refuse");

export type RpcProxy = { url: string; calls: string[]; twist: Twist; close(): Promise<void> };

/** A node that passes calls on to an honest one, and twists what comes back. */
export async function startProxy(upstream: string, twist: Twist = (_, result) => result): Promise<RpcProxy> {
  const server = createServer((request, response) => {
    void (async () => {
      const chunks = await request.toArray();
      const body = JSON.parse(Buffer.concat(chunks as Buffer[]).toString()) as RpcCall | RpcCall[];
      const calls = [body].flat();
      proxy.calls.push(...calls.map(({ method }) => method));
      const answers = await Promise.all(
        calls.map(async (call) => {
          const answer = (await (
            await fetch(upstream, {
              method: "POST",
              headers: { "content-type": "application/json" },
              body: JSON.stringify(call),
            })
          ).json()) as { result?: unknown };
          if (!("result" in answer)) return answer;
          const result = proxy.twist({ ...call, params: call.params ?? [] }, answer.result);
          if (result !== REFUSE) return Object.assign(answer, { result });
          return { jsonrpc: "2.0", id: call.id, error: { code: -32602, message: "block range is too wide" } };
        }),
      );
      const results = new Set(answers.map((answer) => ("result" in answer ? answer.result : null)));
      if (results.has(STALL)) return;
      response.statusCode = results.has(BREAK) ? 500 : 200;
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(Array.isArray(body) ? answers : answers[0]));
    })();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy: RpcProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    twist,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return proxy;
}
