import { AppError } from "@sooth/kernel";
import { askerOf } from "@sooth/runtime";
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
  const ask = askerOf(url);
  return async (text, body, { most, until }) => {
    try {
      return await ask({ body: text, most, silence: timeout, within: until - performance.now() });
    } catch (error) {
      const code = error instanceof AppError ? error.code : null;
      if (code === "runtime.answer_too_late") throw new TimeoutError({ body: body(), url });
      if (code === "runtime.answer_too_long")
        throw new ResponseBodyTooLargeError({ maxSize: most, size: most });
      throw new HttpRequestError({ body: body(), cause: error as Error, url });
    }
  };
}
