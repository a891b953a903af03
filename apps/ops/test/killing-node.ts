import {
  courtAbi,
  drandBeaconAbi,
  epochsAbi,
  guardAbi,
  ladderAbi,
  marketsAbi,
  oracleAbi,
  slasherAbi,
  stakeManagerAbi,
} from "@sooth/abi";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Abi, type Hex, parseTransaction, toFunctionSelector } from "viem";

const ABI: Abi = [
  ...oracleAbi,
  ...ladderAbi,
  ...courtAbi,
  ...slasherAbi,
  ...drandBeaconAbi,
  ...stakeManagerAbi,
  ...epochsAbi,
  ...guardAbi,
  ...marketsAbi,
];
const NAMES = new Map(
  ABI.flatMap((item) => (item.type === "function" ? [[toFunctionSelector(item), item.name] as const] : [])),
);
type Call = { id: number; method: string; params?: unknown[] };

/**
 * A node that passes everything on to an honest one. Who sends a transaction through it hears of it only after `onSent`,
 * with the node having it already: the moment between sending and recording.
 */
export async function startKillingNode(
  upstream: string,
  onSent: (call: string) => Promise<unknown>,
): Promise<{ url: string; close(): Promise<void> }> {
  const pass = async (call: Call): Promise<unknown> => {
    const response = await fetch(upstream, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(call),
    });
    const answer: unknown = await response.json();
    if (call.method === "eth_sendRawTransaction") await onSent(nameOf(call.params?.[0] as Hex));
    return answer;
  };
  const server = createServer((request, response) => {
    void (async () => {
      const chunks = await request.toArray();
      const body = JSON.parse(Buffer.concat(chunks as Buffer[]).toString()) as Call | Call[];
      const answers = Array.isArray(body) ? await Promise.all(body.map(pass)) : await pass(body);
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(answers));
      // Who asked may be dead by now.
    })().catch(() => response.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const nameOf = (raw: Hex): string =>
  NAMES.get(parseTransaction(raw).data?.slice(0, 10) as Hex) ?? "something else";
