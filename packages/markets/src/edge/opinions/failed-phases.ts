import type { Address, Hex } from "@sooth/kernel";
import { alert, gauge } from "@sooth/runtime";
import { type Executor, rows, sql, type Store } from "@sooth/store";
import { keyOfAttempt, type OpinionStep, PHASE_ATTEMPTS, type PhaseFailures } from "../../core/index.ts";

const givenUp = gauge(
  "markets_phases_given_up",
  "Phases of opinion markets that failed three times: a person looks at them, and an hour passes between two tries",
);
alert({
  id: "markets.phase_given_up",
  severity: "ticket",
  forSeconds: 60,
  when: `${givenUp.metric} > 0`,
  runbook: "docs/runbooks/markets.md#a-phase-of-a-market-is-given-up",
});

/** A step of a market, or a stance of it that is told. */
export type Phase = OpinionStep | "reveal";
/** A phase of a market that is due and failed. */
export type FailedPhase = PhaseFailures & {
  /** Of the outbox, as of its first attempt. */
  key: string;
  market: Hex;
  phase: Phase;
  /** Whose stance a reveal tells. */
  owner: Address | null;
};

const COLUMNS = sql`key, market, phase, owner, failures, give_up_at as "giveUpAt", again_block as "againBlock",
  again_at as "againAt"`;

/** What failed of these, by key. */
export async function failuresOf(db: Executor, keys: readonly string[]): Promise<Map<string, FailedPhase>> {
  const found = await rows<FailedPhase>(
    db,
    sql`select ${COLUMNS} from markets.failed_phases where key = any(${[...keys]}::text[])`,
  );
  return new Map(found.map((one) => [one.key, one]));
}

/** Keeps what is new. Of two machines that saw the same, or less, the second changes nothing. */
export async function keepFailures(db: Executor, failed: readonly FailedPhase[]): Promise<void> {
  for (const { key, market, phase, owner, failures, giveUpAt, againBlock, againAt } of failed)
    await sql`insert into markets.failed_phases as f
      values (${key}, ${market}, ${phase}, ${owner}, ${failures}, ${giveUpAt}, ${againBlock}, ${againAt})
      on conflict (key) do update set failures = excluded.failures, again_block = excluded.again_block,
        again_at = excluded.again_at where f.failures < excluded.failures`.execute(db);
}

/** Forgets phases that are over, whoever took them, and counts those that are given up. */
export async function forgetTaken(db: Executor): Promise<void> {
  await sql`delete from markets.failed_phases f where not exists (
    select 1 from markets.opinion_markets m where m.id = f.market and case f.phase
      when 'rearm' then m.ending = 'scored' and m.seed is null and f.key = 'opinions:rearm:' || m.round || ':' || m.id
      when 'forgo' then m.ending = 'scored' and m.seed is null
      when 'reveal' then m.ending = 'none' and exists (
        select 1 from markets.opinions o where o.market = m.id and o.owner = f.owner and o.band is null)
      else m.ending = 'none' end)`.execute(db);
  const [found] = await rows<{ count: number }>(
    db,
    sql`select count(*)::int as count from markets.failed_phases where again_block is null`,
  );
  givenUp.set(found?.count ?? 0);
}

/** As a person is told of it. */
export type ListedPhase = FailedPhase & {
  /** As the contract said it at the last attempt; null where it did not. */
  reason: string | null;
};

/** Phases that failed and are due still: those that are given up first. */
export async function listFailedPhases(db: Executor): Promise<ListedPhase[]> {
  const found = await rows<FailedPhase>(
    db,
    sql`select ${COLUMNS} from markets.failed_phases order by again_block nulls first, key`,
  );
  const last = ({ key, failures }: FailedPhase) => keyOfAttempt(key, failures);
  const said = await rows<{ key: string; reason: string | null }>(
    db,
    sql`select key, coalesce(error_name || ': ' || error_text, refused) as reason from chain.outbox
      where key = any(${found.map(last)}::text[])`,
  );
  const reasons = new Map(said.map(({ key, reason }) => [key, reason]));
  return found.map((phase) => ({ ...phase, reason: reasons.get(last(phase)) ?? null }));
}

/** Has these tried again with the next block; those that are given up as often as at first. Doing it twice grants nothing more. */
export const retryPhases = (store: Store, keys: readonly string[]): Promise<void> =>
  store.transaction(async (tx) => {
    await sql`update markets.failed_phases set again_block = 0, again_at = null,
        give_up_at = case when again_block is null then failures + ${PHASE_ATTEMPTS} else give_up_at end
      where key = any(${[...keys]}::text[])`.execute(tx);
  });
