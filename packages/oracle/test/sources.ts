import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What a source does when it is asked: tells a close, has none yet, or fails. */
export type Behaviour = { close: string } | "silent" | "down";

/** Several sources behind one origin, each with its own will. */
export async function startSources(names: readonly string[]) {
  const does = new Map<string, Behaviour>(names.map((name) => [name, "down"]));
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const name = request.url?.split("/")[1] ?? "";
    asked.push(request.url ?? "");
    const will = does.get(name) ?? "down";
    if (will === "down") response.writeHead(403).end("closed");
    else response.end(will === "silent" ? "[]" : `[[1750000000,"1","2","0.5","${will.close}"]]`);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    asked,
    /** As a question names them. */
    named: names.map((name) => ({ name, url: `${origin}/${name}/{observeAt}`, path: "0.4", unit: "USD" })),
    set: (behaviour: Behaviour, ...which: readonly string[]) => {
      for (const name of which.length > 0 ? which : names) does.set(name, behaviour);
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
export type Sources = Awaited<ReturnType<typeof startSources>>;
