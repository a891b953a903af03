import type { BlockRef } from "@sooth/chain";
import { alert, gauge } from "@sooth/runtime";
import { type Executor, one, rows, sql } from "@sooth/store";
import { INVALID } from "../core/index.ts";
import type { WorkerDeps } from "./deps.ts";
import { disputeWindows } from "./dispute-windows.ts";
import { fromDisputed } from "./security/brakes.ts";

const staked = gauge("oracle_stake", "Collateral that providers staked and did not withdraw, whole units");
const providers = gauge("oracle_providers", "Providers, by where they stand", ["state"]);
const slashed = gauge("oracle_slashed", "Collateral that was slashed since the first block, whole units");
const reputation = gauge(
  "oracle_reputation_mean",
  "Mean score of those who serve a domain and have a record there, 0 to 1000",
  ["domain"],
);
const ended = gauge("oracle_questions_ended", "Questions that ended in the last 24 hours, by how", [
  "outcome",
]);
const consensus = gauge(
  "oracle_consensus_bps",
  "Of the questions that ended in the last 24 hours those that providers agreed on, basis points; 10000 when none ended",
);
const disputed = gauge("oracle_questions_disputed", "Questions whose answer, or silence, is in dispute");

/** Stake that goes away takes security with it: what is secured stays. */
alert({
  id: "oracle.stake_falls",
  severity: "ticket",
  forSeconds: 300,
  when: `${staked.metric} < 0.8 * max_over_time(${staked.metric}[1d])`,
  runbook: "docs/runbooks/oracle.md#stake-leaves",
});
alert({
  id: "oracle.consensus_fails",
  severity: "ticket",
  forSeconds: 3_600,
  when: `${consensus.metric} < 9000`,
  runbook: "docs/runbooks/oracle.md#providers-agree-too-seldom",
});

const DAY = 86_400;
/** Chain time between two looks: nobody scrapes more often. */
const EVERY = 15;
const STATES = ["active", "unbonding", "withdrawn", "banned"] as const;

export type NetworkFigures = {
  stake: bigint;
  slashed: bigint;
  disputed: number;
  /** Of the last 24 hours: with a value, agreed to have none, and without an answer. */
  value: number;
  invalid: number;
  unanswered: number;
};

/** Of the block at `now`, unix seconds; collateral in its smallest unit. */
export const networkFigures = async (db: Executor, now: number): Promise<NetworkFigures> => {
  const found = await one<NetworkFigures>(
    db,
    sql`with answered as (
        select value, ruled from oracle.questions
        where state = 'answered' and finalize_at > ${now - DAY} and finalize_at <= ${now})
      select
        (select coalesce(sum(stake), 0) from oracle.providers where state <> 'withdrawn') as stake,
        (select coalesce(sum(amount), 0) from oracle.slashes) as slashed,
        (select count(*)::int ${fromDisputed}) as disputed,
        (select count(*)::int from answered where value is distinct from ${String(INVALID)}) as value,
        (select count(*)::int from answered where value = ${String(INVALID)} and not ruled) as invalid,
        (select count(*)::int from answered where value = ${String(INVALID)} and ruled)
          + (select count(*)::int from oracle.questions
              where state = 'open' and deadline >= ${now - DAY} and deadline < ${now}) as unanswered`,
  );
  if (!found) throw new Error("a query without a table gives one row");
  return found;
};

/** Where providers stand, and how well those of each domain are thought of. */
const standing = async (db: Executor) => ({
  states: await rows<{ state: string; count: number }>(
    db,
    sql`select case when banned then 'banned' else state end as state, count(*)::int as count
      from oracle.providers group by 1`,
  ),
  scores: await rows<{ domain: number; mean: number }>(
    db,
    sql`select r.domain, avg(s.score)::float as mean from oracle.rosters r
      join lateral (select score from oracle.standings where domain = r.domain and owner = r.owner
        order by epoch desc limit 1) s on true
      group by r.domain`,
  ),
});

const lastTold = new WeakMap<object, number>();

/** The figures by which one sees how the network does. Read from the tables that the logs feed, by one worker. */
export async function tellFigures(
  { store, hub, addresses }: Pick<WorkerDeps, "store" | "hub" | "addresses">,
  { timestamp: now }: Pick<BlockRef, "timestamp">,
): Promise<void> {
  const before = lastTold.get(store);
  // A reorg may take the clock back.
  if (before !== undefined && Math.abs(now - before) < EVERY) return;
  lastTold.set(store, now);
  const [found, { states, scores }, { unit }] = await Promise.all([
    networkFigures(store.db, now),
    standing(store.db),
    disputeWindows(hub, addresses),
  ]);
  const whole = (amount: bigint): number => Number((amount * 1_000n) / unit) / 1_000;
  staked.set(whole(found.stake));
  slashed.set(whole(found.slashed));
  disputed.set(found.disputed);
  for (const state of STATES)
    providers.set({ state }, states.find((each) => each.state === state)?.count ?? 0);
  // A domain that nobody serves any more has no mean.
  reputation.reset();
  for (const { domain, mean } of scores) reputation.set({ domain }, mean);
  const { value, invalid, unanswered } = found;
  ended.set({ outcome: "value" }, value);
  ended.set({ outcome: "invalid" }, invalid);
  ended.set({ outcome: "unanswered" }, unanswered);
  const all = value + invalid + unanswered;
  consensus.set(all === 0 ? 10_000 : Math.floor(((value + invalid) * 10_000) / all));
}
