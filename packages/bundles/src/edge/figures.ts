import type { BlockRef } from "@sooth/chain";
import { alert, gauge, histogram } from "@sooth/runtime";
import { type Executor, one, rows, sql } from "@sooth/store";
import { bundleTerms } from "./contracts.ts";
import { chainsOf, type Deps } from "./deps.ts";
import { tellHeld } from "./held-figures.ts";
import { LANE_RESTING, tellLanes } from "./lanes.ts";
import { clocksOf } from "./read-bundle.ts";
import { isPaused } from "./rows/clocks.ts";

const counted = gauge("bundles_by_state", "Bundles that are not over, by what they wait for", ["state"]);
const waiting = gauge(
  "bundles_unopened_seconds",
  "How long the oldest signed bundle waits to be looked at, or to be open when nothing is against it",
);
const gasPrice = gauge("bundles_gas_price_gwei", "Price of gas by chain, as its node tells it", ["chain"]);
const paused = gauge("bundles_paused", "1 while a contract of bundles is paused", ["chain", "contract"]);
const attestersAge = gauge(
  "bundles_attesters_age_seconds",
  "Since the set of attesters was renewed, by chain",
  ["chain"],
);
const toDecision = histogram(
  "bundles_decision_seconds",
  "Chain time from the opening of a bundle to its decision",
  ["mode", "outcome"],
  [1, 2, 5, 10, 20, 30, 60, 120, 300, 900, 3_600, 21_600],
);

export const stuckAlert = alert({
  id: "bundles.stuck",
  severity: "page",
  forSeconds: 600,
  when: `${counted.metric}{state="stuck"} > 0`,
  runbook: "docs/runbooks/bundles.md#stuck",
});
export const overdueAlert = alert({
  id: "bundles.overdue",
  severity: "page",
  forSeconds: 600,
  when: `${counted.metric}{state=~"overdue|held_too_long"} > 0`,
  runbook: "docs/runbooks/bundles.md#overdue",
});
export const unopenedAlert = alert({
  id: "bundles.not_opened",
  severity: "page",
  forSeconds: 120,
  when: `${waiting.metric} > 120`,
  runbook: "docs/runbooks/bundles.md#nothing-is-relayed",
});
export const attestersAlert = alert({
  id: "bundles.attesters_stale",
  severity: "page",
  forSeconds: 600,
  when: `${attestersAge.metric} > ${3 * 86_400}`,
  runbook: "docs/runbooks/bundles.md#attesters",
});
export const pausedAlert = alert({
  id: "bundles.paused",
  severity: "ticket",
  forSeconds: 0,
  when: `${paused.metric} == 1`,
  runbook: "docs/runbooks/bundles.md#paused",
});
export const laneAlert = alert({
  id: "bundles.lane_resting",
  severity: "ticket",
  forSeconds: 0,
  when: `${LANE_RESTING} == 1`,
  runbook: "docs/runbooks/bundles.md#a-lane-rests",
});
export const gasAlert = alert({
  id: "bundles.gas_price",
  severity: "ticket",
  forSeconds: 900,
  when: `${gasPrice.metric} > 5 * avg_over_time(${gasPrice.metric}[1d])`,
  runbook: "docs/runbooks/bundles.md#gas-price",
});

/** What is not over. An hour is more than any relayer needs, and less than anybody should wait for his money. */
export type BundleFigures = {
  open: number;
  /** Open though anybody may abort them. */
  overdue: number;
  /** A compensation failed and is owed. */
  stuck: number;
  /** Aborted, and legs or compensations are not settled yet. */
  compensating: number;
  /** Decided an hour ago, and an escrow holds a leg still; or nobody decided, and the escape is open. */
  heldTooLong: number;
  /**
   * Seconds that the oldest bundle waits at which no bundler looked, or that should be open as far as one could see; 0: none.
   * Anybody may hand over what pays too little or has no credit: that one is left alone says nothing of who relays.
   */
  unopened: number;
};

/** @param now the hub's clock; @param times seconds after a deadline */
export async function bundleFigures(
  db: Executor,
  now: number,
  times: { grace: number; escape: number },
): Promise<BundleFigures> {
  const found = await one<BundleFigures>(
    db,
    sql`select
      (select count(*)::int from bundles.bundles where outcome = 'open') as open,
      (select count(*)::int from bundles.bundles b where b.outcome = 'open'
        and b.deadline + case b.mode when 'ordered' then ${times.grace}::int else 0 end < ${now - 60}) as overdue,
      (select count(*)::int from bundles.bundles b where ${STUCK}) as stuck,
      (select count(*)::int from bundles.bundles b where b.outcome = 'aborted' and b.mode = 'ordered'
        and b.legs > (select count(*) from bundles.receipts r
          where r.by = 'settler' and r.ordinal >= b.base and r.ordinal < b.base + b.legs)) as compensating,
      (select count(distinct h.bundle)::int from bundles.held h left join bundles.bundles b on b.id = h.bundle
        left join bundles.payloads p on p.bundle = h.bundle
        where h.state = 'held' and coalesce(b.decided_at + 3600,
          coalesce(b.deadline, (p.header ->> 'deadline')::bigint) + ${times.escape}::int + 3600) < ${now}) as "heldTooLong",
      (select coalesce(max(extract(epoch from now() - coalesce(t.owed_since, p.received_at))), 0)::int
        from bundles.payloads p left join bundles.openings_tried t using (bundle)
        where p.signature is not null and (p.header ->> 'deadline')::bigint > ${now}
          and (t.bundle is null or t.owed_since is not null)
          and not exists (select 1 from bundles.bundles b where b.id = p.bundle)) as unopened`,
  );
  return found ?? { open: 0, overdue: 0, stuck: 0, compensating: 0, heldTooLong: 0, unopened: 0 };
}

/** Aborted, and a compensation was tried, failed, and is owed still. */
export const STUCK = sql`b.outcome = 'aborted' and b.mode = 'ordered' and exists (
  select 1 from bundles.tries t where t.ordinal >= b.base and t.ordinal < b.base + b.legs and t.failures > 0
    and not exists (select 1 from bundles.receipts r where r.ordinal = t.ordinal and r.by = 'settler'))`;

export type AttesterAge = { chainId: number; epoch: number; seats: number; renewedAt: number };

/** The set that each chain believes now; a chain that knows none is left out. */
export const attesterAges = (db: Executor): Promise<AttesterAge[]> =>
  rows(
    db,
    sql`select distinct on (chain_id) chain_id as "chainId", epoch, cardinality(seats)::int as seats,
        renewed_at as "renewedAt" from bundles.attester_sets order by chain_id, epoch desc`,
  );

const EVERY = 15;
type Told = { at: number; decidedUntil: number };
const lastTold = new WeakMap<object, Told>();

/** The figures by which one sees how bundles do; read from the tables that logs feed, by one worker. */
export async function tellBundleFigures(
  deps: Deps,
  { timestamp: now }: Pick<BlockRef, "timestamp">,
): Promise<void> {
  const { db } = deps.store;
  const before = lastTold.get(deps.store);
  // A reorg may take the clock back.
  if (before !== undefined && Math.abs(now - before.at) < EVERY) return;
  lastTold.set(deps.store, { at: now, decidedUntil: now });
  const [terms, clocks, ages] = await Promise.all([
    bundleTerms(deps.hub, deps.addresses),
    clocksOf(deps),
    attesterAges(db),
  ]);
  const { unopened, heldTooLong, ...states } = await bundleFigures(db, now, terms);
  waiting.set(unopened);
  for (const [state, count] of Object.entries({ ...states, held_too_long: heldTooLong }))
    counted.set({ state }, count);
  for (const { definition } of chainsOf(deps)) {
    const clock = clocks.get(definition.id);
    const chain = definition.name;
    const set = ages.find(({ chainId }) => chainId === definition.id);
    if (set && clock) attestersAge.set({ chain }, Math.max(0, clock.now - set.renewedAt));
    for (const contract of ["hub", "settler", "escrow"] as const)
      if (clock?.pausedUntil[contract] !== undefined)
        paused.set({ chain, contract }, isPaused(clock, contract) ? 1 : 0);
  }
  await observeDecisions(db, before?.decidedUntil ?? now, now);
  await tellHeld(deps);
  await tellLanes(deps);
  await tellGasPrices(deps);
}

async function observeDecisions(db: Executor, after: number, until: number): Promise<void> {
  const decided = await rows<{ mode: string; outcome: string; seconds: number }>(
    db,
    sql`select mode, outcome, decided_at - opened_at as seconds from bundles.bundles
      where decided_at > ${after} and decided_at <= ${until}`,
  );
  for (const { mode, outcome, seconds } of decided) toDecision.observe({ mode, outcome }, seconds);
}

async function tellGasPrices(deps: Deps): Promise<void> {
  await Promise.all(
    chainsOf(deps).map(async ({ definition, client }) => {
      try {
        gasPrice.set({ chain: definition.name }, Number(await client.getGasPrice()) / 1e9);
      } catch (error) {
        // A chain that is away has alerts of its own, and the others are told of.
        deps.log.debug({ err: error, chain: definition.name }, "no gas price");
      }
    }),
  );
}
