import { setTimeout as delay } from "node:timers/promises";
import type { Hex } from "@sooth/kernel";
import {
  type Batch,
  bothLedgers,
  type Ledger,
  type MessagesClient,
  type MessagesOptions,
  openMessages,
  type Testimony,
} from "@sooth/oracle";
import { readableText } from "@sooth/oracle/core";
import { counter } from "@sooth/runtime";
import { sha256, stringToHex } from "viem";
import { LABEL_FORMAT, labelPrompt, labelRules, readLabel } from "../../../core/analyst/prompt.ts";
import { addressesAnalyst } from "../../../core/analyst/rejection.ts";
import { type Label, rejected } from "../../../core/index.ts";
import type { Analyst, LabelsOf } from "../analyst.ts";

const calls = counter("markets_analyst_calls_total", "Calls of an analyst's language model", ["outcome"]);
const cost = counter(
  "markets_analyst_cost_nano_dollars_total",
  "What an analyst's language model cost, in billionths of a US dollar",
);

export type ClaudeOptions = Omit<MessagesOptions, "who" | "cap" | "onCall" | "onCost"> & {
  family: string;
  /** What all markets may cost in a day. */
  perDay: Ledger;
  /** What one market may cost, all attempts together. */
  perMarket: (market: Hex) => Promise<Ledger>;
  /** More opinions than this are asked about in a batch. */
  batchAbove?: number;
  /** Between two questions whether a batch has ended; how long one attempt waits for it. */
  pollMs?: number;
  patienceMs?: number;
};

/** A label is 100 tokens; the rest is for models that think before they write. */
const MAX_TOKENS = 2_048;
const EFFORT = "low";
const AT_ONCE = 8;
const BATCH_ABOVE = 100;
const MOST_IN_BATCH = 1_000;
const POLL_MS = 15_000;
const PATIENCE_MS = 600_000;
/** Of the largest markets some; a label is a few hundred bytes. */
const REMEMBERED = 20_000;
/** A model that does not keep to the form is asked this often; its author must not hold up the market. */
const ASKED_FOR_FORM = 2;

type Waiting = { name: string; system: string; user: string };

/** A language model of the Messages API: one opinion a call, fenced as data, answered in a form that is checked. */
export async function claudeAnalyst(options: ClaudeOptions): Promise<Analyst> {
  const { family, model, perDay, perMarket } = options;
  const client = await openMessages({
    ...options,
    who: "the model",
    cap: "in a day, or for one market",
    onCall: (outcome) => calls.inc({ outcome }),
    onCost: (paid) => cost.inc(Number(paid)),
  });
  const held = new Map<string, Label>();
  const batches = new Map<Hex, Batch>();
  const keep = (name: string, label: Label) => {
    held.set(name, label);
    const oldest = held.keys().next().value;
    if (held.size > REMEMBERED && oldest !== undefined) held.delete(oldest);
  };
  return {
    analyst: "claude",
    family,
    model,
    prompt: labelRules(),
    settings: { max_tokens: MAX_TOKENS, effort: EFFORT },
    label: async ({ market, statement, texts }, signal) => {
      const asks = texts.map((text): Waiting | Label => askOf(statement, text));
      const labels = new Map<string, Label>();
      const waiting = new Map<string, Waiting>();
      for (const ask of asks) {
        if (!("name" in ask)) continue;
        const label = held.get(ask.name);
        if (label) labels.set(ask.name, label);
        else waiting.set(ask.name, ask);
      }
      const found = (name: string, label: Label) => {
        keep(name, label);
        labels.set(name, label);
        waiting.delete(name);
      };
      const ledger = bothLedgers(perDay, await perMarket(market));
      const work = { client, ledger, waiting, found, signal };
      if (batches.has(market) || waiting.size > (options.batchAbove ?? BATCH_ABOVE)) {
        const why = await inBatches(work, market, batches, options);
        if (why !== null) return { done: false, why };
      }
      const why = await oneByOne(work);
      return why === null ? allOf(asks, labels) : { done: false, why };
    },
  };
}

type Work = {
  client: MessagesClient;
  ledger: Ledger;
  waiting: Map<string, Waiting>;
  found: (name: string, label: Label) => void;
  signal: AbortSignal;
};
const FORM = { format: LABEL_FORMAT, maxTokens: MAX_TOKENS, effort: EFFORT, remembersRules: true } as const;

/** What a model need not be asked about is labelled here: it would only be tempted. */
function askOf(statement: string, text: string): Waiting | Label {
  const visible = readableText(text);
  if (visible.trim() === "") return rejected("empty");
  if (addressesAnalyst(visible)) return rejected("addresses_analyst");
  const prompt = labelPrompt({ statement, text });
  return { ...prompt, name: sha256(stringToHex(prompt.user)).slice(2) };
}

function allOf(asks: readonly (Waiting | Label)[], labels: ReadonlyMap<string, Label>): LabelsOf {
  const all: Label[] = [];
  for (const ask of asks) {
    const label = "name" in ask ? labels.get(ask.name) : ask;
    if (!label) return { done: false, why: "an opinion was left out" };
    all.push(label);
  }
  return { done: true, labels: all };
}

/** Null, or why some are not labelled: the first failure that does not pass ends it, for the others would fail alike. */
async function oneByOne({ client, ledger, waiting, found, signal }: Work): Promise<string | null> {
  const queue = [...waiting.values()];
  let why: string | null = null;
  const worker = async () => {
    for (let ask = queue.pop(); ask !== undefined && why === null; ask = queue.pop()) {
      const label = await labelOne(ask, { client, ledger, signal });
      if (typeof label === "string") why = label;
      else found(ask.name, label);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return why;
}

async function labelOne(
  { system, user }: Waiting,
  { client, ledger, signal }: Pick<Work, "client" | "ledger" | "signal">,
): Promise<Label | string> {
  for (let asked = 1; ; asked++) {
    const testimony = await client.ask({ system, user }, FORM, ledger, signal);
    if (!testimony.said) return testimony.why;
    const label = labelIn(testimony);
    if (label) return label;
    if (asked === ASKED_FOR_FORM) return rejected("no_label");
  }
}

const labelIn = (testimony: Extract<Testimony, { said: true }>): Label | null =>
  testimony.stop === "end_turn" ? readLabel(testimony.text) : null;

/** Null once no batch is left to wait for; what one left out, or did not label in the form, is asked about by itself. */
async function inBatches(
  { client, ledger, waiting, found, signal }: Work,
  market: Hex,
  batches: Map<Hex, Batch>,
  { batchAbove = BATCH_ABOVE, pollMs = POLL_MS, patienceMs = PATIENCE_MS }: ClaudeOptions,
): Promise<string | null> {
  const end = performance.now() + patienceMs;
  while (batches.has(market) || waiting.size > batchAbove) {
    let batch = batches.get(market);
    if (!batch) {
      const begun = await client.startBatch(
        [...waiting.values()].slice(0, MOST_IN_BATCH),
        FORM,
        ledger,
        signal,
      );
      if ("why" in begun) return begun.why;
      batches.set(market, begun);
      batch = begun;
    }
    const state = await client.batchState(batch, ledger, signal);
    if (state.state === "failed") {
      // Its reservation stays spent: what it cost nobody says any more.
      if (state.lost) batches.delete(market);
      return state.why;
    }
    if (state.state === "working") {
      if (signal.aborted || performance.now() > end) return "a batch is being worked on";
      await delay(pollMs, undefined, { signal }).catch(() => undefined);
      continue;
    }
    batches.delete(market);
    const before = waiting.size;
    for (const [name, testimony] of state.said) {
      const label = testimony.said ? labelIn(testimony) : null;
      if (label && waiting.has(name)) found(name, label);
    }
    // A batch that brought nothing is not tried again and again.
    if (waiting.size === before) return null;
  }
  return null;
}
