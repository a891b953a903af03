import { feedsAbi } from "@sooth/abi";
import type { Hex } from "@sooth/kernel";
import { one, sql } from "@sooth/store";
import { encodeFunctionData, slice } from "viem";
import type { z } from "zod";
import {
  compactSignature,
  feedFields,
  feedReportDigest,
  FeedsError,
  FIRST_PARTY_EPOCH,
  type FirstParty,
  packEntries,
  sumOfWeights,
  weightedLowerMedian,
  type wirePulledFeed,
} from "../../core/index.ts";
import { chainTime } from "../clock.ts";
import type { ApiDeps } from "../deps.ts";
import { signerSet } from "../signer-sets.ts";
import type { KnownFeed } from "./feeds.ts";
import { reportsOfQuorum } from "./reports.ts";

type PulledFeed = z.infer<typeof wirePulledFeed>;

/**
 * The newest value of a feed that more than two thirds of its domain's current weight signed and handed over here, or its
 * one key, as contracts check it. It may be one that no update told, or that the breaker refused.
 * @throws feeds.no_report, feeds.paused
 */
export async function pullFeed(deps: ApiDeps, feed: KnownFeed): Promise<PulledFeed> {
  return feed.owner ? pullOwn(deps, feed.id, feed.owner) : pullValues(deps, feed.id);
}

async function pullValues(deps: ApiDeps, feed: Hex): Promise<PulledFeed> {
  const { db } = deps.store;
  const { domain } = feedFields(feed);
  const [signers, now] = await Promise.all([signerSet(db, domain), chainTime(deps.hub)]);
  const paused = await one<{ until: number }>(
    db,
    sql`select until from oracle.domain_pauses where domain = ${domain} and until > ${now}`,
  );
  if (paused) throw FeedsError.paused({ domain, until: paused.until });
  const reports = await reportsOfQuorum(db, feed, signers);
  const [first] = reports;
  if (!first) throw FeedsError.no_report({ feed });
  const { observedAt, epoch } = first;
  const entries = packEntries(reports);
  const data = encodeFunctionData({
    abi: feedsAbi,
    functionName: "checkValues",
    args: [feed, observedAt, epoch, entries],
  });
  return {
    feed,
    chainId: deps.hub.definition.id,
    contract: deps.addresses.feeds,
    observedAt,
    epoch,
    value: String(weightedLowerMedian(reports)),
    weight: String(sumOfWeights(reports)),
    totalWeight: String(signers.totalWeight),
    entries,
    firstParty: null,
    check: { to: deps.addresses.feeds, data },
  };
}

/** One key is all of the weight there is. */
const ALONE = { epoch: FIRST_PARTY_EPOCH, totalWeight: 1n };

async function pullOwn(deps: ApiDeps, feed: Hex, { template, signer }: FirstParty): Promise<PulledFeed> {
  const [report] = await reportsOfQuorum(deps.store.db, feed, ALONE);
  if (!report) throw FeedsError.no_report({ feed });
  const { value, observedAt, epoch, weight } = report;
  const chainId = deps.hub.definition.id;
  const { feeds } = deps.addresses;
  const digest = feedReportDigest({ chainId, feeds }, { feed: template, value, observedAt, epoch });
  const compact = compactSignature(report.signature);
  return {
    feed,
    chainId,
    contract: feeds,
    observedAt,
    epoch,
    value: String(value),
    weight: String(weight),
    totalWeight: String(ALONE.totalWeight),
    entries: null,
    firstParty: { template, signer, digest, r: slice(compact, 0, 32), vs: slice(compact, 32) },
    check: null,
  };
}
