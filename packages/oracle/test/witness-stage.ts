import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { logger } from "@sooth/runtime";
import { pricePerToken } from "../src/core/index.ts";
import { openLedger } from "../src/edge/provider/witness/ledger.ts";
import { openWitness, type WitnessOptions } from "../src/edge/provider/witness/witness-model.ts";
import { API_KEY, type Script, startMessages } from "./messages/simulator.ts";

/** Dollars for a million tokens. */
export const PRICES = { input: pricePerToken("2"), output: pricePerToken("10") };

/** Pages behind one origin, the service that reads them, and a model that is asked without pauses between tries. */
export async function witnessStage(...script: Script[]) {
  const pages = new Map<string, string | number>();
  const server = createServer((request, response) => {
    const page = pages.get((request.url ?? "").slice(1)) ?? 404;
    if (typeof page === "number") response.writeHead(page).end();
    else response.end(page);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const messages = await startMessages(...script);
  const log = logger("witness");
  const modelOf = async (over: Partial<WitnessOptions> = {}) =>
    openWitness({
      apiKey: API_KEY,
      baseUrl: messages.url,
      model: "claude-sonnet-5-5",
      family: "claude",
      minConfidence: 80,
      prices: PRICES,
      ledger: await openLedger({ file: undefined, capPerDay: 10n ** 12n, now: () => 0 }),
      log,
      firstDelayMs: 1,
      timeoutMs: 60_000,
      ...over,
    });
  return {
    origin,
    pages,
    messages,
    modelOf,
    stop: async () => {
      await messages.stop();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
export type WitnessStage = Awaited<ReturnType<typeof witnessStage>>;
