import { Agent, type IncomingMessage, request as requestPlain, type RequestOptions } from "node:http";
import { Agent as TlsAgent, request as requestTls } from "node:https";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { isLoopback } from "@sooth/kernel";
import { RuntimeError } from "./runtime-error.ts";

/** `body`: JSON, which is posted; without one it is a GET. */
export type HttpAsked = {
  body?: string;
  headers?: Readonly<Record<string, string>>;
  /** Bytes of an answer that are taken. */
  most: number;
  /** Milliseconds for all of the answer. */
  within: number;
  /** Milliseconds in which nothing comes; as long as for all when not given. */
  silence?: number;
  signal?: AbortSignal;
};
export type HttpAnswer = { status: number; headers: IncomingMessage["headers"]; text: string };
export type HttpClient = (url: string | URL, asked: HttpAsked) => Promise<HttpAnswer>;

// Connections stay open: to make one costs more than most questions.
const plain = new Agent({ keepAlive: true });
const tls = new TlsAgent({ keepAlive: true });

/** Where a question goes, and how; worked out once for those who ask one address again and again. */
type Through = { open: typeof requestPlain; options: RequestOptions; headers: Record<string, string> };

/**
 * Asks over connections that are kept, for a sixth of what `fetch` takes of the processor; redirections are answers as others
 * are. @throws runtime.answer_too_long, runtime.answer_too_late, what the signal was aborted for, or the connection's own error
 */
export const askHttp: HttpClient = (url, asked) => askThrough(throughTo(url), asked);

/** As {@link askHttp}, of one address. */
export function askerOf(url: string): (asked: HttpAsked) => Promise<HttpAnswer> {
  const through = throughTo(url);
  return (asked) => askThrough(through, asked);
}

function throughTo(to: string | URL): Through {
  const url = new URL(to);
  const { protocol, hostname, port, pathname, search, username, password } = url;
  const isTls = protocol === "https:";
  const options: RequestOptions = {
    agent: isTls ? tls : plain,
    // An IPv6 address stands in brackets in a URL alone.
    hostname: hostname.replace(/^\[(.*)\]$/, "$1"),
    port,
    path: `${pathname}${search}`,
    ...(username && { auth: `${decodeURIComponent(username)}:${decodeURIComponent(password)}` }),
  };
  const headers = {
    accept: "application/json",
    // Some take whoever names nothing for a robot.
    "user-agent": "sooth",
    // On this machine bytes cost less than packing them.
    ...(!isLoopback(url.href) && { "accept-encoding": "gzip" }),
  };
  return { open: isTls ? requestTls : requestPlain, options, headers };
}

function askThrough({ open, options, headers }: Through, asked: HttpAsked): Promise<HttpAnswer> {
  const { body, within } = asked;
  const ofBody = body !== undefined && {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  };
  const method = body === undefined ? "GET" : "POST";
  const all = { ...headers, ...ofBody, ...asked.headers };
  return send(open, { ...options, method, headers: all }, asked, performance.now() + within);
}

/** @param until of `performance.now()`: whatever came by then */
function send(
  open: typeof requestPlain,
  options: RequestOptions,
  asked: HttpAsked,
  until: number,
): Promise<HttpAnswer> {
  const { body, most, within, silence = within, signal } = asked;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    /** Nothing more becomes of it: it was answered, or given up. */
    let isOver = false;
    const request = open(options, (response) => {
      isOver = true;
      readText(response, most, {
        onPart: () => timer.refresh(),
        onEnd: (text) => {
          stop();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        },
        onError: fail,
      });
    });
    const giveUp = () => fail(RuntimeError.answer_too_late({ within }));
    const timer = setTimeout(giveUp, silence);
    const wholeTimer = setTimeout(giveUp, Math.max(0, until - performance.now()));
    const onAbort = () => fail(signal?.reason);
    signal?.addEventListener("abort", onAbort);
    function stop() {
      clearTimeout(timer);
      clearTimeout(wholeTimer);
      signal?.removeEventListener("abort", onAbort);
    }
    function fail(error: unknown) {
      isOver = true;
      stop();
      // Whoever waits is told first: what the connection says of its end is nobody's concern.
      reject(error);
      request.destroy();
    }
    request.on("error", (error: NodeJS.ErrnoException) => {
      if (isOver) return;
      const isReset = error.code === "ECONNRESET" || error.code === "EPIPE";
      if (!request.reusedSocket || !isReset) return fail(error);
      // Who is asked closed a connection that was kept, as we began to write: he never read this. It is sent once more, and not
      // through what is kept, which may be closed like it.
      stop();
      resolve(send(open, { ...options, agent: false }, asked, until));
    });
    request.end(body);
  });
}

type Reading = { onPart: () => void; onEnd: (text: string) => void; onError: (error: unknown) => void };

/** By events: to iterate over a response takes as long as all the rest of a small one. */
function readText(response: IncomingMessage, most: number, { onPart, onEnd, onError }: Reading): void {
  const isPacked = response.headers["content-encoding"] === "gzip";
  // Whatever breaks is told to whoever reads.
  const read = isPacked ? pipeline(response, createGunzip(), () => undefined) : response;
  const parts: Buffer[] = [];
  let size = 0;
  read.on("data", (part: Buffer) => {
    onPart();
    size += part.length;
    if (size > most) {
      // What was read already comes no more.
      read.removeAllListeners("data");
      onError(RuntimeError.answer_too_long({ most }));
    } else parts.push(part);
  });
  read.on("end", () => onEnd(Buffer.concat(parts).toString()));
  read.on("error", onError);
}
