import { counter } from "@sooth/runtime";
import { promptHashes, VERDICT_FORMAT, type WitnessPrompt } from "../../../core/index.ts";
import { type MessagesOptions, openMessages, type Testimony } from "../messages/messages-client.ts";
import { remember } from "../messages/remember.ts";
import type { Ledger } from "./ledger.ts";

const calls = counter("oracle_witness_calls_total", "Calls of a witness' language model", ["outcome"]);
const cost = counter(
  "oracle_witness_cost_nano_dollars_total",
  "What they cost, in billionths of a US dollar",
);

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

export type WitnessOptions = Omit<MessagesOptions, "who" | "cap" | "onCall" | "onCost"> & {
  family: string;
  minConfidence: number;
  ledger: Ledger;
};

/** Room for a verdict and for the thoughts of models that think before they write. */
const MAX_TOKENS = 8_192;
/** To look a passage up takes little thought, and thoughts are paid for as output. */
const EFFORT = "low";
/** Testimonies remembered. A question that is tried again each minute with the same documents costs nothing. */
const REMEMBERED = 500;

/** Loads the service's client only here: a provider without a key never needs it. */
export async function openWitness({
  family,
  minConfidence,
  ledger,
  ...options
}: WitnessOptions): Promise<WitnessModel> {
  const client = await openMessages({
    ...options,
    who: "the witness",
    cap: "in a day",
    onCall: (outcome) => calls.inc({ outcome }),
    onCost: (paid) => cost.inc(Number(paid)),
  });
  // What failed may work next time.
  const once = remember<Testimony>(REMEMBERED, ({ said }) => said);
  const form = { format: VERDICT_FORMAT, maxTokens: MAX_TOKENS, effort: EFFORT } as const;
  return {
    family,
    model: options.model,
    settings: { max_tokens: MAX_TOKENS, effort: EFFORT },
    minConfidence,
    ask: (prompt, signal) => {
      const { prompt: rules, input } = promptHashes(prompt);
      return once(`${rules}:${input}`, () => client.ask(prompt, form, ledger, signal));
    },
  };
}
