import { Agent, type IncomingMessage, request as requestPlain, type RequestOptions } from "node:http";
import { Agent as TlsAgent, request as requestTls } from "node:https";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { isLoopback } from "@sooth/kernel";
import { HttpRequestError, ResponseBodyTooLargeError, RpcRequestError, TimeoutError } from "viem";

export type RpcRequest = { method: string; params?: unknown };
export type Send = (args: RpcRequest) => Promise<unknown>;

type RpcError = { code: number; message: string; data?: unknown };
type RpcAnswer = { id?: unknown; result?: unknown; error?: RpcError };
type Waiting = {
  asked: RpcRequest;
  text: string;
  id: number;
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
};

/** Logs of a full range are below this; a node that sends more without end must not fill our memory. */
const MOST_BYTES = 10_485_760;
/**
 * Of logs of one block, of which no smaller part can be asked for: more than a block's gas can log, at 8 gas for a byte that is
 * two digits. Who pays for a block full of logs must not halt those who read it.
 */
const MOST_BYTES_OF_BLOCK = 134_217_728;
/** How long a question may take as a whole, in times of the silence that is borne: a byte now and then breaks every silence. */
const SILENCES = 5;
/** Of what a node says in an error. */
const MOST_WORDS = 200;
// Connections stay open: to make one costs more than most questions.
const plain = new Agent({ keepAlive: true });
const tls = new TlsAgent({ keepAlive: true });

/**
 * JSON-RPC over HTTP, what is asked at about the same time in one request. viem's own transport takes four times the processor
 * time for a question, for it writes every body three times over, once into an error that is hardly ever thrown; most of what a
 * relayer does is asking nodes. It throws what viem's throws.
 * @param timeout milliseconds in which nothing comes; five times as long for all of an answer
 * @param batchSize questions in one request at most
 */
export function overHttp(url: string, { timeout, batchSize }: { timeout: number; batchSize: number }): Send {
  const post = posterTo(url, timeout);
  let nextId = 0;
  const queueOf = (most: number) => {
    let waiting: Waiting[] = [];
    const flush = () => {
      const batch = waiting;
      waiting = [];
      const until = performance.now() + SILENCES * timeout;
      if (batch.length > 0) void exchange(url, post, batch, { most, until });
    };
    return (one: Waiting) => {
      waiting.push(one);
      if (waiting.length >= batchSize) flush();
      else if (waiting.length === 1) setTimeout(flush);
    };
  };
  // Logs go by themselves: what is too large is refused with all that it came with.
  const ask = { block: queueOf(MOST_BYTES_OF_BLOCK), range: queueOf(MOST_BYTES), other: queueOf(MOST_BYTES) };
  return ({ method, params }) =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      // What cannot be written is its asker's trouble alone.
      const text = JSON.stringify({ jsonrpc: "2.0", id, method, params });
      ask[kindOf({ method, params })]({ asked: { method, params }, text, id, resolve, reject });
    });
}

function kindOf({ method, params }: RpcRequest): "block" | "range" | "other" {
  if (method !== "eth_getLogs") return "other";
  const where: unknown = Array.isArray(params) ? params[0] : undefined;
  const { blockHash, fromBlock, toBlock } = (where ?? {}) as Record<string, unknown>;
  return blockHash !== undefined || (fromBlock !== undefined && fromBlock === toBlock) ? "block" : "range";
}

async function exchange(url: string, post: Post, batch: readonly Waiting[], limits: Limits): Promise<void> {
  const body = () => batch.map(({ asked }) => asked);
  try {
    const { status, text } = await post(`[${batch.map((one) => one.text).join()}]`, body, limits);
    const answers = parsed(text);
    const broken = (details: string) => new HttpRequestError({ body: body(), details, status, url });
    if (status < 200 || status > 299) throw broken(reasonIn(answers) ?? text.slice(0, MOST_WORDS));
    // To several questions one answer is a refusal of all of them; another node may take them.
    if (!Array.isArray(answers)) throw broken(reasonIn(answers) ?? "the answer is no list");
    const byId = new Map(answers.map((one: RpcAnswer | null) => [one?.id, one]));
    for (const { id, asked, resolve, reject } of batch) {
      const answer = byId.get(id);
      if (!answer) reject(broken(`no answer to ${asked.method}`));
      else if (answer.error)
        reject(new RpcRequestError({ body: asked, error: shortened(answer.error), url }));
      else resolve(answer.result);
    }
  } catch (error) {
    if (error instanceof ResponseBodyTooLargeError && limits.most > MOST_BYTES && batch.length > 1) {
      // Each block has the room of one; one after another, that they do not fill our memory together.
      const middle = batch.length >> 1;
      await exchange(url, post, batch.slice(0, middle), limits);
      return exchange(url, post, batch.slice(middle), limits);
    }
    for (const { reject } of batch) reject(error);
  }
}

function shortened(error: RpcError): RpcError {
  const { code, message, data } = error;
  const words = typeof message === "string" ? message : JSON.stringify(error);
  return { code, message: words.slice(0, MOST_WORDS), data };
}

/** Undefined for what is no JSON: proxies answer in HTML. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonIn(answer: unknown): string | undefined {
  const { error } = (answer ?? {}) as { error?: unknown };
  return error === undefined ? undefined : JSON.stringify(error).slice(0, MOST_WORDS);
}

/** `most`: bytes of an answer. `until`: of `performance.now()`, whatever came by then. */
type Limits = { most: number; until: number };
type Post = (
  text: string,
  body: () => RpcRequest[],
  limits: Limits,
) => Promise<{ status: number; text: string }>;

function posterTo(url: string, timeout: number): Post {
  const { protocol, hostname, port, pathname, search, username, password } = new URL(url);
  const isTls = protocol === "https:";
  const options: RequestOptions = {
    method: "POST",
    agent: isTls ? tls : plain,
    // An IPv6 address stands in brackets in a URL alone.
    hostname: hostname.replace(/^\[(.*)\]$/, "$1"),
    port,
    path: `${pathname}${search}`,
    ...(username && { auth: `${decodeURIComponent(username)}:${decodeURIComponent(password)}` }),
    headers: {
      "content-type": "application/json",
      accept: "application/json",
      // Some take whoever names nothing for a robot.
      "user-agent": "sooth",
      // On this machine bytes cost less than packing them.
      ...(!isLoopback(url) && { "accept-encoding": "gzip" }),
    },
  };
  const open = isTls ? requestTls : requestPlain;
  const send = (
    through: RequestOptions,
    ...[text, body, { most, until }]: Parameters<Post>
  ): ReturnType<Post> =>
    new Promise((resolve, reject) => {
      /** Nothing more becomes of it: it was answered, or given up. */
      let isOver = false;
      const request = open(through, (response) => {
        isOver = true;
        readText(response, most, () => timer.refresh())
          .then((read) => resolve({ status: response.statusCode ?? 0, text: read }))
          .catch(fail)
          .finally(stopTimers);
      });
      const giveUp = () => fail(new TimeoutError({ body: body(), url }));
      const timer = setTimeout(giveUp, timeout);
      const wholeTimer = setTimeout(giveUp, Math.max(0, until - performance.now()));
      function stopTimers() {
        clearTimeout(timer);
        clearTimeout(wholeTimer);
      }
      function fail(error: unknown) {
        isOver = true;
        stopTimers();
        // Whoever waits is told first: what the connection says of its end is nobody's concern.
        const isOurs = error instanceof TimeoutError || error instanceof ResponseBodyTooLargeError;
        reject(isOurs ? error : new HttpRequestError({ body: body(), cause: error as Error, url }));
        request.destroy();
      }
      request.on("error", (error: NodeJS.ErrnoException) => {
        if (isOver) return;
        const isReset = error.code === "ECONNRESET" || error.code === "EPIPE";
        if (!request.reusedSocket || !isReset) return fail(error);
        // The node closed a connection that was kept, as we began to write: it never read this. It is sent once more, and not
        // through what is kept, which may be closed like it.
        stopTimers();
        resolve(send({ ...through, agent: false }, text, body, { most, until }));
      });
      request.setHeader("content-length", Buffer.byteLength(text));
      request.end(text);
    });
  return (...asked) => send(options, ...asked);
}

async function readText(response: IncomingMessage, most: number, onPart: () => void): Promise<string> {
  const isPacked = response.headers["content-encoding"] === "gzip";
  // Whatever breaks is thrown to whoever reads.
  const read = isPacked ? pipeline(response, createGunzip(), () => undefined) : response;
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of read) {
    onPart();
    size += (part as Buffer).length;
    if (size > most) throw new ResponseBodyTooLargeError({ maxSize: most, size });
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString();
}
