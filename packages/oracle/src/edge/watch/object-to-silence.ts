import { setTimeout as delay } from "node:timers/promises";
import { oracleAbi } from "@sooth/abi";
import { type Addresses, type Chain, walletOf } from "@sooth/chain";
import { type Hex, need } from "@sooth/kernel";
import { counter, type Logger } from "@sooth/runtime";
import type { LocalAccount } from "viem";
import {
  type AnswerWord,
  inTurn,
  isSilent,
  labelOf,
  silenceDeposit,
  silenceFrom,
  silenceReading,
  silenceReason,
  type Terms,
  termsToChain,
  watcherClaimFrom,
} from "../../core/index.ts";
import { depositLimits, purseOf } from "../contract.ts";
import { type ApiClient, apiClient } from "../provider/api-client.ts";
import { ChainView, type KnownQuestion } from "../provider/chain-view.ts";
import { observe } from "../provider/observe.ts";
import { sayWhy } from "../provider/say-why.ts";
import { pauseAfter } from "../provider/schedule.ts";
import { openSights, type Sights } from "../provider/sights.ts";
import type { SourceTools } from "../provider/sources/index.ts";
import { type DayLimit, dayLimit } from "./day-limit.ts";

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
  /** Put down in a day for all questions together at most, collateral. */
  mostInADay: bigint;
  /** Where the text goes that says why. */
  apiUrl: string;
  /** Keeps first looks over a restart; without it they live in memory. */
  looksFile?: string | undefined;
  tools: Omit<SourceTools, "signal">;
  pollMs: number;
  signal: AbortSignal;
  log: Logger;
};

/** Questions read at once. */
const AT_ONCE = 4;
const LONGEST_PAUSE_MS = 30_000;

type Look = {
  done: boolean;
  failures: number;
  notBefore: number;
  /** When it was looked at last; 0 before. */
  at: number;
};
const UNSEEN: Readonly<Look> = { done: false, failures: 0, notBefore: 0, at: 0 };
/** What this node works with while it runs. `sights`: of each question the first look that said a value. */
type Held = { view: ChainView; limit: DayLimit; sights: Sights; api: ApiClient };
/** Questions forgotten in one round of the loop. */
const FORGOTTEN_AT_ONCE = 100;

/**
 * Objects, shortly before the deadline, to the silence of questions that this watcher can read himself: then providers report anew.
 * It looks first when objecting begins, and once more before it does. Runs until `signal` aborts.
 */
export async function objectToSilence(options: SilenceOptions): Promise<void> {
  const { hub, addresses, fromBlock, signal, log } = options;
  const view = new ChainView(hub, addresses, fromBlock);
  const limit = dayLimit({ hub, addresses, fromBlock }, options.account.address, options.mostInADay);
  const domain = `${hub.definition.id}:${addresses.oracle.toLowerCase()}`;
  const sights = await openSights({ file: options.looksFile, domain });
  const held: Held = { view, limit, sights, api: apiClient(options.apiUrl, signal) };
  let looks = new Map<string, Look>();
  while (!signal.aborted) {
    try {
      await view.refresh();
      for (const { question } of sights.old(view.now, FORGOTTEN_AT_ONCE)) sights.forget(question);
      const silent = (await Promise.all(candidates(view).map((each) => silentNow(view, each)))).flat();
      const seen = silent.map((each) => ({ ...each, look: looks.get(each.key) ?? { ...UNSEEN } }));
      looks = new Map(seen.map(({ key, look }) => [key, look]));
      const due = inTurn(
        seen.filter(({ look, question: { terms }, word }) => {
          // One look when objecting begins; what it leaves undecided is decided late.
          const waits = look.at > 0 && view.now < watcherClaimFrom(terms, word);
          return !look.done && !waits && look.notBefore <= performance.now();
        }),
      ).slice(0, AT_ONCE);
      if (due.length > 0) await limit.refresh();
      await Promise.all(due.map((each) => lookAt(options, each, held)));
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, "the watcher cannot see which questions nobody answers");
    }
    await delay(options.pollMs, undefined, { signal }).catch(() => undefined);
  }
  await sights.close();
}

type Open = Extract<AnswerWord, { state: "open" }>;
type Silent = { key: string; question: KnownQuestion; word: Open };

/** By their terms alone: a question that opened again has a later time, which its word tells. */
const candidates = (view: ChainView): KnownQuestion[] =>
  view
    .open()
    .filter(({ terms }) => terms.aggregation !== "root" && view.now >= silenceFrom(terms, opening(terms)));

const opening = ({ opensAt }: Terms) => ({ notBefore: opensAt });

async function silentNow(view: ChainView, question: KnownQuestion): Promise<Silent[]> {
  const word = await view.wordOf(question.id);
  const { id, terms } = question;
  if (!isSilent(terms, word, view.now)) return [];
  return [{ key: `${id}:${word.round}`, question, word }];
}

async function lookAt(
  options: SilenceOptions,
  { question, word, look }: Silent & { look: Look },
  { view, limit, sights, api }: Held,
): Promise<void> {
  const { hub, addresses, account, most, tools, signal, log } = options;
  const { id, terms } = question;
  const { now } = view;
  look.at = performance.now();
  try {
    const limits = await depositLimits(hub, addresses);
    const deposit = silenceDeposit(terms, word, limits);
    const { credit } = await purseOf(hub, addresses, account.address);
    // It is late by then: a default that the question names counts, and so do its secondary sources.
    const observed = {
      question: id,
      schema: question.schema,
      clarifications: question.clarifications.map(({ text }) => text),
    };
    const { finding, sources } = await observe(observed, terms, now, { ...tools, signal }, true);
    if (signal.aborted) return;
    const { totalWeight } = await view.signers(terms.domain);
    const isLate = now >= watcherClaimFrom(terms, word);
    const before = sights.find(id, word.round);
    if (finding.do === "sign")
      await sights.keep({
        question: id,
        round: word.round,
        at: now,
        value: String(finding.value),
        reason: finding.reason,
        sources,
        clarified: null,
        askAt: word.deadline + 1,
        reward: String(terms.reward),
      });
    const purse = { deposit, most, left: limit.left(now), credit };
    const first = isLate && before ? BigInt(before.value) : null;
    const found = silenceReading(terms, { first, now: finding }, totalWeight, purse);
    if (found.do === "claim") {
      const said = (value: bigint) => labelOf(value, question.schema);
      const earlier = need(before, "the first look that a claim rests on");
      const text = silenceReason({
        question: id,
        watcher: account.address,
        claim: said(found.value),
        finding: finding.do === "sign" ? finding.reason : finding.why,
        first: { value: said(BigInt(earlier.value)), at: earlier.at },
        look: { at: now, sources },
      });
      // From here to its deposit nothing is waited for, or two could take what is left.
      const release = limit.take(id, deposit, now);
      const send = (reason: Hex) => object(options, terms, found.value, reason);
      const hash = await sayWhy(api, text, send, log).catch((error: unknown) => {
        release();
        throw error;
      });
      objections.inc({ outcome: "objected" });
      log.warn({ question: id, value: found.value, deposit, hash }, "objected to the silence");
      look.done = true;
      return;
    }
    log.info({ question: id, why: found.why }, "does not object to the silence");
    if (found.do === "give_up" && isLate) {
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
  reason: Hex,
): Promise<Hex> {
  const call = {
    address: addresses.oracle,
    abi: oracleAbi,
    functionName: "disputeSilence",
    args: [termsToChain(terms), value, reason],
  } as const;
  await hub.client.simulateContract({ ...call, account });
  return walletOf(hub, account).writeContract(call);
}
