import type { Socket } from "node:net";
import type { App } from "./options.ts";

export type Served = {
  /** `http://host:port`, with the port that was really taken. */
  url: string;
  port: number;
  /** Drains: see `serve`. */
  stop(): Promise<void>;
};

/** A request that has not finished by then is cut off. */
const GRACE_MS = 30_000;
const SWEEP_MS = 50;

/**
 * Listens. `stop` drains: readiness fails first; after `leadMs`, in which a balancer takes this process out of its
 * rounds, no new connection is taken; requests in flight get up to 30 s to finish; event streams are ended.
 */
export async function serve(
  app: App,
  options: { host?: string; port: number; leadMs?: number; graceMs?: number },
): Promise<Served> {
  const connections = new Set<Socket>();
  app.server.on("connection", (socket: Socket) => {
    connections.add(socket);
    socket.on("close", () => connections.delete(socket));
  });
  await app.listen({ host: options.host ?? "127.0.0.1", port: options.port });
  const address = app.server.address();
  const port = typeof address === "object" && address ? address.port : options.port;
  let stopping: Promise<void> | undefined;

  async function drain(): Promise<void> {
    app.startDrain();
    if (options.leadMs) await new Promise((resolve) => setTimeout(resolve, options.leadMs));
    const cut = setTimeout(() => app.server.closeAllConnections(), options.graceMs ?? GRACE_MS);
    // Node closes what is idle once, at the beginning. A connection whose last request ends later, and one that a
    // browser opened in advance and never used, would hold up the stop for as long as their clients like.
    const sweep = setInterval(() => {
      app.server.closeIdleConnections();
      for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
    }, SWEEP_MS);
    try {
      await app.close();
    } finally {
      clearTimeout(cut);
      clearInterval(sweep);
    }
  }

  return { url: `http://${options.host ?? "127.0.0.1"}:${port}`, port, stop: () => (stopping ??= drain()) };
}
