import { guardAbi, policyAbi } from "@sooth/abi";
import type { Addresses, Chain } from "@sooth/chain";
import type { Address } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import type { z } from "zod";
import type { wireSecurity } from "../../core/index.ts";
import type { ApiDeps } from "../deps.ts";
import { chainTime } from "../clock.ts";
import { countOpen } from "./events.ts";

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
 * questions of a domain together may secure more than a third: the third is one question's.
 */
const domainRows = (db: Executor, now: number): Promise<DomainRow[]> =>
  rows(
    db,
    sql`with current as (
        select distinct on (domain) domain, epoch, total_weight from oracle.epochs order by domain, epoch desc)
      select c.domain, c.total_weight as weight,
        (select coalesce(sum(p.stake), 0) from oracle.seats s join oracle.signers k on k.signer = s.signer
          join oracle.providers p on p.owner = k.owner where s.domain = c.domain and s.epoch = c.epoch) as stake,
        (select coalesce(sum(q.secures), 0) from oracle.questions q where q.domain = c.domain
          and (case when q.state = 'open' then q.deadline >= ${now}
            when q.state = 'answered' then q.finalize_at > ${now} else true end)) as secured
      from current c order by c.domain`,
  );

/** @throws chain.rpc_unreachable */
export async function securityOverview(deps: ApiDeps): Promise<z.infer<typeof wireSecurity>> {
  const { db } = deps.store;
  const now = await chainTime(deps.hub);
  const [state, domains, openEvents] = await Promise.all([
    guardState(deps.hub, deps.addresses),
    domainRows(db, now),
    countOpen(db),
  ]);
  const { pause, guardian, windowFactor } = state;
  return {
    pausedUntil: pause.until > now ? pause.until : null,
    guardian: BigInt(guardian) === 0n ? null : guardian,
    windowFactor,
    breakers: [
      { name: "windows", scope: "all domains", tripped: windowFactor > 1, reason: null, until: null },
    ],
    domains: domains.map(({ domain, secured, stake, weight }) => ({
      domain,
      secured: String(secured),
      stake: String(stake),
      weight: String(weight),
      ratio: weight === 0n ? 0 : Number((secured * 10_000n) / weight),
    })),
    openEvents,
  };
}
