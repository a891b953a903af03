import { BPS } from "@sooth/kernel";
import type { z } from "zod";
import { feedFields, feedQuestion, labelOf, staleFrom, type wireFeed } from "../../core/index.ts";
import type { SignerSet } from "../../core/index.ts";
import type { KnownFeed } from "./feeds.ts";
import type { StoredFeedReport } from "./reports.ts";

type WireFeed = z.infer<typeof wireFeed>;

/** As `Feeds.read` tells it at `now`, chain time. Stale counts before halted. */
function statusAt({ last }: KnownFeed, heartbeat: number, now: number): WireFeed["status"] {
  if (last === null) return "unknown";
  if (now >= staleFrom(last.observedAt, heartbeat)) return "stale";
  return last.isHalted ? "halted" : "fresh";
}

/** Who signed the newest value. `set`: the domain's current one. */
export type Backing = { signers: number; weightBps: number | null };

export function backingOf(
  { last, owner }: KnownFeed,
  reports: readonly StoredFeedReport[],
  set: SignerSet,
): Backing {
  const told = reports.filter(({ observedAt }) => observedAt === last?.observedAt);
  const current = told.filter(({ epoch }) => epoch === set.epoch);
  const signers = new Set(told.map(({ signer }) => signer)).size;
  if (owner || current.length === 0 || set.totalWeight === 0n) return { signers, weightBps: null };
  const weight = current.reduce((sum, each) => sum + each.weight, 0n);
  return { signers, weightBps: Number((weight * BPS) / set.totalWeight) };
}

export function toWireFeed(
  feed: KnownFeed,
  o: { now: number; chainId: number; told: boolean; backing: Backing },
): WireFeed {
  const { id, schema, last, refused } = feed;
  const fields = feedFields(id);
  return {
    id,
    chainId: o.chainId,
    ...fields,
    secondary: feed.secondary,
    signer: feed.owner?.signer ?? null,
    schema,
    status: statusAt(feed, fields.heartbeat, o.now),
    value: last && String(last.value),
    label: last && schema && labelOf(last.value, feedQuestion(schema, last.observedAt)),
    observedAt: last?.observedAt ?? null,
    age: last && Math.max(0, o.now - last.observedAt),
    ...o.backing,
    round: last?.round ?? 0,
    refused: refused === null ? null : String(refused),
    told: o.told,
  };
}
