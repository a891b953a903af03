import { wiringAbi } from "@sooth/abi";
import { sameAddress } from "@sooth/kernel";
import type { Check } from "@sooth/runtime";
import { type Executor, one, sql } from "@sooth/store";
import { hasQuorum, type SignerSet } from "../core/index.ts";
import { chainTime } from "./clock.ts";
import type { WorkerDeps } from "./deps.ts";
import { signerSets } from "./signer-sets.ts";

/** Nobody is missed before this many questions went by without his report. */
const LOOK_BACK = 20;
const LATE_SECONDS = 600;

export const oracleChecks = (deps: WorkerDeps): Check[] => [
  quorumReachable(deps),
  answersInTime(deps),
  wiringSealed(deps),
];

/** Until it is sealed the deployer could put anything into the places of slasher and guard. */
const wiringSealed = ({ hub, addresses }: WorkerDeps): Check => ({
  id: "oracle.wiring_sealed",
  why: "whoever may seal the wiring could name himself slasher and take every stake",
  run: async () => {
    const wiring = { address: addresses.wiring, abi: wiringAbi } as const;
    const [isSealed, stakeManager, oracle] = await Promise.all([
      hub.client.readContract({ ...wiring, functionName: "isSealed" }),
      hub.client.readContract({ ...wiring, functionName: "stakeManager" }),
      hub.client.readContract({ ...wiring, functionName: "oracle" }),
    ]);
    if (!isSealed) return { ok: false, found: `the wiring at ${addresses.wiring} is not sealed` };
    const ours = sameAddress(stakeManager, addresses.stakeManager) && sameAddress(oracle, addresses.oracle);
    return ours
      ? { ok: true }
      : { ok: false, found: `it names stake manager ${stakeManager} and oracle ${oracle}, not ours` };
  },
});

/** Weighs, in every domain that is asked in, the providers that reported on one of its last questions against all weight. */
const quorumReachable = (deps: WorkerDeps): Check => ({
  id: "oracle.quorum_reachable",
  why: "questions end invalid when providers with a third of the weight are silent",
  run: async () => {
    const { db } = deps.store;
    const sets = [...(await signerSets(db))].filter(([, { epoch }]) => epoch > 0);
    if (sets.length === 0) return { ok: false, found: "no signer set has been formed yet" };
    const heard = await Promise.all(sets.map(([domain, set]) => heardIn(db, domain, set)));
    const told = heard.filter(({ questions }) => questions > 0);
    if (told.length === 0) return { ok: true, found: "no reports in this epoch yet" };
    const silent = told.filter(({ weight, total }) => !hasQuorum(weight, total));
    const found = (silent.length > 0 ? silent : told)
      .map(
        ({ domain, weight, total, questions }) =>
          `${weight} of ${total} weight reported on one of the last ${questions} questions of domain ${domain}`,
      )
      .join("; ");
    return { ok: silent.length === 0, found };
  },
});

async function heardIn(db: Executor, domain: number, { epoch, totalWeight }: SignerSet) {
  const heard = await one<{ weight: bigint; questions: number }>(
    db,
    sql`with latest as (
        select question, max(r.received_at) as at from oracle.reports r
          join oracle.questions q on q.id = r.question
          where q.domain = ${domain} and r.epoch = ${epoch}
        group by question order by at desc limit ${LOOK_BACK})
      select (select count(*) from latest) as questions, coalesce((select sum(s.weight) from oracle.seats s
        where s.domain = ${domain} and s.epoch = ${epoch} and s.signer in (select r.signer from oracle.reports r
          where r.question in (select question from latest))), 0) as weight`,
  );
  return { domain, total: totalWeight, weight: heard?.weight ?? 0n, questions: heard?.questions ?? 0 };
}

const answersInTime = (deps: WorkerDeps): Check => ({
  id: "oracle.answers_in_time",
  why: "an answer that nobody transmits keeps its markets' money locked",
  run: async () => {
    const now = await chainTime(deps.hub);
    const late = await one<{ count: number }>(
      deps.store.db,
      sql`select count(*) as count from oracle.questions where state = 'open' and deadline >= ${now}
        and not_before < ${now - LATE_SECONDS} and jsonb_array_length(schema->'sources') > 0
        and reward >= ${String(deps.config.ORACLE_MIN_REWARD)}`,
    );
    const count = late?.count ?? 0;
    return count === 0
      ? { ok: true }
      : {
          ok: false,
          found: `${count} questions have waited more than ${LATE_SECONDS} seconds for an answer`,
        };
  },
});
