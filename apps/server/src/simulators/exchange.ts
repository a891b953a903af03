import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "@sooth/kernel";
import { binance } from "./dialects/binance.ts";
import { coinbase } from "./dialects/coinbase.ts";
import type { ClosedCandles, Dialect, ExchangeReply } from "./dialects/dialect.ts";
import { kraken } from "./dialects/kraken.ts";
import { type Fault, distort, fault } from "./fault.ts";
import type { Candle, PriceSeries } from "./series.ts";
import { SimulatorError } from "./simulator-error.ts";

export const DIALECTS = { coinbase, kraken, binance } satisfies Record<string, Dialect>;
export type DialectName = keyof typeof DIALECTS;

export type ExchangeOptions = {
  dialect: DialectName;
  /** 0 takes a free one. */
  port?: number;
  series: PriceSeries;
  /** Unix seconds of the chain that asks: a slice is told once it has closed by this clock. */
  now: () => number | Promise<number>;
  /** Serves `/__control`: GET tells the fault and the count of requests, PUT sets a fault. For tests and drills. */
  control?: boolean;
};

export type Exchange = {
  name: DialectName;
  /** Origin, without a slash at its end. */
  url: string;
  port: number;
  /** From the next request on. */
  fail(next: Fault): void;
  requests(): number;
  stop(): Promise<void>;
};

const CONTROL_PATH = "/__control";
const HOST = "127.0.0.1";

/** A local HTTP server that speaks one exchange's public candle protocol, and fails on command. */
export async function startExchange(options: ExchangeOptions): Promise<Exchange> {
  const dialect = DIALECTS[options.dialect];
  const stopped = new AbortController();
  let active: Fault = { kind: "none" };
  let requests = 0;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", `http://${HOST}`);
    const serve = async () => {
      if (options.control && url.pathname === CONTROL_PATH) {
        if (request.method === "PUT") active = await readFault(request);
        return send(response, { status: 200, body: { fault: active, requests } });
      }
      requests += 1;
      if (request.method !== "GET")
        return send(response, { status: 405, body: { message: "Method not allowed" } });
      const candles = closedCandles(options.series, Math.floor(await options.now()), active);
      return act(active, response, stopped.signal, dialect, () =>
        dialect.answer({ path: url.pathname, query: url.searchParams }, candles),
      );
    };
    serve().catch((error: unknown) => refuse(response, error));
  });
  await listen(server, options.port ?? 0);
  const address = server.address();
  if (address === null || typeof address === "string")
    throw SimulatorError.no_port({ exchange: dialect.name });
  return {
    name: options.dialect,
    url: `http://${HOST}:${address.port}`,
    port: address.port,
    fail: (next) => {
      active = next;
    },
    requests: () => requests,
    stop: async () => {
      stopped.abort();
      server.closeAllConnections();
      await new Promise<void>((resolve, reject) =>
        server.close((error) => (error ? reject(error) : resolve())),
      );
    },
  };
}

/** What the exchange may tell at `now`: slices that have closed, with the prices that the fault makes of them. */
export function closedCandles(series: PriceSeries, now: number, active: Fault): ClosedCandles {
  const step = series.stepSeconds;
  const lastOpenTime = Math.floor(now / step) * step - step;
  const told = (c: Candle): Candle => ({
    ...c,
    open: distort(c.open, active),
    high: distort(c.high, active),
    low: distort(c.low, active),
    close: distort(c.close, active),
  });
  return {
    stepSeconds: step,
    lastOpenTime,
    range: (from, to, limit) => {
      const found: Candle[] = [];
      const last = Math.min(to, lastOpenTime);
      for (let at = Math.ceil(from / step) * step; at <= last && found.length < limit; at += step) {
        const candle = series.candle(at);
        if (candle) found.push(told(candle));
      }
      return found;
    },
  };
}

async function act(
  active: Fault,
  response: ServerResponse,
  stopped: AbortSignal,
  dialect: Dialect,
  answer: () => ExchangeReply,
): Promise<void> {
  switch (active.kind) {
    case "down":
      response.socket?.resetAndDestroy();
      return;
    case "stall":
      return;
    case "broken":
      return send(response, dialect.broken);
    case "rate_limited":
      return send(response, dialect.rateLimited);
    case "garbage": {
      const text = JSON.stringify(answer().body);
      response.writeHead(200, { "content-type": "application/json" });
      response.end(text.slice(0, Math.ceil(text.length / 2)));
      return;
    }
    case "huge":
      return sendPadded(response, answer(), active.bytes);
    case "slow":
      // A stop ends the wait with an error, and the connection is gone by then.
      await delay(active.milliseconds, undefined, { signal: stopped });
      return send(response, answer());
    case "none":
    case "wrong_unit":
    case "lie":
      return send(response, answer());
  }
}

function send(response: ServerResponse, reply: ExchangeReply): void {
  const text = JSON.stringify(reply.body);
  response.writeHead(reply.status, { "content-type": "application/json; charset=utf-8", ...reply.headers });
  response.end(text);
}

async function sendPadded(response: ServerResponse, reply: ExchangeReply, bytes: number): Promise<void> {
  response.writeHead(reply.status, { "content-type": "application/json" });
  const block = Buffer.alloc(65_536, " ");
  for (let sent = 0; sent < bytes && !response.destroyed; sent += block.length) {
    // The client may hang up in the middle; then "drain" never comes, but "close" does.
    if (!response.write(block)) await new Promise<void>((resolve) => onceEither(response, resolve));
  }
  response.end(JSON.stringify(reply.body));
}

function onceEither(response: ServerResponse, resolve: () => void): void {
  const done = () => {
    response.off("drain", done);
    response.off("close", done);
    resolve();
  };
  response.on("drain", done);
  response.on("close", done);
}

async function readFault(request: IncomingMessage): Promise<Fault> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  try {
    return fault.parse(JSON.parse(text));
  } catch (error) {
    throw SimulatorError.bad_fault({ found: text.slice(0, 100) }, { cause: error });
  }
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.destroyed || response.headersSent) return;
  const status = error instanceof AppError ? error.status : 500;
  send(response, { status, body: { message: error instanceof Error ? error.message : String(error) } });
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, () => {
      server.off("error", reject);
      resolve();
    });
  });
