import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "@sooth/runtime";
import { costOf, type TokenPrices, type Tokens } from "../../../core/index.ts";
import type { Ledger, Reservation } from "../witness/ledger.ts";
import { type Failure, failureOf } from "./failure.ts";

/** What a model said, or why it cannot be asked, told in our words. `spent`: its ledger does not hold what the call could cost. */
export type Testimony =
  | { said: true; text: string; stop: string; model: string; tokens: { input: number; output: number } }
  | { said: false; why: string; spent?: true };

/** One thing that a model is asked. Rules and form are the same for many. */
export type Ask = { system: string; user: string };
/** The form of the answer, and what it may take. */
export type AskForm = {
  format: { type: "json_schema"; schema: Record<string, unknown> };
  maxTokens: number;
  effort: "low" | "medium" | "high";
  /** Has the service remember the rules between calls: reading them again costs a tenth. */
  remembersRules?: boolean;
};
export type MessagesOptions = {
  /** For sentences: "the witness". */
  who: string;
  /** What its ledger caps: "in a day". */
  cap: string;
  apiKey: string;
  /** Where the Messages API is spoken. */
  baseUrl: string;
  model: string;
  prices: TokenPrices;
  log: Logger;
  /** For one try. */
  timeoutMs?: number | undefined;
  retries?: number | undefined;
  firstDelayMs?: number | undefined;
  /** Told of each call and of each cost, in billionths of a US dollar. */
  onCall?: (outcome: "said" | "failed") => void;
  onCost?: (paid: bigint) => void;
};

/** Requests that the service works on together, at half the price. A crash loses the batch and leaves its reservation spent. */
export type Batch = { id: string; reservation: Reservation };
export type BatchState =
  | { state: "ended"; said: Map<string, Testimony> }
  | { state: "working" }
  /** `lost`: it will not be had by asking again. */
  | { state: "failed"; why: string; lost: boolean };

/** The Messages API with a price, patience and a budget. Never throws for what the service does. */
export type MessagesClient = {
  ask(ask: Ask, form: AskForm, ledger: Ledger, signal: AbortSignal): Promise<Testimony>;
  /** `name`: letters and digits, 64 at most. */
  startBatch(
    asks: readonly (Ask & { name: string })[],
    form: AskForm,
    ledger: Ledger,
    signal: AbortSignal,
  ): Promise<Batch | { why: string; spent?: true }>;
  /** What became of a batch. Once it ended its cost is settled, and it is not asked again. */
  batchState(batch: Batch, ledger: Ledger, signal: AbortSignal): Promise<BatchState>;
};

const TIMEOUT_MS = 30_000;
const RETRIES = 3;
const FIRST_DELAY_MS = 1_000;
/** A service that asks for more patience is asked again with the question's next attempt. */
const LONGEST_DELAY_MS = 20_000;
/** Structured output costs the service's own words besides ours. Generous: what is not used is given back. */
const HIDDEN_TOKENS = 2_000;

/** Loads the service's client only here: a provider without a key never needs it. */
export async function openMessages(options: MessagesOptions): Promise<MessagesClient> {
  const sdk = await import("@anthropic-ai/sdk");
  const { messages } = new sdk.default({
    apiKey: options.apiKey,
    // Given so that the client takes neither from the environment, which only the server's configuration reads.
    authToken: null,
    baseURL: options.baseUrl,
    timeout: options.timeoutMs ?? TIMEOUT_MS,
    // Each try is reserved and settled by itself, so tries are counted here.
    maxRetries: 0,
    logLevel: "off",
  });
  const { model, prices, who } = options;
  const paid = (amount: bigint) => options.onCost?.(amount);
  const requestOf = ({ system, user }: Ask, { format, maxTokens, effort, remembersRules }: AskForm) => ({
    model,
    max_tokens: maxTokens,
    system: remembersRules
      ? [{ type: "text" as const, text: system, cache_control: { type: "ephemeral" as const } }]
      : system,
    messages: [{ role: "user" as const, content: user }],
    output_config: { format, effort },
  });
  type Request = ReturnType<typeof requestOf>;
  /** The most that a request can cost: no token is shorter than a byte, and what is remembered is dearer at first. */
  const mostOf = (request: Request): bigint => {
    const input = new TextEncoder().encode(JSON.stringify(request)).length + HIDDEN_TOKENS;
    const tokens = Array.isArray(request.system) ? { input: 0, cacheWrite: input } : { input };
    return costOf(prices, { ...tokens, output: request.max_tokens });
  };
  const patiently = async <T>(
    once: () => Promise<T | Failure>,
    signal: AbortSignal,
  ): Promise<T | Failure> => {
    for (let attempt = 0; ; attempt++) {
      const tried = await once();
      if (!isFailure(tried)) return tried;
      if (!tried.mayPass || attempt >= (options.retries ?? RETRIES) || signal.aborted) return tried;
      options.log.warn({ why: tried.why, attempt }, `${who} is asked again`);
      const backoff = (options.firstDelayMs ?? FIRST_DELAY_MS) * 2 ** attempt * (0.5 + Math.random() / 2);
      const pause = Math.min(tried.waitMs ?? backoff, LONGEST_DELAY_MS);
      await delay(pause, undefined, { signal }).catch(() => undefined);
    }
  };
  const spent: Failure = {
    failed: true,
    why: `${who} has spent what it may ${options.cap}`,
    mayPass: false,
    free: true,
  };

  const askOnce = async (
    ask: Ask,
    form: AskForm,
    ledger: Ledger,
    signal: AbortSignal,
  ): Promise<Testimony | Failure> => {
    const request = requestOf(ask, form);
    const most = mostOf(request);
    const reservation = await ledger.reserve(most);
    if (reservation === null) return spent;
    // What is not known to be free counts as if it had cost the most.
    let cost = most;
    try {
      const message = await messages.create(request, { signal });
      cost = costOf(prices, tokensOf(message.usage));
      options.onCall?.("said");
      return testimonyOf(message);
    } catch (error) {
      const failure = failureOf(sdk, who, error);
      if (failure.free) cost = 0n;
      options.onCall?.("failed");
      return failure;
    } finally {
      paid(cost);
      await ledger.settle(reservation, cost);
    }
  };

  return {
    ask: async (ask, form, ledger, signal) => {
      const said = await patiently(() => askOnce(ask, form, ledger, signal), signal);
      if (!isFailure(said)) return said;
      // The text that it was asked about did that, as where a model declines: it must not look like a service that is away.
      if (said.filtered) return { said: true, text: "", stop: "refusal", model, tokens: NONE };
      return { said: false, why: said.why, ...(said === spent && { spent: true }) };
    },
    startBatch: async (asks, form, ledger, signal) => {
      const requests = asks.map(({ name, ...ask }) => ({ custom_id: name, params: requestOf(ask, form) }));
      const most = half(requests.reduce((sum, { params }) => sum + mostOf(params), 0n));
      const reservation = await ledger.reserve(most);
      if (reservation === null) return { why: spent.why, spent: true };
      const begun = await patiently(
        () =>
          messages.batches
            .create({ requests }, { signal })
            .catch((error: unknown) => failureOf(sdk, who, error)),
        signal,
      );
      if (!isFailure(begun)) return { id: begun.id, reservation };
      // One that was begun all the same is nobody's now, and may be billed.
      await ledger.settle(reservation, begun.free ? 0n : most);
      return { why: begun.why };
    },
    batchState: async ({ id, reservation }, ledger, signal) => {
      const read = async (): Promise<BatchState> => {
        const batch = await messages.batches.retrieve(id, {}, { signal });
        if (batch.processing_status !== "ended") return { state: "working" };
        const said = new Map<string, Testimony>();
        let cost = 0n;
        for await (const { custom_id, result } of await messages.batches.results(id, {}, { signal })) {
          if (result.type !== "succeeded") continue;
          cost += costOf(prices, tokensOf(result.message.usage));
          said.set(custom_id, testimonyOf(result.message));
        }
        paid(half(cost));
        await ledger.settle(reservation, half(cost));
        return { state: "ended", said };
      };
      const state = await patiently(
        () => read().catch((error: unknown) => failureOf(sdk, who, error)),
        signal,
      );
      if (!isFailure(state)) return state;
      return { state: "failed", why: state.why, lost: !state.mayPass && !signal.aborted };
    },
  };
}

const NONE = { input: 0, output: 0 };
const isFailure = <T>(value: T | Failure): value is Failure =>
  typeof value === "object" && value !== null && "failed" in value;
/** What a batch costs, rounded up. */
const half = (amount: bigint): bigint => (amount + 1n) / 2n;

type Usage = {
  input_tokens: number;
  cache_creation_input_tokens: number | null;
  cache_read_input_tokens: number | null;
  output_tokens: number;
};
const tokensOf = (usage: Usage): Tokens => ({
  input: usage.input_tokens,
  cacheWrite: usage.cache_creation_input_tokens ?? 0,
  cacheRead: usage.cache_read_input_tokens ?? 0,
  output: usage.output_tokens,
});

function testimonyOf(message: {
  content: readonly ({ type: "text"; text: string } | { type: string })[];
  stop_reason: string | null;
  model: string;
  usage: Usage;
}): Testimony {
  const { input, cacheWrite = 0, cacheRead = 0, output } = tokensOf(message.usage);
  return {
    said: true,
    text: message.content
      .map((block) => ("text" in block && block.type === "text" ? block.text : ""))
      .join(""),
    stop: message.stop_reason ?? "none",
    model: message.model,
    tokens: { input: input + cacheWrite + cacheRead, output },
  };
}
