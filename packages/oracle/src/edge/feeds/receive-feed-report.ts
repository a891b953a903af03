import { signerOf } from "@sooth/chain";
import { AppError, type Hex } from "@sooth/kernel";
import { counter } from "@sooth/runtime";
import type { Executor } from "@sooth/store";
import type { z } from "zod";
import {
  feedFields,
  feedMoment,
  feedReportDigest,
  FeedsError,
  FIRST_PARTY_EPOCH,
  type FirstParty,
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
  const signed = { feed: feed.owner?.template ?? feed.id, value, observedAt, epoch };
  const signer = reporterOf(deps, signed, signature);
  const place = feed.owner
    ? ownPlace(feed.owner, { feed: feed.id, signer, epoch })
    : await seatedPlace(db, feed.id, { signer, epoch });

  // Before the moment is looked at: a second value is proof, however late it comes.
  const key = { feed: feed.id, observedAt, epoch, signer };
  const before = await feedReportOf(db, key);
  if (before) return repeat(deps, before, { value, signature }, now);
  checkMoment(feed, observedAt, now);
  if (isSentinel(value)) throw OracleError.out_of_bounds({ question: feed.id, value });

  const { seat, weight, total } = place;
  const report: StoredFeedReport = { ...key, seat, weight, value, signature, receivedAt: now };
  if (!(await insertFeedReport(db, report))) {
    // Two requests at once: the other one won, and this one is its repetition.
    const winner = await feedReportOf(db, key);
    return repeat(deps, winner ?? report, { value, signature }, now);
  }
  if (deps.takeUpSoon) {
    const held = (await feedReportsSince(db, [feed.id], observedAt - 1)).get(feed.id) ?? [];
    const told = held
      .filter((each) => each.observedAt === observedAt && each.epoch === epoch)
      .reduce((sum, each) => sum + each.weight, 0n);
    if (hasQuorum(told, total)) await deps.takeUpSoon({ feed: feed.id });
  }
  return receiptOf(report, false);
}

type Place = { seat: number; weight: bigint; total: bigint };
/** One key is all of the weight there is. */
const ALONE: Place = { seat: 0, weight: 1n, total: 1n };

/** @throws feeds.stale_epoch, feeds.bad_signature */
function ownPlace(owner: FirstParty, of: { feed: Hex; signer: Hex; epoch: number }): Place {
  const current = FIRST_PARTY_EPOCH;
  if (of.epoch !== current) throw FeedsError.stale_epoch({ signed: of.epoch, current });
  // Whoever else signs the template tells another feed, which the contract would find by his signature.
  if (of.signer !== owner.signer) throw FeedsError.bad_signature({ feed: of.feed });
  return ALONE;
}

/** @throws feeds.stale_epoch, oracle.no_signer_set, oracle.not_seated */
async function seatedPlace(db: Executor, feed: Hex, of: { signer: Hex; epoch: number }): Promise<Place> {
  const signers = await signerSet(db, feedFields(feed).domain);
  if (signers.epoch === 0) throw OracleError.no_signer_set(undefined);
  if (of.epoch !== signers.epoch) throw FeedsError.stale_epoch({ signed: of.epoch, current: signers.epoch });
  const seat = signers.seats.findIndex((each) => each.signer === of.signer);
  const seated = signers.seats[seat];
  if (!seated) throw OracleError.not_seated(of);
  return { seat, weight: seated.weight, total: signers.totalWeight };
}

/** What an update asks of a moment, and that it is one at which everybody looks. */
function checkMoment({ id, schema, last }: KnownFeed, observedAt: number, now: number): void {
  const told = { feed: id, observedAt };
  if (observedAt > now) throw FeedsError.from_the_future({ ...told, now });
  if (last && observedAt <= last.observedAt) throw FeedsError.not_newer({ ...told, last: last.observedAt });
  if (now > observedAt + feedFields(id).heartbeat) throw FeedsError.too_old({ ...told, now });
  if (schema && feedMoment(observedAt, schema) !== observedAt)
    throw FeedsError.not_a_moment({ ...told, step: schema.step });
}

function reporterOf(
  { hub, addresses }: ApiDeps,
  report: Parameters<typeof feedReportDigest>[1],
  signature: Hex,
): Hex {
  const hash = feedReportDigest({ chainId: hub.definition.id, feeds: addresses.feeds }, report);
  const signer = signerOf(hash, signature);
  if (signer === null) throw FeedsError.bad_signature({ feed: report.feed });
  return signer;
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
