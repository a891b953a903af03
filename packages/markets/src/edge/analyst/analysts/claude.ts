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
import { alert, counter } from "@sooth/runtime";
import { sha256, stringToHex } from "viem";
import { LABEL_FORMAT, labelPrompt, labelRules, readLabel } from "../../../core/analyst/prompt.ts";
import { addressesAnalyst } from "../../../core/analyst/addressing.ts";
import { type Label, rejected } from "../../../core/index.ts";
import type { Analyst, LabelsOf } from "../analyst.ts";

const calls = counter("markets_analyst_calls_total", "Calls of an analyst's language model", ["outcome"]);
export const analystAlert = alert({
  id: "markets.analyst_down",
  severity: "ticket",
  forSeconds: 900,
  when: `increase(${calls.metric}{outcome="failed"}[15m]) > 3 unless ignoring (outcome) increase(${calls.metric}{outcome="said"}[15m]) > 0`,
  runbook: "docs/runbooks/markets.md#an-analysts-model-is-down",
});
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
      const work = { client, ...capsOf(perDay, await perMarket(market)), waiting, found, signal };
      if (batches.has(market) || waiting.size > (options.batchAbove ?? BATCH_ABOVE)) {
        const why = await inBatches(work, market, batches, options);
        if (why !== null) return { done: false, why };
      }
      const ended = await oneByOne(work);
      // Of the first nothing is known: there is no label at all, and no score to make of them.
      const isCut = ended?.spent === "market" && labels.size > 0;
      return ended === null || isCut
        ? allOf(asks, labels)
        : { done: false, why: ended.why, ...(ended.spent && { spent: true }) };
    },
  };
}

/** Which cap does not hold the last call: a day's is another tomorrow, a market's never. */
type Spent = "day" | "market";
type Work = {
  client: MessagesClient;
  ledger: Ledger;
  spentBy: () => Spent;
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

function capsOf(perDay: Ledger, perMarket: Ledger): Pick<Work, "ledger" | "spentBy"> {
  let by: Spent = "day";
  const day: Ledger = {
    ...perDay,
    reserve: (amount) => {
      by = "day";
      return perDay.reserve(amount);
    },
  };
  const market: Ledger = {
    ...perMarket,
    reserve: (amount) => {
      by = "market";
      return perMarket.reserve(amount);
    },
  };
  return { ledger: bothLedgers(day, market), spentBy: () => by };
}

/** In the order of stakes: once one is not labelled none after it is, or whoever labels could choose among the smaller ones. */
function allOf(asks: readonly (Waiting | Label)[], labels: ReadonlyMap<string, Label>): LabelsOf {
  let isCut = false;
  const all = asks.map((ask): Label => {
    const label = "name" in ask ? labels.get(ask.name) : ask;
    isCut ||= label === undefined;
    return label === undefined || (isCut && label.rejection === null) ? rejected("not_labelled") : label;
  });
  return { done: true, labels: all };
}

type Ended = { why: string; spent?: Spent };

/**
 * Null, or why some are not labelled: the first failure that does not pass ends it, for the others would fail alike. A cap that does
 * not hold many calls at once may hold fewer: what a call did not cost is given back when it ends.
 */
async function oneByOne(work: Work): Promise<Ended | null> {
  for (let atOnce = AT_ONCE; ; atOnce = Math.ceil(atOnce / 2)) {
    const ended = await together(work, atOnce);
    if (!ended?.spent || atOnce === 1) return ended;
  }
}

async function together({ waiting, found, ...work }: Work, atOnce: number): Promise<Ended | null> {
  const queue = [...waiting.values()].toReversed();
  let ended: Ended | null = null;
  const worker = async () => {
    for (let ask = queue.pop(); ask !== undefined && ended === null; ask = queue.pop()) {
      const label = await labelOne(ask, work);
      if ("why" in label) ended = label;
      else found(ask.name, label);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return ended;
}

async function labelOne(
  { system, user }: Waiting,
  { client, ledger, spentBy, signal }: Pick<Work, "client" | "ledger" | "spentBy" | "signal">,
): Promise<Label | Ended> {
  for (let asked = 1; ; asked++) {
    const testimony = await client.ask({ system, user }, FORM, ledger, signal);
    if (!testimony.said) return { why: testimony.why, ...(testimony.spent && { spent: spentBy() }) };
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
  let most = MOST_IN_BATCH;
  while (batches.has(market) || waiting.size > batchAbove) {
    let batch = batches.get(market);
    if (!batch) {
      const begun = await client.startBatch([...waiting.values()].slice(0, most), FORM, ledger, signal);
      if ("why" in begun) {
        if (!begun.spent) return begun.why;
        // What is set aside for a batch is many times what it costs: fewer may fit, and what is left over holds the next.
        most = Math.floor(Math.min(most, waiting.size) / 2);
        if (most === 0) return null;
        continue;
      }
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
    most = MOST_IN_BATCH;
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
