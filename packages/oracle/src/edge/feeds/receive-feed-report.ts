import { AppError, type Hex } from "@sooth/kernel";
import { counter } from "@sooth/runtime";
import { recoverAddress } from "viem";
import type { z } from "zod";
import {
  feedFields,
  feedMoment,
  feedReportDigest,
  FeedsError,
  hasQuorum,
  isSentinel,
  OracleError,
  type wireFeedReceipt,
  type wireFeedReport,
} from "../../core/index.ts";
import { chainTime } from "../clock.ts";
import type { ApiDeps } from "../deps.ts";
import { signerSet } from "../signer-sets.ts";
import { feedById, type KnownFeed, toldFeeds } from "./feeds.ts";
import {
  feedReportOf,
  feedReportsSince,
  insertFeedReport,
  keepFeedEquivocation,
  type StoredFeedReport,
} from "./reports.ts";

export type FeedHandover = z.infer<typeof wireFeedReport>;
export type FeedReceipt = z.infer<typeof wireFeedReceipt>;

const received = counter("oracle_feed_reports_total", "Values for feeds that providers handed over", [
  "outcome",
]);

/**
 * Takes a provider's value for a moment of a feed: checks what the contract will check, and that this server sends updates
 * of it. The same again gets the first receipt; another value by the same key is refused and kept as proof.
 * @throws feeds.*, oracle.* naming what does not hold
 */
export async function receiveFeedReport(
  deps: ApiDeps,
  id: string,
  handed: FeedHandover,
): Promise<FeedReceipt> {
  try {
    const receipt = await receive(deps, id, handed);
    received.inc({ outcome: receipt.repeated ? "repeated" : "accepted" });
    return receipt;
  } catch (error) {
    received.inc({ outcome: error instanceof AppError ? error.code : "failed" });
    throw error;
  }
}

async function receive(deps: ApiDeps, id: string, handed: FeedHandover): Promise<FeedReceipt> {
  const { db } = deps.store;
  const [feed, told, now] = await Promise.all([
    feedById(db, id),
    toldFeeds(db, deps.config),
    chainTime(deps.hub),
  ]);
  if (!feed) throw FeedsError.unknown_feed({ feed: id as Hex });
  if (!told.some((each) => each.id === feed.id)) throw FeedsError.not_told({ feed: feed.id });
  const value = BigInt(handed.value);
  const { observedAt, epoch } = handed;
  const signature = handed.signature.toLowerCase() as Hex;
  const signer = await signerOf(deps, { feed: feed.id, value, observedAt, epoch }, signature);

  const signers = await signerSet(db, feedFields(feed.id).domain);
  if (signers.epoch === 0) throw OracleError.no_signer_set(undefined);
  if (epoch !== signers.epoch) throw FeedsError.stale_epoch({ signed: epoch, current: signers.epoch });
  const seat = signers.seats.findIndex((each) => each.signer === signer);
  const seated = signers.seats[seat];
  if (!seated) throw OracleError.not_seated({ signer, epoch });

  // Before the moment is looked at: a second value is proof, however late it comes.
  const key = { feed: feed.id, observedAt, epoch, signer };
  const before = await feedReportOf(db, key);
  if (before) return repeat(deps, before, { value, signature }, now);
  checkMoment(feed, observedAt, now);
  if (isSentinel(value)) throw OracleError.out_of_bounds({ question: feed.id, value });

  const report: StoredFeedReport = { ...key, seat, weight: seated.weight, value, signature, receivedAt: now };
  if (!(await insertFeedReport(db, report))) {
    // Two requests at once: the other one won, and this one is its repetition.
    const winner = await feedReportOf(db, key);
    return repeat(deps, winner ?? report, { value, signature }, now);
  }
  if (deps.sweepSoon) {
    const held = (await feedReportsSince(db, [feed.id], observedAt - 1)).get(feed.id) ?? [];
    const weight = held
      .filter((each) => each.observedAt === observedAt && each.epoch === epoch)
      .reduce((sum, each) => sum + each.weight, 0n);
    if (hasQuorum(weight, signers.totalWeight)) await deps.sweepSoon();
  }
  return receiptOf(report, false);
}

/** What `updateValues` asks of a moment, and that it is one at which everybody looks. */
function checkMoment({ id, schema, last }: KnownFeed, observedAt: number, now: number): void {
  const told = { feed: id, observedAt };
  if (observedAt > now) throw FeedsError.from_the_future({ ...told, now });
  if (last && observedAt <= last.observedAt) throw FeedsError.not_newer({ ...told, last: last.observedAt });
  if (now > observedAt + feedFields(id).heartbeat) throw FeedsError.too_old({ ...told, now });
  if (schema && feedMoment(observedAt, schema) !== observedAt)
    throw FeedsError.not_a_moment({ ...told, step: schema.step });
}

async function signerOf(
  { hub, addresses }: ApiDeps,
  report: Parameters<typeof feedReportDigest>[1],
  signature: Hex,
): Promise<Hex> {
  const hash = feedReportDigest({ chainId: hub.definition.id, feeds: addresses.feeds }, report);
  try {
    return (await recoverAddress({ hash, signature })).toLowerCase() as Hex;
  } catch (cause) {
    throw FeedsError.bad_signature({ feed: report.feed }, { cause });
  }
}

async function repeat(
  deps: ApiDeps,
  first: StoredFeedReport,
  second: { value: bigint; signature: Hex },
  now: number,
): Promise<FeedReceipt> {
  if (first.value === second.value) return receiptOf(first, true);
  await keepFeedEquivocation(deps.store.db, first, second, now);
  const { feed, signer } = first;
  throw FeedsError.equivocation({ feed, signer, first: first.value, second: second.value });
}

const receiptOf = ({ feed, signer, seat, observedAt, receivedAt }: StoredFeedReport, repeated: boolean) => ({
  feed,
  signer,
  seat,
  observedAt,
  receivedAt,
  repeated,
});
