import { setTimeout as delay } from "node:timers/promises";
import type { Addresses, Chain } from "@sooth/chain";
import { type Hex, need } from "@sooth/kernel";
import type { Logger } from "@sooth/runtime";
import type { LocalAccount } from "viem";
import type { Pace } from "../../core/index.ts";
import { tellUnreadable } from "./abstain.ts";
import { apiClient } from "./api-client.ts";
import { ChainView, type KnownQuestion } from "./chain-view.ts";
import { openDuties } from "./duties.ts";
import { feedDuty } from "./feed-duty.ts";
import { openJournal } from "./journal.ts";
import { lookDuty } from "./look-duty.ts";
import { ownPositions } from "./own-positions.ts";
import { type PeriodDuty, periodDuty } from "./period-duty.ts";
import { type Reporter, reportQuestion } from "./report-question.ts";
import { openSights } from "./sights.ts";
import { originGate } from "./sources/index.ts";
import type { OpinionAnalyst } from "./opinions/analyst.ts";
import { handOverSheet } from "./opinions/hand-over-sheet.ts";
import type { WitnessModel } from "./witness/witness-model.ts";
import { chooseNext, newProgress, pauseAfter, type Progress } from "./schedule.ts";

export type ProviderOptions = {
  /** The provider's own view of the chain. */
  hub: Chain;
  addresses: Addresses;
  fromBlock: number;
  /** Signs reports; the stake belongs to another key. */
  account: LocalAccount;
  apiUrl: string;
  /** Origins that sources may be read from, such as `https://api.kraken.com`. */
  allowedOrigins: readonly string[];
  /** How often one origin is asked; 10 times a second when not given. */
  originPace?: Pace;
  /** Chains besides the hub whose state may be read. */
  chains?: readonly Chain[];
  /** Reads documents for questions that want a witness; without it this provider is none. */
  witness?: WitnessModel;
  /** Labels opinions for questions that are answered by them, and where their texts are; without it this provider is no analyst. */
  opinions?: { analyst: OpinionAnalyst; gateways: readonly string[] };
  /** Remembers what was signed. Without it a restarted node may contradict itself, and is refused for that round. */
  journalFile?: string;
  /** Ids of first-party feeds of this key that it tells; others that name the key are left alone. */
  firstPartyFeeds?: readonly string[];
  /** Consumers of which the operator vouches that nobody of his holds a position there. */
  harmlessConsumers?: readonly string[];
  /** Pays, out of his credit with the oracle, for objecting to roots of periods that the logs contradict. */
  challenger?: LocalAccount;
  /** Who gathers commitments of reports and of jurors, and what opens them; the API alone when not given. Each is handed everything. */
  collectors?: readonly string[];
  /** Sits on juries, and reports nothing: for who holds no seat. */
  jurorOnly?: boolean;
  signal: AbortSignal;
  log: Logger;
};

/** Questions observed at once. */
const AT_ONCE = 8;
/** What public interfaces of exchanges grant an address: Coinbase 10 a second, others more. */
const ORIGIN_PACE: Pace = { perSecond: 10, burst: 30 };
const LONGEST_PAUSE_MS = 60_000;
/** A consumer is named 45 days before it counts. */
const NOTICE_EVERY_SECONDS = 3_600;

/**
 * A staker's oracle node: follows the chain, reads the sources of every open question whose time has come, and hands
 * over signed reports. Runs until `signal` aborts. Nothing that a source, the API or the chain does ends it.
 */
export async function runProvider(options: ProviderOptions): Promise<void> {
  const { hub, addresses, account, signal, log } = options;
  const view = new ChainView(hub, addresses, options.fromBlock);
  const progress = new Map<Hex, Progress>();
  const running = new Set<Promise<void>>();
  let reporter: Reporter | undefined;
  let duty: PeriodDuty | undefined;
  let feeds: ReturnType<typeof feedDuty> | undefined;
  let looking: ReturnType<typeof lookDuty> | undefined;
  const duties = openDuties(options);
  let complaint: string | null = null;
  let noticeAt = 0;

  while (!signal.aborted) {
    try {
      await view.refresh();
      reporter ??= {
        hub,
        addresses,
        account,
        view,
        disputes: duties.view,
        journal: await openJournal({
          file: options.journalFile,
          signer: account.address,
          domain: `${hub.definition.id}:${addresses.oracle.toLowerCase()}`,
          now: view.now,
        }),
        sights: await openSights({
          file: options.journalFile && `${options.journalFile}.sights`,
          domain: `${hub.definition.id}:${addresses.oracle.toLowerCase()}`,
        }),
        positions: ownPositions({
          hub,
          addresses,
          fromBlock: options.fromBlock,
          key: account.address,
          harmless: options.harmlessConsumers,
          log,
          head: () => view.head,
        }),
        api: apiClient(options.apiUrl, signal),
        collectors: (options.collectors ?? [options.apiUrl]).map((url) => ({
          url,
          ...apiClient(url, signal),
        })),
        reading: {
          allowedOrigins: options.allowedOrigins,
          gate: originGate(options.originPace ?? ORIGIN_PACE),
          chains: [hub, ...(options.chains ?? [])],
          witness: options.witness,
          opinions: options.opinions && {
            ...options.opinions,
            chainId: hub.definition.id,
            contract: addresses.opinions,
            keep: handOverSheet({ hub, addresses, account, api: apiClient(options.apiUrl, signal), log }),
          },
          signal,
        },
        log,
      };
      if (options.jurorOnly !== true) {
        await startDue(reporter, progress, running);
        duty ??= periodDuty(reporter, options.fromBlock, options.challenger);
        feeds ??= feedDuty(
          reporter,
          options.journalFile && `${options.journalFile}.feeds`,
          options.firstPartyFeeds,
        );
        await feeds.tick();
        await duty.run();
      }
      looking ??= lookDuty(reporter, options.jurorOnly === true);
      await looking.tick();
      await duties.tick(reporter, attemptOne);
      if (view.now >= noticeAt) {
        await reporter.positions.tellNoticed();
        noticeAt = view.now + NOTICE_EVERY_SECONDS;
      }
      if (complaint !== null) log.info("the provider works again");
      complaint = null;
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      // Once per trouble: the same sentence every second would hide the others.
      if (!signal.aborted && text !== complaint) log.warn({ err: error }, "the provider cannot work now");
      complaint = text;
    }
    await delay(hub.definition.pollMs, undefined, { signal }).catch(() => undefined);
  }
  await Promise.all(running);
  await looking?.close();
  await duties.close();
  await feeds?.close();
  await reporter?.sights.close();
  await reporter?.journal.close();
}

async function startDue(
  reporter: Reporter,
  progress: Map<Hex, Progress>,
  running: Set<Promise<void>>,
): Promise<void> {
  const { view } = reporter;
  for (const id of progress.keys()) if (!view.questions.has(id)) progress.delete(id);
  const opened = view.open().filter(({ terms }) => terms.opensAt <= view.now);
  if (opened.length === 0) return;
  const domains = [...new Set(opened.map(({ terms }) => terms.domain))];
  const epochs = new Map(
    await Promise.all(domains.map(async (domain) => [domain, (await view.signers(domain)).epoch] as const)),
  );
  for (const question of opened) {
    const known = progress.get(question.id) ?? newProgress(question, reporter.reading);
    progress.set(question.id, known);
    const changes = view.changesOf(question.id);
    if (changes !== known.changes)
      Object.assign(known, {
        changes,
        epoch: null,
        abandoned: false,
        from: 0,
        pausedUntil: 0,
        isRefused: false,
      });
  }
  await refuseUnreadable(reporter, opened, progress);
  const moment = { epochs, chain: view.now, machine: performance.now() };
  for (const question of chooseNext(opened, progress, moment, AT_ONCE - running.size)) {
    const known = need(progress.get(question.id), "a question's progress");
    Object.assign(known, { busy: true, triedAt: moment.machine });
    const attempt = attemptOne(reporter, question, known).finally(() => {
      known.busy = false;
      running.delete(attempt);
    });
    running.add(attempt);
  }
}

/** Questions told of in one round of the loop: anybody may ask any number that nobody here may read. */
const REFUSED_AT_ONCE = 4;

/** Says of questions whose sources this node is not set up to read that it will not tell. */
async function refuseUnreadable(
  reporter: Reporter,
  opened: readonly KnownQuestion[],
  progress: ReadonlyMap<Hex, Progress>,
): Promise<void> {
  const refused = opened.flatMap((question) => {
    const known = progress.get(question.id);
    const isDue = known && !known.readable && !known.isRefused && known.pausedUntil <= performance.now();
    return isDue ? [{ question, known }] : [];
  });
  for (const { question, known } of refused.slice(0, REFUSED_AT_ONCE)) {
    known.isRefused = await tellUnreadable(reporter, question);
    if (!known.isRefused) known.pausedUntil = performance.now() + pauseAfter(0, LONGEST_PAUSE_MS);
  }
}

async function attemptOne(reporter: Reporter, question: KnownQuestion, known: Progress): Promise<void> {
  try {
    const attempt = await reportQuestion(reporter, question);
    if (attempt.outcome === "reported") {
      Object.assign(known, { epoch: attempt.epoch, failures: 0 });
      return;
    }
    if (attempt.outcome === "abandoned") {
      known.abandoned = true;
      return;
    }
    if (attempt.from !== undefined) {
      known.from = attempt.from;
      return;
    }
    reporter.log.info({ question: question.id, why: attempt.why }, "reports later");
  } catch (error) {
    if (reporter.reading.signal.aborted) return;
    reporter.log.warn({ err: error, question: question.id }, "an attempt to report failed");
  }
  known.pausedUntil = performance.now() + pauseAfter(known.failures, LONGEST_PAUSE_MS);
  known.failures += 1;
}
