import { marketsAbi } from "@sooth/abi";
import { type BlockRef, isLocal } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { alert, gauge } from "@sooth/runtime";
import { type Executor, one, rows, sql } from "@sooth/store";
import { encodeFunctionData } from "viem";
import {
  type Claimable,
  CLAIMS_EACH,
  type ClaimPlan,
  type ClaimState,
  nextAttempt,
  planClaims,
} from "../core/index.ts";
import { withStates } from "./attempt-states.ts";
import type { Deps } from "./deps.ts";
import { keeperDuties } from "./keeper-duties.ts";
import { type StoredMarket, marketsByIds } from "./market-rows.ts";
import { type AttemptsOf, attemptsIn } from "./payment-retries.ts";
import { putAside, REFUSED_SECONDS } from "./put-aside.ts";
import { type KeeperCall, sendCalls } from "./send-calls.ts";

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
/** So do those behind markets with so many open payments. A market is looked at as a whole, however many it has. */
export const MOST_PAYMENTS = 20_000;
const REAL_GRACE_SECONDS = 3_600;

/** Gas, about: what the gas report says of each, without what a transaction takes by itself. */
const GAS = { claims: 40_000, claim: 40_000, fee: 45_000 };

/**
 * Claims for everybody once a market has ended, and collects the creator's fee. Level-triggered: doing it twice, or on
 * two machines, changes nothing.
 */
export async function sweep(deps: Deps, head: BlockRef): Promise<void> {
  const local = isLocal(deps.hub.definition.id);
  const { MARKETS_KEEPER_GRACE_SECONDS: grace } = deps.config;
  if (!keeperDuties(deps).claims) return;
  const ended = head.timestamp - (grace ?? (local ? 0 : REAL_GRACE_SECONDS));
  const { db } = deps.store;
  const aside = await refusedPositions(db, head.timestamp);
  const owing = await owingMarkets(db, ended, head.timestamp);
  const markets = owing.map(({ market }) => market);
  const [positions, attemptsOf] = await Promise.all([
    claimablePositions(db, markets),
    attemptsIn(
      db,
      markets.map(({ id }) => id),
    ),
  ]);
  const plans = await withStates(db, (stateOf) =>
    owing.map((one) => ({
      ...one,
      ...planMarket(one, positions.get(one.market.id) ?? [], { stateOf, attemptsOf }),
    })),
  );
  await sendCalls(
    deps,
    deps.addresses.markets,
    plans.flatMap(({ calls }) => calls),
  );
  let [waiting, refused] = [0, 0];
  for (const { market, rested, claims, unclaimed, feeWaits } of plans) {
    tellRefused(deps, market.id, claims);
    const open = unclaimed - claims.resting.length - claims.stuck.length;
    waiting += open;
    refused += claims.stuck.length;
    // One attempt a rest: what was sent just now has until the next look.
    if (rested || (open === 0 && !feeWaits))
      await putAside(db, market.id, claims.stuck.length, head.timestamp + REFUSED_SECONDS);
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
type Owing = { market: StoredMarket; rested: boolean };

async function owingMarkets(db: Executor, ended: number, now: number): Promise<Owing[]> {
  const due = await rows<{ id: string; rested: boolean }>(
    db,
    sql`select id, rested from (
        select id, ends_at, r.market is not null as rested, sum(unclaimed) over (order by ends_at, id) - unclaimed as before
        from markets.markets m left join markets.refused r on r.market = m.id
        where (unclaimed > 0 or fee_due is not null) and ends_at <= ${ended} and coalesce(r.again_at <= ${now}, true)) owing
      where before < ${MOST_PAYMENTS} order by ends_at, id limit ${LIMIT}`,
  );
  const rested = new Map(due.map((row) => [row.id, row.rested]));
  const found = await marketsByIds(db, [...rested.keys()]);
  return [...found.values()].map((market) => ({ market, rested: rested.get(market.id) === true }));
}

type MarketPlan = { calls: KeeperCall[]; claims: ClaimPlan; unclaimed: number; feeWaits: boolean };

/** The transactions of one market. Pure: the outbox tells how far each is. */
function planMarket(
  { market, rested }: Owing,
  positions: readonly Claimable[],
  o: { stateOf: (key: string) => ClaimState; attemptsOf: AttemptsOf },
): MarketPlan {
  const { terms } = market;
  const claims = planClaims(market.id, positions, o.stateOf, rested, o.attemptsOf);
  const calls = claims.send.map(({ key, positions: batch, isFirst }): KeeperCall => {
    const args = [terms, batch.map(({ owner, outcome }) => ({ owner, outcome }))] as const;
    const data = encodeFunctionData({ abi: marketsAbi, functionName: "claimMany", args });
    return { key, data, purpose: "claim", gas: GAS.claims + GAS.claim * batch.length, isFirst };
  });
  const unclaimed = positions.filter(({ claimed }) => !claimed).length;
  if (market.feeDue === null) return { calls, claims, unclaimed, feeWaits: false };
  const key = `markets:fee:${market.id}`;
  const fee = nextAttempt(key, o.stateOf, rested, o.attemptsOf(key));
  if (fee.next === "send") {
    const data = encodeFunctionData({ abi: marketsAbi, functionName: "collectFee", args: [terms] });
    calls.push({ key: fee.key, data, purpose: "fee", gas: GAS.fee, isFirst: fee.key === key });
  }
  return { calls, claims, unclaimed, feeWaits: fee.next === "send" || fee.next === "wait" };
}

/**
 * Of each market in a fixed order, claimed ones too, so that the batches never change; batches of which all are claimed are left
 * out, each as a whole.
 */
export async function claimablePositions(
  db: Executor,
  markets: readonly StoredMarket[],
): Promise<Map<string, Claimable[]>> {
  const wanted = markets.map(({ id, ending: { result } }) => ({
    id,
    winner: result.kind === "won" ? result.winner : null,
  }));
  const found = await rows<Claimable & { market: string }>(
    db,
    sql`with placed as (
        select p.market, p.owner, p.outcome, p.paid is not null as claimed,
          (row_number() over (partition by p.market order by p.outcome, p.owner) - 1) / ${CLAIMS_EACH}::int as batch
        from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as m (id text, winner int)
        join markets.positions p on p.market = m.id and p.outcome = coalesce(m.winner, p.outcome)),
      batched as (select *, bool_and(claimed) over (partition by market, batch) as done from placed)
      select market, owner, outcome, claimed from batched where not done order by market, outcome, owner`,
  );
  return Map.groupBy(found, ({ market }) => market);
}

function tellRefused({ log }: Deps, market: Hex, claims: ClaimPlan): void {
  for (const { owner, outcome } of claims.stuck)
    log.debug({ market, owner, outcome }, "the collateral refuses this payment");
  for (const { owner, outcome } of claims.resting)
    log.debug({ market, owner, outcome }, "this payment failed, and is tried again later");
}
