import { setTimeout as delay } from "node:timers/promises";
import { oracleAbi } from "@sooth/abi";
import type { Addresses, Chain } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { counter, type Logger } from "@sooth/runtime";
import { createWalletClient, custom, type LocalAccount, zeroHash } from "viem";
import {
  type AnswerWord,
  isSilent,
  silenceDeposit,
  silenceReading,
  type Terms,
  termsToChain,
  watcherClaimFrom,
} from "../../core/index.ts";
import { depositLimits, purseOf } from "../contract.ts";
import { ChainView, type KnownQuestion } from "../provider/chain-view.ts";
import { observe } from "../provider/observe.ts";
import { pauseAfter } from "../provider/schedule.ts";
import type { SourceTools } from "../provider/sources/index.ts";

const objections = counter(
  "oracle_watcher_objections_total",
  "Silences that a watcher thought of objecting to",
  ["outcome"],
);

export type SilenceOptions = {
  hub: Chain;
  addresses: Addresses;
  fromBlock: number;
  /** Pays the gas, and the deposit out of his credit with the oracle. */
  account: LocalAccount;
  /** Put down for one question at most, collateral. */
  most: bigint;
  tools: Omit<SourceTools, "signal">;
  pollMs: number;
  signal: AbortSignal;
  log: Logger;
};

/** Questions read at once. */
const AT_ONCE = 4;
const LONGEST_PAUSE_MS = 30_000;

type Look = { done: boolean; failures: number; notBefore: number };

/**
 * Objects, shortly before the deadline, to the silence of questions that this watcher can read himself: then providers report anew,
 * or a jury decides. Runs until `signal` aborts.
 */
export async function objectToSilence(options: SilenceOptions): Promise<void> {
  const { hub, addresses, fromBlock, signal, log } = options;
  const view = new ChainView(hub, addresses, fromBlock);
  let looks = new Map<string, Look>();
  while (!signal.aborted) {
    try {
      await view.refresh();
      const silent = (await Promise.all(candidates(view).map((each) => silentNow(view, each)))).flat();
      looks = new Map(
        silent.map(({ key }) => [key, looks.get(key) ?? { done: false, failures: 0, notBefore: 0 }]),
      );
      const due = silent.filter(({ key }) => {
        const look = looks.get(key);
        return look !== undefined && !look.done && look.notBefore <= performance.now();
      });
      await Promise.all(
        due.slice(0, AT_ONCE).map(async (each) => {
          const look = looks.get(each.key);
          if (look) await lookAt(options, each, view.now, look);
        }),
      );
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, "the watcher cannot see which questions nobody answers");
    }
    await delay(options.pollMs, undefined, { signal }).catch(() => undefined);
  }
}

type Open = Extract<AnswerWord, { state: "open" }>;
type Silent = { key: string; question: KnownQuestion; word: Open };

/** By their terms alone: a question that opened again has a later time, which its word tells. */
const candidates = (view: ChainView): KnownQuestion[] =>
  view
    .open()
    .filter(
      ({ terms }) => terms.aggregation !== "root" && view.now >= watcherClaimFrom(terms, opening(terms)),
    );

const opening = ({ opensAt }: Terms) => ({ notBefore: opensAt });

async function silentNow(view: ChainView, question: KnownQuestion): Promise<Silent[]> {
  const word = await view.wordOf(question.id);
  const { id, terms } = question;
  if (!isSilent(terms, word, view.now) || view.now < watcherClaimFrom(terms, word)) return [];
  return [{ key: `${id}:${word.round}`, question, word }];
}

async function lookAt(
  options: SilenceOptions,
  { question, word }: Silent,
  now: number,
  look: Look,
): Promise<void> {
  const { hub, addresses, account, most, tools, signal, log } = options;
  const { id, terms } = question;
  try {
    const limits = await depositLimits(hub, addresses);
    const deposit = silenceDeposit(terms, word, limits);
    const { credit } = await purseOf(hub, addresses, account.address);
    // It is late by then: a default that the question names counts, and so do its secondary sources.
    const observed = {
      schema: question.schema,
      clarifications: question.clarifications.map(({ text }) => text),
    };
    const { finding } = await observe(observed, terms, now, { ...tools, signal }, true);
    if (signal.aborted) return;
    const found = silenceReading(terms, finding, { deposit, most, credit });
    if (found.do === "claim") {
      const hash = await object(options, terms, found.value);
      objections.inc({ outcome: "objected" });
      log.warn({ question: id, value: found.value, deposit, hash }, "objected to the silence");
      look.done = true;
      return;
    }
    log.info({ question: id, why: found.why }, "does not object to the silence");
    if (found.do === "give_up") {
      objections.inc({ outcome: "left" });
      look.done = true;
      return;
    }
  } catch (error) {
    if (signal.aborted) return;
    objections.inc({ outcome: "failed" });
    // Somebody else may have been quicker: then it is open no more, and is not looked at again.
    log.warn({ err: error, question: id }, "an objection to a silence failed");
  }
  look.notBefore = performance.now() + pauseAfter(look.failures, LONGEST_PAUSE_MS);
  look.failures += 1;
}

async function object(
  { hub, addresses, account }: SilenceOptions,
  terms: Terms,
  value: bigint,
): Promise<Hex> {
  const wallet = createWalletClient({
    account,
    chain: hub.definition.viem,
    transport: custom({ request: hub.client.request }),
  });
  const call = {
    address: addresses.oracle,
    abi: oracleAbi,
    functionName: "disputeSilence",
    args: [termsToChain(terms), value, zeroHash],
  } as const;
  await hub.client.simulateContract({ ...call, account });
  return wallet.writeContract(call);
}
