import { readFileSync, writeFileSync } from "node:fs";
import { isFreePort, keptPort } from "@sooth/runtime";
import path from "node:path";
import { z } from "zod";
import { ServerError } from "../errors.ts";

const portsShape = z.object({
  hub: z.number(),
  rollupA: z.number(),
  rollupB: z.number(),
  postgres: z.number(),
  exchangeA: z.number(),
  exchangeB: z.number(),
  exchangeC: z.number(),
  beacon: z.number(),
});
export type Ports = z.infer<typeof portsShape>;

/** What wallets and tools expect of a local node; the others are ours. */
const PREFERRED: Ports = {
  hub: 8545,
  rollupA: 8546,
  rollupB: 8547,
  postgres: 54_329,
  exchangeA: 8551,
  exchangeB: 8552,
  exchangeC: 8553,
  beacon: 8554,
};

/**
 * The engines' ports. Chosen at the first start (the usual ones where free) and kept in the data folder from then on,
 * because questions on chain name the sources by URL.
 * @throws server.data_unreadable
 */
export async function enginePorts(dataDir: string, anyFree: boolean): Promise<Ports> {
  const file = path.join(dataDir, "ports.json");
  const chosen = read(file) ?? {};
  // A folder of an older version lacks those of engines that came later.
  const missing = (Object.entries(PREFERRED) as [keyof Ports, number][]).filter(
    ([name]) => chosen[name] === undefined,
  );
  if (missing.length === 0) return portsShape.parse(chosen);
  for (const [name, port] of missing)
    chosen[name] = !anyFree && (await isFreePort(port)) ? port : await keptPort();
  writeFileSync(file, JSON.stringify(chosen, null, 2));
  return portsShape.parse(chosen);
}

function read(file: string): Partial<Ports> | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined; // the first start
  }
  try {
    return portsShape.partial().parse(JSON.parse(text));
  } catch {
    throw ServerError.data_unreadable({ file });
  }
}

/** @throws server.port_busy */
export async function requireFree(
  port: number,
  what: string,
  hint: string,
  host = "127.0.0.1",
): Promise<void> {
  if (port !== 0 && !(await isFreePort(port, host))) throw ServerError.port_busy({ port, what, hint });
}

/** Starts what listens on a kept port. @throws server.port_busy */
export async function portAsSentence<T>(port: number, what: string, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE")) throw cause;
    const hint = "Stop that program; questions that are open name these ports, so they cannot be others.";
    throw ServerError.port_busy({ port, what, hint }, { cause });
  }
}
