import { guardAbi, policyAbi } from "@sooth/abi";
import type { Addresses, Chain } from "@sooth/chain";
import { BPS, type Address } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import type { z } from "zod";
import {
  formatFixedPoint,
  heaviestHour,
  surgeLimit,
  type wireBreaker,
  type wireSecurity,
} from "../../core/index.ts";
import type { ApiDeps } from "../deps.ts";
import { chainTime } from "../clock.ts";
import { countUnheld } from "../dispute-sweep.ts";
import { disputedQuestions, lastPauseOf, type LoggedTrip, securingAnswers, tripsOf } from "./brakes.ts";
import { countOpen } from "./events.ts";
import { listFeeds } from "./feeds.ts";

/** Seconds from the end of a pause to the next. Source: Guard.sol. */
export const COOL_DOWN = 72 * 3_600;
/** More are not listed. */
const FEEDS_SHOWN = 50;

/** What guard and policy say now, by the chain itself. */
export type GuardState = {
  /** 0 before the first pause. */
  pause: { number: number; until: number };
  windowFactor: number;
  guardian: Address;
  valueLimit: bigint;
  surgeFloor: number;
  /** Disputes open on an average day, in ten-thousandths. */
  meanDisputes: bigint;
};

/** @throws chain.rpc_unreachable */
export async function guardState(hub: Chain, addresses: Addresses): Promise<GuardState> {
  const guard = { address: addresses.guard, abi: guardAbi } as const;
  const policy = { address: addresses.policy, abi: policyAbi } as const;
  const [[number, until], windowFactor, meanDisputes, guardian, valueLimit, surgeFloor] = await Promise.all([
    hub.client.readContract({ ...guard, functionName: "lastPause" }),
    hub.client.readContract({ ...guard, functionName: "windowFactor" }),
    hub.client.readContract({ ...guard, functionName: "meanDisputes" }),
    hub.client.readContract({ ...policy, functionName: "guardian" }),
    hub.client.readContract({ ...policy, functionName: "valueLimit" }),
    hub.client.readContract({ ...policy, functionName: "surgeFloor" }),
  ]);
  return { pause: { number, until }, windowFactor, guardian, valueLimit, surgeFloor, meanDisputes };
}

type DomainRow = { domain: number; secured: bigint; stake: bigint; weight: bigint };

/**
 * What depends on answers that are not final yet, beside the stake and the weight of those who sit in the domain. All
 * questions of a domain together may secure more than a third: the third is one question's. A part for each index on what
 * is not final, since all that was ever asked is no place to look.
 */
const domainRows = (db: Executor, now: number): Promise<DomainRow[]> =>
  rows(
    db,
    sql`with current as (
        select distinct on (domain) domain, epoch, total_weight from oracle.epochs order by domain, epoch desc),
      resting as (
        select domain, secures from oracle.questions where state = 'open' and deadline >= ${now}
        union all
        select domain, secures from oracle.questions where state = 'answered' and finalize_at > ${now}
        union all
        select q.domain, q.secures from oracle.disputes d join oracle.questions q on q.id = d.question and q.dispute = d.id
          where d.stage <> 'done' and q.state = 'disputed')
      select c.domain, c.total_weight as weight,
        (select coalesce(sum(p.stake), 0) from oracle.seats s join oracle.signers k on k.signer = s.signer
          join oracle.providers p on p.owner = k.owner where s.domain = c.domain and s.epoch = c.epoch) as stake,
        (select coalesce(sum(r.secures), 0) from resting r where r.domain = c.domain) as secured
      from current c order by c.domain`,
  );

type WireBreaker = z.infer<typeof wireBreaker>;
const ALL = "all domains";
const WHAT = {
  value: "of collateral (smallest unit) rested on answers of one hour",
  disputes: "disputes were open at once",
};

/** One of the two that double windows; `found` and `limit` are what it goes by now. */
function windowsBreaker(
  name: "value" | "disputes",
  trips: readonly LoggedTrip[],
  now: number,
  { found, limit }: { found: bigint; limit: bigint },
): WireBreaker {
  const trip = trips.find(({ why, until }) => why === name && now < until);
  return {
    name,
    scope: ALL,
    feed: null,
    tripped: trip !== undefined,
    since: trip?.at ?? null,
    reason: trip ? `${trip.found} ${WHAT[name]}, ${trip.limit} allowed` : null,
    until: trip?.until ?? null,
    found: String(found),
    limit: String(limit),
    trippedAt: trip ? { found: String(trip.found), limit: String(trip.limit) } : null,
  };
}

/** Those that stand still first. */
async function feedBreakers(db: Executor, now: number): Promise<WireBreaker[]> {
  const feeds = await listFeeds(db, now, FEEDS_SHOWN);
  return feeds.map(({ feed, domain, decimals, observedAt, haltedAt, refused, staleAt }) => {
    const halted = haltedAt !== null && refused !== null;
    const stale = staleAt !== null && now >= staleAt;
    const why = stale
      ? `no value since ${new Date((observedAt ?? 0) * 1_000).toISOString()}`
      : `a jump to ${formatFixedPoint(refused ?? 0n, decimals)} was refused; the next value needs 90 % of all weight`;
    return {
      name: "feed",
      scope: `domain ${domain}`,
      feed,
      tripped: halted || stale,
      since: stale ? staleAt : haltedAt,
      reason: halted || stale ? why : null,
      until: null,
      found: null,
      limit: null,
      trippedAt: null,
    };
  });
}

/** @throws chain.rpc_unreachable */
export async function securityOverview(deps: ApiDeps): Promise<z.infer<typeof wireSecurity>> {
  const { db } = deps.store;
  const now = await chainTime(deps.hub);
  const [state, domains, openEvents, trips, pause, answers, disputed, feeds] = await Promise.all([
    guardState(deps.hub, deps.addresses),
    domainRows(db, now),
    countOpen(db),
    tripsOf(db),
    lastPauseOf(db),
    securingAnswers(db, now),
    disputedQuestions(db),
    feedBreakers(db, now),
  ]);
  const { guardian, windowFactor, valueLimit, surgeFloor, meanDisputes } = state;
  const isPaused = state.pause.until > now;
  const mayPauseFrom = state.pause.number === 0 ? 0 : state.pause.until + COOL_DOWN;
  const disputeLimit = BigInt(surgeLimit(meanDisputes, surgeFloor));
  return {
    pausedUntil: isPaused ? state.pause.until : null,
    pause: pause
      ? { number: pause.number, guardian: pause.guardian, since: pause.from, until: pause.until }
      : null,
    mayPauseFrom: mayPauseFrom > now ? mayPauseFrom : null,
    unheld: isPaused ? await countUnheld(db, state.pause.number, now) : 0,
    guardian: BigInt(guardian) === 0n ? null : guardian,
    windowFactor,
    breakers: [
      windowsBreaker("value", trips.last, now, { found: heaviestHour(answers).value, limit: valueLimit }),
      windowsBreaker("disputes", trips.last, now, { found: BigInt(disputed.length), limit: disputeLimit }),
      ...feeds,
    ],
    domains: domains.map(({ domain, secured, stake, weight }) => ({
      domain,
      secured: String(secured),
      stake: String(stake),
      weight: String(weight),
      ratio: weight === 0n ? 0 : Number((secured * BPS) / weight),
    })),
    openEvents,
  };
}
