import {
  createClient,
  createPublicClient,
  createTransport,
  type EIP1193RequestFn,
  type PublicClient,
  type Transport,
  webSocket,
} from "viem";
import { ChainError } from "../chain-error.ts";
import type { ChainDefinition } from "../chains/chain-definition.ts";
import type { RpcState, RpcStatus } from "./chain.ts";
import { overHttp, type RpcRequest, type Send } from "./json-rpc.ts";
import { rpcFailures, rpcSeconds } from "./metrics.ts";

/** An RPC that has not answered by then counts as stalled, and the next one is asked. */
const STALL_MS = 4_000;
/** How long a URL that lied is left alone. Long enough to be seen by people, short enough to heal without them. */
const ASIDE_MS = 300_000;
/** Headers of a range are asked for in batches: 100 headers of full blocks stay well below 10 MB. */
const BATCH_SIZE = 100;

/** What nodes say for "ask another": internal error, no such method, not available, over a limit. */
const NODE_FAULT_CODES = new Set([-32603, -32601, -32004, -32002, -32005]);
const TRANSPORT_FAULTS = new Set([
  "HttpRequestError",
  "TimeoutError",
  "WebSocketRequestError",
  "SocketClosedError",
  "UnknownRpcError",
]);

/** A transport of our own: viem's `custom` would hide our errors inside its "unknown RPC error". */
export const transportOf = (request: Send): Transport =>
  (() => ({
    config: { key: "sooth", name: "sooth", type: "sooth", request, retryCount: 0 },
    request,
    value: undefined,
  })) as unknown as Transport;

/** "node": this URL is out of order. "answer": it refuses this one request, another may not. null: the answer stands. */
export function faultOf(error: unknown): "node" | "answer" | null {
  if (!(error instanceof Error)) return "node";
  if (TRANSPORT_FAULTS.has(error.name)) return "node";
  // It may be all that there is, of which less can be asked; or the node sends without end, and another would not.
  if (error.name === "ResponseBodyTooLargeError") return "answer";
  return "code" in error && NODE_FAULT_CODES.has(Number(error.code)) ? "answer" : null;
}

const reasonOf = (error: unknown): string =>
  // Messages of HTTP errors repeat the whole URL with its key; the short one does not.
  error instanceof Error && "shortMessage" in error ? String(error.shortMessage) : "no answer";

/** One RPC URL, what we know of it, and a client for it alone. */
export class Endpoint {
  readonly name: string;
  readonly client: PublicClient;
  state: RpcState = "unknown";
  head: number | null = null;
  found: string | null = null;
  /** The chain id that it answered with; null before the first answer. */
  servedId: number | null = null;
  #asideUntil = 0;
  #chainId: number;
  #chain: string;
  #send: Send;

  constructor(url: string, name: string, { viem: chain, name: chainName }: ChainDefinition) {
    this.name = name;
    this.#chainId = chain.id;
    this.#chain = chainName;
    const transport = url.startsWith("ws")
      ? webSocket(url, { timeout: STALL_MS, retryCount: 0 })
      : () =>
          createTransport({
            key: "http",
            name: "JSON-RPC over HTTP",
            type: "http",
            request: overHttp(url, { timeout: STALL_MS, batchSize: BATCH_SIZE }) as EIP1193RequestFn,
            retryCount: 0,
          });
    this.#send = createClient({ chain, transport }).request as Send;
    this.client = createPublicClient({
      chain,
      transport: transportOf((args) => this.request(args)),
      cacheTime: 0,
    });
  }

  async request(args: RpcRequest): Promise<unknown> {
    const answered = rpcSeconds.startTimer({ chain: this.#chain, method: args.method });
    try {
      const result = await this.#send(args);
      if (this.state === "down") this.#become("usable", null);
      return result;
    } catch (error) {
      const fault = faultOf(error);
      if (fault !== null) rpcFailures.inc({ chain: this.#chain, rpc: this.name, fault });
      if (fault === "node") this.#become("down", reasonOf(error));
      throw error;
    } finally {
      answered();
    }
  }

  /** Asks for chain id and head. Never throws: what it finds becomes the state. */
  async probe(): Promise<void> {
    if (this.isAside()) return;
    try {
      const [id, head] = await Promise.all([this.client.getChainId(), this.client.getBlockNumber()]);
      this.head = Number(head);
      this.servedId = id;
      if (id === this.#chainId) this.#become("usable", null);
      else {
        const wrong = ChainError.wrong_chain({ rpc: this.name, expected: this.#chainId, found: id });
        this.#become("wrong_chain", wrong.message);
      }
    } catch (error) {
      this.#become("down", reasonOf(error));
    }
  }

  markBehind(best: number): void {
    const behind = ChainError.rpc_behind({ rpc: this.name, head: this.head ?? 0, best });
    this.#become("behind", behind.message);
  }

  putAside(found: string): void {
    this.#asideUntil = performance.now() + ASIDE_MS;
    this.#become("lied", found);
  }

  isAside(): boolean {
    return this.state === "lied" && performance.now() < this.#asideUntil;
  }

  status(): RpcStatus {
    return { name: this.name, state: this.state, head: this.head, found: this.found };
  }

  #become(state: RpcState, found: string | null): void {
    // A late answer of a request that was under way does not clear a lie.
    if (this.isAside() && state !== "lied") return;
    this.state = state;
    this.found = found;
  }
}

/** Names for people and metrics: host and port only, numbered where two URLs share them. */
export function namesOf(urls: readonly string[]): string[] {
  const hosts = urls.map((url) => {
    const { protocol, host } = new URL(url);
    return `${protocol}//${host}`;
  });
  return hosts.map((host, index) => {
    const before = hosts.slice(0, index).filter((other) => other === host).length;
    return before === 0 ? host : `${host} #${before + 1}`;
  });
}
