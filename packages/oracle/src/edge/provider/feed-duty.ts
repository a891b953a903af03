import { feedsAbi } from "@sooth/abi";
import type { Hex } from "@sooth/kernel";
import {
  type FeedSchema,
  feedDue,
  feedFields,
  feedMoment,
  feedQuestion,
  feedReportTypedData,
  FIRST_PARTY_EPOCH,
  hasMoved,
  isSentinel,
  kindOf,
  type LastTold,
} from "../../core/index.ts";
import { type FeedEntry, type FeedJournal, openFeedJournal } from "./feed-journal.ts";
import { observe } from "./observe.ts";
import type { Reporter } from "./report-question.ts";
import { isReadable } from "./schedule.ts";
import type { SourceTools } from "./sources/index.ts";

/** Feeds that one node tells at most: anybody may create any number of them. */
const MOST = 16;
const RETRY_MS = 2_000;
/** The API sends no updates of this feed; that changes with its configuration. */
const REFUSED_MS = 600_000;
const HALTED = 3;
const UNKNOWN = 0;

type Progress = {
  /** By own values or by this key alone, from sources of which enough may be read here. */
  readonly isTellable: boolean;
  busy: boolean;
  /** The last moment that is done with: handed over, or not due. */
  done: number;
  /** By this machine's clock. */
  pausedUntil: number;
  refusedUntil: number;
};

const newProgress = (isOurs: boolean, { schema, moment }: Moment, tools: SourceTools): Progress => ({
  isTellable: isOurs && isReadable({ schema: feedQuestion(schema, moment), terms: bounds(schema) }, tools),
  busy: false,
  done: 0,
  pausedUntil: 0,
  refusedUntil: 0,
});

/**
 * Tells the values of feeds: at each moment that is due, observes, remembers, signs, hands over.
 * @param own ids of the first-party feeds of this key that are told. Anybody may write a key into the terms of a feed, so
 * that none is told unasked.
 */
export function feedDuty(reporter: Reporter, journalFile: string | undefined, own: readonly string[] = []) {
  const named = new Set(own.map((id) => id.toLowerCase()));
  const isOurs = (id: Hex): boolean => {
    const owner = reporter.view.owners.get(id);
    if (owner === undefined) return feedFields(id).scheme === "values";
    return named.has(id.toLowerCase()) && owner.signer === reporter.account.address.toLowerCase();
  };
  const progress = new Map<Hex, Progress>();
  const running = new Set<Promise<void>>();
  let journal: FeedJournal | undefined;

  return {
    /** Starts what is due. Looks at nothing but the clock between two moments. @throws chain.rpc_unreachable */
    tick: async (): Promise<void> => {
      const { view, reading } = reporter;
      if (view.feeds.size === 0) return;
      journal ??= await openFeedJournal({
        file: journalFile,
        signer: reporter.account.address,
        domain: `${reporter.hub.definition.id}:${reporter.addresses.feeds.toLowerCase()}`,
      });
      const held = journal;
      const machine = performance.now();
      let room = MOST;
      for (const [id, schema] of view.feeds) {
        const moment = feedMoment(view.now, schema);
        const known = progress.get(id) ?? newProgress(isOurs(id), { id, schema, moment }, reading);
        progress.set(id, known);
        // One that the API refuses takes nobody's place.
        if (!known.isTellable || known.refusedUntil > machine) continue;
        // Those of our own were chosen one by one, and have their places.
        if (!view.owners.has(id)) room -= 1;
        if (room < 0) continue;
        if (known.busy || known.done >= moment || known.pausedUntil > machine) continue;
        known.busy = true;
        const attempt = attemptOne(reporter, held, { id, schema, moment }, known).finally(() => {
          known.busy = false;
          running.delete(attempt);
        });
        running.add(attempt);
      }
    },
    close: async (): Promise<void> => {
      await Promise.all(running);
    },
  };
}

const bounds = (schema: FeedSchema) => kindOf({ kind: "numeric" }).bounds(feedQuestion(schema, 0));

async function attemptOne(
  reporter: Reporter,
  journal: FeedJournal,
  told: Moment,
  known: Progress,
): Promise<void> {
  try {
    const outcome = await tell(reporter, journal, told);
    if (outcome === "done") known.done = told.moment;
    if (outcome === "later") known.pausedUntil = performance.now() + RETRY_MS;
    if (outcome === "refused") known.refusedUntil = performance.now() + REFUSED_MS;
  } catch (error) {
    if (!reporter.reading.signal.aborted)
      reporter.log.warn({ err: error, feed: told.id }, "a feed could not be told");
    known.pausedUntil = performance.now() + RETRY_MS;
  }
}

type Moment = { id: Hex; schema: FeedSchema; moment: number };

/** `done`: nothing is left to do for this moment. `later`: soon again. `refused`: the API wants none of this feed. */
async function tell(
  reporter: Reporter,
  journal: FeedJournal,
  { id, schema, moment }: Moment,
): Promise<"done" | "later" | "refused"> {
  const { view, account, reading, log } = reporter;
  const { domain, heartbeat } = feedFields(id);
  const owner = view.owners.get(id);
  const [epoch, last] = await Promise.all([
    owner ? FIRST_PARTY_EPOCH : seatedEpoch(reporter, domain),
    lastTold(reporter, id),
  ]);
  if (epoch === null) return "done";
  const due = feedDue(last, moment, { heartbeat, deviationBps: schema.deviationBps });
  if (due === "no") return "done";

  const signed = journal.last(id);
  if (signed && signed.observedAt > moment) return "done";
  if (signed?.observedAt === moment && signed.epoch === epoch) return handOver(reporter, signed);
  // For another epoch the same is said of the same moment.
  const value =
    signed?.observedAt === moment
      ? BigInt(signed.value)
      : await observed(reporter, { id, schema, moment }, reading);
  if (value === null) return "later";
  if (due === "ifMoved" && last && !hasMoved(value, last.value, schema.deviationBps)) return "done";

  const feeds = reporter.addresses.feeds;
  const chainId = reporter.hub.definition.id;
  const said = { feed: owner?.template ?? id, value, observedAt: moment, epoch };
  const typed = feedReportTypedData({ chainId, feeds }, said);
  const entry: FeedEntry = {
    feed: id,
    signer: account.address,
    domain: `${chainId}:${feeds.toLowerCase()}`,
    value: String(value),
    observedAt: moment,
    epoch,
    signature: await account.signTypedData(typed),
  };
  await journal.write(entry);
  log.debug({ feed: id, moment, value: entry.value }, "told a feed");
  return handOver(reporter, entry);
}

async function observed(
  { log }: Reporter,
  { id, schema, moment }: Moment,
  tools: SourceTools,
): Promise<bigint | null> {
  const { finding } = await observe({ schema: feedQuestion(schema, moment) }, bounds(schema), moment, tools);
  if (finding.do === "sign" && !isSentinel(finding.value)) return finding.value;
  const why = finding.do === "sign" ? finding.reason : finding.why;
  log.info({ feed: id, moment, why }, "nothing to tell of a feed yet");
  return null;
}

/** The epoch of the domain's signer set, or null where this key has no seat in it. */
async function seatedEpoch({ view, account }: Reporter, domain: number): Promise<number | null> {
  const { epoch, seats } = await view.signers(domain);
  const own = account.address.toLowerCase();
  return seats.some(({ signer }) => signer.toLowerCase() === own) ? epoch : null;
}

/** What the contract holds, whatever anybody else says. */
async function lastTold({ hub, addresses }: Reporter, feed: Hex): Promise<LastTold | null> {
  const [status, value, observedAt] = await hub.client.readContract({
    address: addresses.feeds,
    abi: feedsAbi,
    functionName: "read",
    args: [feed],
  });
  return status === UNKNOWN ? null : { value, observedAt, isHalted: status === HALTED };
}

async function handOver({ api, log }: Reporter, entry: FeedEntry): Promise<"done" | "later" | "refused"> {
  const { feed, value, observedAt, epoch, signature } = entry;
  const handed = await api.handOverFeed(feed as Hex, { value, observedAt, epoch, signature });
  if (handed.outcome === "accepted") return "done";
  if (handed.code === "feeds.not_told") return "refused";
  if (handed.outcome === "later") return "later";
  log.info({ feed, observedAt, code: handed.code }, "a value for a feed was not taken");
  return "done";
}
