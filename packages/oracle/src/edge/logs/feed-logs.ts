import type { feedsAbi } from "@sooth/abi";
import type { ArgsOf, FollowedLog } from "@sooth/chain";
import { type Executor, sql } from "@sooth/store";
import { type ContractEventName, zeroHash } from "viem";
import { decodeFeedWord, feedFields, firstPartyOf, readFeedSchema, staleFrom } from "../../core/index.ts";

type Logs<E extends ContractEventName<typeof feedsAbi>> = readonly FollowedLog<ArgsOf<typeof feedsAbi, E>>[];

const lower = <T extends string>(text: T): T => text.toLowerCase() as T;

export async function onFeedCreated(tx: Executor, logs: Logs<"Created">): Promise<void> {
  for (const { args, block, logIndex } of logs) {
    const feed = lower(args.feed);
    const { domain, decimals } = feedFields(feed);
    const owner = firstPartyOf(args.terms);
    const secondary = args.terms.secondary === zeroHash ? null : lower(args.terms.secondary);
    const unreadable = readFeedSchema(feed, args.schema) === null;
    // Nobody need create it, and anybody may do so again: the first time stands.
    await sql`insert into oracle.feeds as f (feed, domain, decimals, schema, signer, template, secondary, unreadable,
        created_block, created_log)
      values (${feed}, ${domain}, ${decimals}, ${args.schema}, ${owner?.signer ?? null}, ${owner?.template ?? null}, ${secondary}, ${unreadable},
        ${block.number}, ${logIndex})
      on conflict (feed) do update set schema = excluded.schema, signer = excluded.signer, template = excluded.template, secondary = excluded.secondary,
        unreadable = excluded.unreadable,
        created_block = case when f.schema is null then excluded.created_block else f.created_block end,
        created_log = case when f.schema is null then excluded.created_log else f.created_log end`.execute(
      tx,
    );
  }
}

/** A value that was taken ends whatever held the feed up. The newest of a run is all that stands. */
export async function onFeedUpdated(tx: Executor, logs: Logs<"Updated">): Promise<void> {
  for (const { args, transaction } of logs) {
    const { round, value, observedAt } = decodeFeedWord(args.word);
    await sql`insert into oracle.feed_values (feed, round, value, observed_at, transaction)
      values (${lower(args.feed)}, ${round}, ${String(value)}, ${observedAt}, ${transaction})`.execute(tx);
  }
  const newest = new Map(logs.map(({ args }) => [lower(args.feed), decodeFeedWord(args.word)]));
  for (const [feed, { value, observedAt }] of newest) {
    const { domain, decimals, heartbeat } = feedFields(feed);
    const staleAt = staleFrom(observedAt, heartbeat);
    await sql`insert into oracle.feeds (feed, domain, decimals, value, observed_at, stale_at)
      values (${feed}, ${domain}, ${decimals}, ${String(value)}, ${observedAt}, ${staleAt})
      on conflict (feed) do update set value = excluded.value, observed_at = excluded.observed_at,
        stale_at = excluded.stale_at, halted_at = null, refused = null`.execute(tx);
  }
}

export async function onFeedTripped(tx: Executor, logs: Logs<"Tripped">): Promise<void> {
  for (const { args, block } of logs)
    await sql`update oracle.feeds set halted_at = ${block.timestamp}, refused = ${String(args.refused)}
      where feed = ${lower(args.feed)}`.execute(tx);
}
