import { opinionsAbi } from "@sooth/abi";
import { enqueueTransaction } from "@sooth/chain";
import { type Address, type Hex, takeBps } from "@sooth/kernel";
import { beaconIdentity } from "@sooth/randomness";
import { timeOf } from "@sooth/randomness/core";
import { alert, gauge } from "@sooth/runtime";
import { encodeFunctionData } from "viem";
import {
  type Claimable,
  nextAttempt,
  OPINION_LIMITS,
  opinionTermsToChain,
  planClaims,
} from "../../core/index.ts";
import { withStates } from "../attempt-states.ts";
import type { Deps } from "../deps.ts";
import { attemptsIn } from "../payment-retries.ts";
import { putAside, REFUSED_SECONDS } from "../put-aside.ts";
import { opinionMarketsByIds, type StoredOpinionMarket } from "./market-rows.ts";
import {
  claimableOwners,
  type Owing,
  owingMarkets,
  refusedPayments,
  unannouncedDues,
  unpaidPrizes,
} from "./owing-rows.ts";
import { feeKey, opinionClaimKey, prizeKey, sweepKey } from "./payment-keys.ts";

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

/** Payments of one market: those that are under way, and those that failed too often for time to mend it. */
type Payments = { waiting: number; stuck: number };

/**
 * Claims for everybody, hands out what was drawn, and collects creators' fees. A market of which every open payment has failed is
 * left alone for an hour, or 200 such would keep all others from their turn.
 */
export async function payOpinions(deps: Deps, now: number, grace: number): Promise<void> {
  const { db } = deps.store;
  const [aside, owing, unannounced] = await Promise.all([
    refusedPayments(db, now),
    owingMarkets(db, { endedBy: now - grace, now, limit: LIMIT }),
    unannouncedDues(db, { now, limit: LIMIT }),
  ]);
  const markets = await opinionMarketsByIds(
    db,
    owing.map(({ id }) => id),
  );
  let [waiting, refused] = [0, aside];
  for (const one of [...owing, ...unannounced]) {
    const all = await payMarket(deps, one, markets.get(one.id), now);
    waiting += all.waiting;
    refused += all.stuck;
    // One attempt a rest: what was sent just now has until the next look.
    if (one.rested || all.waiting === 0) await putAside(db, one.id, all.stuck, now + REFUSED_SECONDS);
  }
  backlog.set(waiting);
  stuck.set(refused);
}

/** `market` is undefined where nobody announced it: then all stakes go back. */
async function payMarket(
  deps: Deps,
  { id, rested }: Owing,
  market: StoredOpinionMarket | undefined,
  now: number,
): Promise<Payments> {
  const all = [await claimFor(deps, id, { ending: market?.ending ?? "void", again: rested })];
  if (market)
    all.push(await payPrizes(deps, market, { again: rested, now }), await collectFee(deps, market, rested));
  return {
    waiting: all.reduce((sum, { waiting }) => sum + waiting, 0),
    stuck: all.reduce((sum, one) => sum + one.stuck, 0),
  };
}

async function claimFor(
  deps: Deps,
  id: Hex,
  { ending, again }: { ending: StoredOpinionMarket["ending"]; again: boolean },
): Promise<Payments> {
  const owners = await claimableOwners(deps.store.db, id);
  const due = owners.filter((one) => one.due > 0n).length;
  if (due === 0) return { waiting: 0, stuck: 0 };
  const positions = owners.map((one): Claimable => ({
    owner: one.owner,
    outcome: 0,
    claimed: one.due === 0n,
  }));
  const named = (key: string) => opinionClaimKey(ending, key);
  const attemptsOf = await attemptsIn(deps.store.db, id);
  const plan = await withStates(deps.store.db, (stateOf) =>
    planClaims(
      id,
      positions,
      (key) => stateOf(named(key)),
      again,
      (key) => attemptsOf(named(key)),
    ),
  );
  for (const { key, positions: batch } of plan.send) {
    const args = [id, batch.map(({ owner }) => owner)] as const;
    const data = encodeFunctionData({ abi: opinionsAbi, functionName: "claimMany", args });
    await send(deps, named(key), data, "claim");
  }
  for (const { owner } of plan.stuck)
    deps.log.debug({ market: id, owner }, "the collateral refuses this payment");
  for (const { owner } of plan.resting)
    deps.log.debug({ market: id, owner }, "this payment failed, and is tried again later");
  return { waiting: due - plan.resting.length - plan.stuck.length, stuck: plan.stuck.length };
}

/**
 * A prize that its winner cannot be paid goes to the treasury once the contract lets it. Only then: who could be paid is paid,
 * however late this keeper comes.
 */
async function payPrizes(
  deps: Deps,
  market: StoredOpinionMarket,
  { again, now }: { again: boolean; now: number },
): Promise<Payments> {
  const { id } = market;
  const all: Payments = { waiting: 0, stuck: 0 };
  for (const { prize, winner } of await unpaidPrizes(deps.store.db, id)) {
    const args: readonly [Hex, bigint, Address] = [id, BigInt(prize), winner];
    const data = encodeFunctionData({ abi: opinionsAbi, functionName: "claimPrize", args });
    const claim = { key: prizeKey(id, prize), market: id, data, purpose: "prize" };
    let paid = await payOnce(deps, claim, again);
    if (paid.stuck > 0 && (await maySweep(deps, market, now)))
      paid = await payOnce(deps, sweepCall(id, prize), again);
    all.waiting += paid.waiting;
    all.stuck += paid.stuck;
  }
  return all;
}

/** Whether what nobody claimed of this draw may go to the treasury. */
async function maySweep(deps: Deps, { round }: StoredOpinionMarket, now: number): Promise<boolean> {
  if (round === null) return false;
  const schedule = await beaconIdentity(deps.hub, deps.addresses);
  return now >= timeOf(schedule, round) + OPINION_LIMITS.prizeSeconds;
}

const sweepCall = (id: Hex, prize: number): Call => ({
  key: sweepKey(id, prize),
  market: id,
  data: encodeFunctionData({ abi: opinionsAbi, functionName: "sweepPrize", args: [id, BigInt(prize)] }),
  purpose: "sweep",
});

async function collectFee(
  deps: Deps,
  { id, terms, result, feePaid, ending }: StoredOpinionMarket,
  again: boolean,
): Promise<Payments> {
  const none = { waiting: 0, stuck: 0 };
  if (feePaid || result === null || ending === "void") return none;
  if (takeBps(result.total, terms.feeBps) === 0n) return none;
  const args = [opinionTermsToChain(terms)] as const;
  const data = encodeFunctionData({ abi: opinionsAbi, functionName: "collectFee", args });
  return payOnce(deps, { key: feeKey(id), market: id, data, purpose: "fee" }, again);
}

type Call = { key: string; market: Hex; data: Hex; purpose: string };

async function payOnce(deps: Deps, { key, market, data, purpose }: Call, again: boolean): Promise<Payments> {
  const attempts = (await attemptsIn(deps.store.db, market))(key);
  const attempt = await withStates(deps.store.db, (stateOf) => nextAttempt(key, stateOf, again, attempts));
  if (attempt.next === "send") await send(deps, attempt.key, data, purpose);
  const waits = attempt.next === "send" || attempt.next === "wait";
  return { waiting: waits ? 1 : 0, stuck: attempt.next === "give_up" ? 1 : 0 };
}

/** Puts a call of Opinions into the outbox, once for a key. */
export const send = (deps: Deps, key: string, data: Hex, purpose: string) =>
  enqueueTransaction(deps.store.db, {
    chainId: deps.hub.definition.id,
    key,
    to: deps.addresses.opinions,
    data,
    purpose,
    priority: 1,
  });
