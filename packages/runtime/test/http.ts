import { connect } from "node:net";
import {
  configureLogs,
  createApp,
  logger,
  serve,
  type App,
  type HttpOptions,
  type Served,
} from "@sooth/runtime";
import { onTestFinished } from "vitest";

export type Running = Served & { app: App; lines: string[] };

/** An app on a free port, stopped with the test; `lines` is what it logged. */
export async function running(
  options: Partial<HttpOptions> = {},
  routes: (app: App) => void = () => {},
  drain: { port?: number; leadMs?: number; graceMs?: number } = {},
): Promise<Running> {
  const lines: string[] = [];
  configureLogs({ sink: { write: (line) => lines.push(line) } });
  const app = await createApp({ log: logger("test"), version: "1.2.3", ...options });
  routes(app);
  const served = await serve(app, { port: 0, ...drain });
  onTestFinished(async () => {
    await served.stop();
    configureLogs({ sink: process.stdout });
  });
  return { ...served, app, lines };
}

/** Writes bytes to the port as they are, and gives all that comes back until the server closes or `ms` have passed. A deaf one reads nothing. */
export function raw(port: number, bytes: string, ms = 5000, deaf = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    let answer = "";
    const timer = setTimeout(() => socket.destroy(), ms);
    if (deaf) socket.pause();
    else socket.on("data", (chunk) => (answer += chunk.toString()));
    socket.on("error", reject);
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(answer);
    });
  });
}

export type ErrorAnswer = { error: { code: string; message: string; data?: unknown; requestId: string } };

/** Posts a body that is text already. */
export const post = (url: string, body: string, type = "application/json"): Promise<Response> =>
  fetch(url, { method: "POST", body, headers: { "content-type": type } });

/** `status code` of an error answer: `400 http.bad_json`. */
export const told = async (response: Response | Promise<Response>): Promise<string> => {
  const answer = await response;
  return `${answer.status} ${((await answer.json()) as ErrorAnswer).error.code}`;
};
