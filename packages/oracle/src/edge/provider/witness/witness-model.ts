import { setTimeout as delay } from "node:timers/promises";
import type Anthropic from "@anthropic-ai/sdk";
import { counter, type Logger } from "@sooth/runtime";
import {
  costOf,
  promptHashes,
  type TokenPrices,
  VERDICT_FORMAT,
  type WitnessPrompt,
} from "../../../core/index.ts";
import type { Ledger } from "./ledger.ts";

const calls = counter("oracle_witness_calls_total", "Calls of a witness' language model", ["outcome"]);
const cost = counter(
  "oracle_witness_cost_nano_dollars_total",
  "What they cost, in billionths of a US dollar",
);

/** What a model said, as far as it goes into the evidence. */
export type Testimony =
  | { said: true; text: string; stop: string; model: string; tokens: { input: number; output: number } }
  | { said: false; why: string };

/** A language model with its key, its price and its budget. */
export type WitnessModel = {
  /** Declared by who runs it: models of one family count as one voice. */
  family: string;
  model: string;
  settings: { max_tokens: number; effort: string };
  /** Least confidence that counts, in percent. */
  minConfidence: number;
  /** The same prompt is paid for once while it is remembered. Never throws for what the service does. */
  ask(prompt: WitnessPrompt, signal: AbortSignal): Promise<Testimony>;
};

export type WitnessOptions = {
  apiKey: string;
  /** Where the Messages API is spoken. */
  baseUrl: string;
  model: string;
  family: string;
  minConfidence: number;
  prices: TokenPrices;
  ledger: Ledger;
  log: Logger;
  /** For one try. */
  timeoutMs?: number;
  retries?: number;
  firstDelayMs?: number;
};

const TIMEOUT_MS = 30_000;
const RETRIES = 3;
const FIRST_DELAY_MS = 1_000;
/** A service that asks for more patience is asked again with the question's next attempt. */
const LONGEST_DELAY_MS = 20_000;
/** Room for a verdict and for the thoughts of models that think before they write. */
const MAX_TOKENS = 8_192;
/** To look a passage up takes little thought, and thoughts are paid for as output. */
const EFFORT = "low";
/** Structured output costs the service's own words besides ours. Generous: what is not used is given back. */
const HIDDEN_TOKENS = 2_000;
/** Testimonies remembered. A question that is tried again each minute with the same documents costs nothing. */
const REMEMBERED = 500;

/** Loads the service's client only here: a provider without a key never needs it. */
export async function openWitness(options: WitnessOptions): Promise<WitnessModel> {
  const sdk = await import("@anthropic-ai/sdk");
  const client = new sdk.default({
    apiKey: options.apiKey,
    // Given so that the client takes neither from the environment, which only the server's configuration reads.
    authToken: null,
    baseURL: options.baseUrl,
    timeout: options.timeoutMs ?? TIMEOUT_MS,
    // Each try is reserved and settled by itself, so tries are counted here.
    maxRetries: 0,
    logLevel: "off",
  });
  const remembered = new Map<string, Promise<Testimony>>();
  return {
    family: options.family,
    model: options.model,
    settings: { max_tokens: MAX_TOKENS, effort: EFFORT },
    minConfidence: options.minConfidence,
    ask: (prompt, signal) => {
      const { prompt: rules, input } = promptHashes(prompt);
      const key = `${rules}:${input}`;
      const before = remembered.get(key);
      if (before) return before;
      const asking = testify(client, sdk, options, prompt, signal);
      remembered.set(key, asking);
      const oldest = remembered.keys().next().value;
      if (remembered.size > REMEMBERED && oldest !== undefined) remembered.delete(oldest);
      // What failed may work next time.
      const forget = (testimony: Testimony | null) => {
        if (!testimony?.said && remembered.get(key) === asking) remembered.delete(key);
      };
      asking.then(forget, () => forget(null));
      return asking;
    },
  };
}

type Sdk = typeof import("@anthropic-ai/sdk");
type Tried = { testimony: Testimony; mayPass: boolean; waitMs?: number };

async function testify(
  client: Anthropic,
  sdk: Sdk,
  options: WitnessOptions,
  prompt: WitnessPrompt,
  signal: AbortSignal,
): Promise<Testimony> {
  for (let attempt = 0; ; attempt++) {
    const { testimony, mayPass, waitMs } = await tryOnce(client, sdk, options, prompt, signal);
    calls.inc({ outcome: testimony.said ? "said" : "failed" });
    if (testimony.said || !mayPass || attempt >= (options.retries ?? RETRIES) || signal.aborted)
      return testimony;
    options.log.warn({ why: testimony.why, attempt }, "the witness is asked again");
    const backoff = (options.firstDelayMs ?? FIRST_DELAY_MS) * 2 ** attempt * (0.5 + Math.random() / 2);
    await delay(Math.min(waitMs ?? backoff, LONGEST_DELAY_MS), undefined, { signal }).catch(() => undefined);
  }
}

async function tryOnce(
  client: Anthropic,
  sdk: Sdk,
  { model, prices, ledger }: WitnessOptions,
  { system, user }: WitnessPrompt,
  signal: AbortSignal,
): Promise<Tried> {
  const request = {
    model,
    max_tokens: MAX_TOKENS,
    system,
    messages: [{ role: "user" as const, content: user }],
    output_config: { format: VERDICT_FORMAT, effort: EFFORT } as const,
  };
  // No token is shorter than a byte.
  const bytes = new TextEncoder().encode(JSON.stringify(request)).length;
  const most = costOf(prices, { input: bytes + HIDDEN_TOKENS, output: MAX_TOKENS });
  const reservation = await ledger.reserve(most);
  if (reservation === null)
    return { testimony: { said: false, why: "the witness has spent what it may in a day" }, mayPass: false };
  // What is not known to be free counts as if it had cost the most.
  let paid = most;
  try {
    const message = await client.messages.create(request, { signal });
    const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens, output_tokens } =
      message.usage;
    const input = input_tokens + (cache_creation_input_tokens ?? 0) + (cache_read_input_tokens ?? 0);
    const tokens = { input, output: output_tokens };
    paid = costOf(prices, tokens);
    const text = message.content.map((block) => (block.type === "text" ? block.text : "")).join("");
    const stop = message.stop_reason ?? "none";
    return { testimony: { said: true, text, stop, model: message.model, tokens }, mayPass: false };
  } catch (error) {
    const failure = failureOf(sdk, error);
    if (failure.free) paid = 0n;
    return failure;
  } finally {
    cost.inc(Number(paid));
    await ledger.settle(reservation, paid);
  }
}

const failed = (why: string, mayPass: boolean, free: boolean, waitMs?: number) => ({
  testimony: { said: false as const, why: `the witness cannot be asked: ${why}` },
  mayPass,
  free,
  waitMs,
});

/** Told in our words: the service's may repeat what a page made it say. */
function failureOf(sdk: Sdk, error: unknown): Tried & { free: boolean } {
  if (error instanceof sdk.APIUserAbortError) return failed("the provider stops", false, false);
  if (error instanceof sdk.APIConnectionTimeoutError) return failed("it did not answer in time", true, false);
  if (error instanceof sdk.APIConnectionError) return failed("it cannot be reached", true, false);
  if (error instanceof sdk.APIError && typeof error.status === "number") {
    const { status } = error;
    const mayPass = status === 429 || status >= 500;
    const seconds = Number(error.headers?.get("retry-after"));
    const waitMs = mayPass && Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : undefined;
    // A request that was refused is not billed.
    return failed(`it answered with HTTP ${status}`, mayPass, true, waitMs);
  }
  return failed("its answer is broken", true, false);
}
