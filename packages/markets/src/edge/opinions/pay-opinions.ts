import type { Hex } from "@sooth/kernel";
import { beaconIdentity } from "@sooth/randomness";
import { timeOf } from "@sooth/randomness/core";
import { alert, gauge } from "@sooth/runtime";
import { withStates } from "../attempt-states.ts";
import type { Deps } from "../deps.ts";
import { MOST_PAYMENTS } from "../keeper.ts";
import { attemptsIn } from "../payment-retries.ts";
import { putAside, REFUSED_SECONDS } from "../put-aside.ts";
import { sendCalls } from "../send-calls.ts";
import { opinionMarketsByIds } from "./market-rows.ts";
import {
  claimableOwners,
  type Owing,
  owingMarkets,
  refusedPayments,
  unannouncedDues,
  unpaidPrizes,
} from "./owing-rows.ts";
import { type Debt, type Payments, planPayments } from "./plan-payments.ts";

const backlog = gauge(
  "markets_opinions_backlog",
  "Payments of opinion markets that can be made and wait for the keeper's transaction",
);
alert({
  id: "markets.opinions_backlog",
  severity: "page",
  forSeconds: 600,
  when: `${backlog.metric} > 0`,
  runbook: "docs/runbooks/markets.md#claims-are-late",
});
const stuck = gauge("markets_opinions_stuck", "Payments of opinion markets that the collateral refuses");
alert({
  id: "markets.opinions_stuck",
  severity: "ticket",
  forSeconds: 60,
  when: `${stuck.metric} > 0`,
  runbook: "docs/runbooks/markets.md#a-payment-is-refused",
});

/** Markets looked at after one block; the others wait for the next. */
const LIMIT = 200;

/**
 * Claims for everybody, hands out what was drawn, and collects creators' fees. A market of which every open payment has failed is
 * left alone for an hour, or 200 such would keep all others from their turn.
 */
export async function payOpinions(deps: Deps, now: number, grace: number): Promise<void> {
  const { db } = deps.store;
  const [aside, owing, unannounced] = await Promise.all([
    refusedPayments(db, now),
    owingMarkets(db, { endedBy: now - grace, now, limit: LIMIT, most: MOST_PAYMENTS }),
    unannouncedDues(db, { now, limit: LIMIT, most: MOST_PAYMENTS }),
  ]);
  const all = [...owing, ...unannounced];
  const [debts, attemptsOf] = await Promise.all([
    debtsOf(deps, all),
    attemptsIn(
      db,
      all.map(({ id }) => id),
    ),
  ]);
  const plans = await withStates(db, (stateOf) =>
    debts.map((debt): [Debt, Payments] => [debt, planPayments(debt, { stateOf, attemptsOf, now })]),
  );
  await sendCalls(
    deps,
    deps.addresses.opinions,
    plans.flatMap(([, { calls }]) => calls),
  );
  let [waiting, refused] = [0, aside];
  for (const [{ id, rested }, all] of plans) {
    tellRefused(deps, id, all);
    waiting += all.waiting;
    refused += all.stuck;
    // One attempt a rest: what was sent just now has until the next look.
    if (rested || all.waiting === 0) await putAside(db, id, all.stuck, now + REFUSED_SECONDS);
  }
  backlog.set(waiting);
  stuck.set(refused);
}

/** All markets at once: hundreds may end with one block, and all of them are to be paid with the next. */
async function debtsOf(deps: Deps, owing: readonly Owing[]): Promise<Debt[]> {
  const { db } = deps.store;
  const ids = owing.map(({ id }) => id);
  const [markets, owners, prizes] = await Promise.all([
    opinionMarketsByIds(db, ids),
    claimableOwners(db, ids),
    unpaidPrizes(db, ids),
  ]);
  const [ownersOf, prizesOf] = [
    Map.groupBy(owners, ({ market }) => market),
    Map.groupBy(prizes, ({ market }) => market),
  ];
  const schedule = prizes.length > 0 ? await beaconIdentity(deps.hub, deps.addresses) : null;
  return owing.map(({ id, rested }) => {
    const market = markets.get(id);
    const round = market?.round ?? null;
    return {
      id,
      rested,
      market,
      owners: ownersOf.get(id) ?? [],
      prizes: prizesOf.get(id) ?? [],
      roundAt: round === null || schedule === null ? null : timeOf(schedule, round),
    };
  });
}

function tellRefused({ log }: Deps, market: Hex, { claims }: Payments): void {
  for (const { owner } of claims.stuck) log.debug({ market, owner }, "the collateral refuses this payment");
  for (const { owner } of claims.resting)
    log.debug({ market, owner }, "this payment failed, and is tried again later");
}
