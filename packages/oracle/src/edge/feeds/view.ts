import type { z } from "zod";
import { feedFields, feedQuestion, labelOf, staleFrom, type wireFeed } from "../../core/index.ts";
import type { KnownFeed } from "./feeds.ts";

type WireFeed = z.infer<typeof wireFeed>;

/** As `Feeds.read` tells it at `now`, chain time. Stale counts before halted. */
function statusAt({ last }: KnownFeed, heartbeat: number, now: number): WireFeed["status"] {
  if (last === null) return "unknown";
  if (now >= staleFrom(last.observedAt, heartbeat)) return "stale";
  return last.isHalted ? "halted" : "fresh";
}

export function toWireFeed(feed: KnownFeed, o: { now: number; chainId: number; told: boolean }): WireFeed {
  const { id, schema, last, refused } = feed;
  const fields = feedFields(id);
  return {
    id,
    chainId: o.chainId,
    ...fields,
    signer: feed.owner?.signer ?? null,
    schema,
    status: statusAt(feed, fields.heartbeat, o.now),
    value: last && String(last.value),
    label: last && schema && labelOf(last.value, feedQuestion(schema, last.observedAt)),
    observedAt: last?.observedAt ?? null,
    age: last && Math.max(0, o.now - last.observedAt),
    round: last?.round ?? 0,
    refused: refused === null ? null : String(refused),
    told: o.told,
  };
}
