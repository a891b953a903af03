import { createServer } from "node:net";

/**
 * Systems give ports above these to whoever asks for any: Linux from 32,768 on, others from 49,152. What is kept for a
 * program that stops and comes back would be somebody else's meanwhile.
 */
const [FIRST, LAST] = [20_000, 31_999];
const TRIES = 100;

/** A port on this machine that nobody has now, and that stays free while its program is away, as far as that can be had. */
export async function keptPort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST + 1));
    if ((await claim(port)) && (await isFreePort(port))) return port;
  }
  throw new Error(`no port from ${FIRST} to ${LAST} is free: ${TRIES} were tried`);
}

/**
 * Whoever looked a moment before us was perhaps given it, and its program does not listen yet. So a name is held for as long as this
 * process lives. Only Linux has names that end with their process; elsewhere chance has to do.
 */
function claim(port: number): Promise<boolean> {
  if (process.platform !== "linux") return Promise.resolve(true);
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ path: `\0sooth-port-${port}` }, () => {
      server.unref();
      resolve(true);
    });
  });
}

export function isFreePort(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
