import { marketsAbi } from "@sooth/abi";
import { type BlockRef, enqueueTransaction, isLocal } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { alert, gauge } from "@sooth/runtime";
import { type Executor, one, rows, sql } from "@sooth/store";
import { encodeFunctionData } from "viem";
import { type Claimable, nextAttempt, planClaims } from "../core/index.ts";
import { withStates } from "./attempt-states.ts";
import type { Deps } from "./deps.ts";
import { type StoredMarket, marketsByIds } from "./market-rows.ts";
import { attemptsIn } from "./payment-retries.ts";
import { putAside, REFUSED_SECONDS } from "./put-aside.ts";

const backlog = gauge(
  "markets_keeper_backlog",
  "Positions that can be claimed and wait for the keeper's transaction",
);
export const backlogAlert = alert({
  id: "markets.keeper_backlog",
  severity: "page",
  forSeconds: 600,
  when: `${backlog.metric} > 0`,
  runbook: "docs/runbooks/markets.md#claims-are-late",
});
const stuck = gauge("markets_keeper_stuck", "Positions whose payment the collateral refuses");
export const stuckAlert = alert({
  id: "markets.keeper_stuck",
  severity: "ticket",
  forSeconds: 60,
  when: `${stuck.metric} > 0`,
  runbook: "docs/runbooks/markets.md#a-payment-is-refused",
});

/** Markets looked at after one block; the others wait for the next. */
const LIMIT = 200;
const REAL_GRACE_SECONDS = 3_600;

/**
 * Claims for everybody once a market has ended, and collects the creator's fee. Level-triggered: doing it twice, or on
 * two machines, changes nothing.
 */
export async function sweep(deps: Deps, head: BlockRef): Promise<void> {
  const local = isLocal(deps.hub.definition.id);
  const { MARKETS_KEEPER: wanted, MARKETS_KEEPER_GRACE_SECONDS: grace } = deps.config;
  if (wanted === "off" || (wanted === "auto" && !local)) return;
  const ended = head.timestamp - (grace ?? (local ? 0 : REAL_GRACE_SECONDS));
  let [waiting, refused] = [0, 0];
  const { db } = deps.store;
  const aside = await refusedPositions(db, head.timestamp);
  for (const { market, rested } of await owingMarkets(db, ended, head.timestamp)) {
    const plan = await claimFor(deps, market, rested);
    waiting += plan.waiting;
    refused += plan.stuck;
    const feeWaits = await collectFee(deps, market, rested);
    // One attempt a rest: what was sent just now has until the next look.
    if (rested || (plan.waiting === 0 && !feeWaits))
      await putAside(db, market.id, plan.stuck, head.timestamp + REFUSED_SECONDS);
  }
  backlog.set(waiting);
  stuck.set(refused + aside);
}

/** Positions of the markets that are left alone at this time. */
async function refusedPositions(db: Executor, now: number): Promise<number> {
  const found = await one<{ positions: number }>(
    db,
    sql`select coalesce(sum(least(r.positions, m.unclaimed)), 0) as positions
      from markets.refused r join markets.markets m on m.id = r.market where r.again_at > ${now}`,
  );
  return found?.positions ?? 0;
}

/** `rested`: it was left alone, and that time is over. */
async function owingMarkets(
  db: Executor,
  ended: number,
  now: number,
): Promise<{ market: StoredMarket; rested: boolean }[]> {
  const due = await rows<{ id: string; rested: boolean }>(
    db,
    sql`select id, r.market is not null as rested from markets.markets m left join markets.refused r on r.market = m.id
      where (unclaimed > 0 or fee_due is not null) and ends_at <= ${ended} and coalesce(r.again_at <= ${now}, true)
      order by ends_at limit ${LIMIT}`,
  );
  const rested = new Map(due.map((row) => [row.id, row.rested]));
  const found = await marketsByIds(db, [...rested.keys()]);
  return [...found.values()].map((market) => ({ market, rested: rested.get(market.id) === true }));
}

async function claimFor(
  deps: Deps,
  market: StoredMarket,
  again: boolean,
): Promise<{ waiting: number; stuck: number }> {
  const { db } = deps.store;
  const positions = await claimablePositions(db, market);
  const attemptsOf = await attemptsIn(db, market.id);
  const plan = await withStates(db, (stateOf) =>
    planClaims(market.id, positions, stateOf, again, attemptsOf),
  );
  for (const { key, positions: batch } of plan.send) {
    const args = [market.terms, batch.map(({ owner, outcome }) => ({ owner, outcome }))] as const;
    const data = encodeFunctionData({ abi: marketsAbi, functionName: "claimMany", args });
    await send(deps, key, data, "claim");
  }
  for (const { owner, outcome } of plan.stuck)
    deps.log.debug({ market: market.id, owner, outcome }, "the collateral refuses this payment");
  for (const { owner, outcome } of plan.resting)
    deps.log.debug({ market: market.id, owner, outcome }, "this payment failed, and is tried again later");
  const unclaimed = positions.filter(({ claimed }) => !claimed).length;
  return { waiting: unclaimed - plan.resting.length - plan.stuck.length, stuck: plan.stuck.length };
}

/** Claimed ones too, in a fixed order: so the batches never change. */
export const claimablePositions = (db: Executor, { id, ending }: StoredMarket): Promise<Claimable[]> =>
  rows(
    db,
    sql`select owner, outcome, paid is not null as claimed from markets.positions
      where market = ${id} and ${ending.result.kind === "won" ? sql`outcome = ${ending.result.winner}` : sql`true`}
      order by outcome, owner`,
  );

/** Whether there is a fee, and its transaction is on its way. */
async function collectFee(deps: Deps, market: StoredMarket, again: boolean): Promise<boolean> {
  if (market.feeDue === null) return false;
  const data = encodeFunctionData({ abi: marketsAbi, functionName: "collectFee", args: [market.terms] });
  const { db } = deps.store;
  const key = `markets:fee:${market.id}`;
  const attempts = (await attemptsIn(db, market.id))(key);
  const attempt = await withStates(db, (stateOf) => nextAttempt(key, stateOf, again, attempts));
  if (attempt.next === "send") await send(deps, attempt.key, data, "fee");
  return attempt.next === "send" || attempt.next === "wait";
}

const send = (deps: Deps, key: string, data: Hex, purpose: string) =>
  enqueueTransaction(deps.store.db, {
    chainId: deps.hub.definition.id,
    key,
    to: deps.addresses.markets,
    data,
    purpose,
    priority: 1,
  });
