import { guardAbi, policyAbi } from "@sooth/abi";
import type { Addresses, Chain } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import { type SecuringAnswer, surgeLimit } from "../../core/index.ts";

/** A pause as it was logged; unix seconds. */
export type LoggedPause = { number: number; guardian: Hex; from: number; until: number };
/** A trip of a global breaker as it was logged. `found` and `limit`: collateral, or disputes. */
export type LoggedTrip = {
  why: "value" | "disputes";
  found: bigint;
  limit: bigint;
  at: number;
  until: number;
};

/** More answers than this are not looked at: those that secure most are. */
const MOST_ANSWERS = 5_000;

/** Answers that become final after `after` and secure something. */
export const securingAnswers = (db: Executor, after: number): Promise<SecuringAnswer[]> =>
  rows(
    db,
    sql`select id, secures, finalize_at as "finalizeAt" from oracle.questions
      where state = 'answered' and finalize_at > ${after} and secures > 0 order by secures desc, id limit ${MOST_ANSWERS}`,
  );

/** Of questions `q` that are disputed now. The index of open disputes leads to them. */
export const fromDisputed = sql`from oracle.disputes d join oracle.questions q on q.id = d.question and q.dispute = d.id
      where d.stage <> 'done' and q.state = 'disputed'`;

export async function disputedQuestions(db: Executor): Promise<Hex[]> {
  const found = await rows<{ id: Hex }>(db, sql`select q.id ${fromDisputed} order by q.id`);
  return found.map(({ id }) => id);
}

/** How often a breaker tripped so far, and the last time of each kind, latest first. */
export async function tripsOf(db: Executor): Promise<{ count: number; last: LoggedTrip[] }> {
  const [last, all] = await Promise.all([
    rows<LoggedTrip>(
      db,
      sql`select distinct on (why) why, found, most as "limit", at, until from oracle.trips order by why, block desc, log desc`,
    ),
    one<{ count: number }>(db, sql`select count(*) as count from oracle.trips`),
  ]);
  return { count: all?.count ?? 0, last: last.toSorted((a, b) => b.at - a.at) };
}

export const lastPauseOf = (db: Executor): Promise<LoggedPause | undefined> =>
  one(
    db,
    sql`select number, guardian, from_at as "from", until_at as until from oracle.pauses order by number desc limit 1`,
  );

/** What the policy allows now, by the chain itself. @throws chain.rpc_unreachable */
export async function brakeLimits(
  hub: Chain,
  addresses: Addresses,
): Promise<{ valueLimit: bigint; disputeLimit: number }> {
  const policy = { address: addresses.policy, abi: policyAbi } as const;
  const [valueLimit, floor, mean] = await Promise.all([
    hub.client.readContract({ ...policy, functionName: "valueLimit" }),
    hub.client.readContract({ ...policy, functionName: "surgeFloor" }),
    hub.client.readContract({ address: addresses.guard, abi: guardAbi, functionName: "meanDisputes" }),
  ]);
  return { valueLimit, disputeLimit: surgeLimit(mean, floor) };
}
