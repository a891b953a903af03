import { epochsAbi, oracleAbi } from "@sooth/abi";
import type { BlockRef } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { alert, counter } from "@sooth/runtime";
import { one, rows, sql } from "@sooth/store";
import { encodeFunctionData } from "viem";
import {
  bitmapOf,
  clustersSince,
  epochTree,
  hasQuorum,
  lastPeriod,
  packAgreed,
  type PeriodRules,
  type ProviderRecord,
  type SignerSet,
  termsToChain,
} from "../../core/index.ts";
import type { WorkerDeps } from "../deps.ts";
import { questionsByIds } from "../questions.ts";
import { send } from "../send.ts";
import { commitLimits } from "../contract.ts";
import { computePeriod } from "./compute-period.ts";
import { noteLate } from "./note-late.ts";
import { periodRules } from "./period-rules.ts";
import { periodOf, recordsOf, type Standing, standingsOf } from "./period-store.ts";
import { recoverSome } from "./recovered-reports.ts";
import { rootReportsOf } from "./root-reports.ts";

const strange = counter(
  "oracle_strange_roots_total",
  "Final roots of periods that are not what the rows give",
);
alert({
  id: "oracle.strange_root",
  severity: "page",
  forSeconds: 0,
  when: `increase(${strange.metric}[1h]) > 0`,
  runbook: "docs/runbooks/oracle.md#a-period-has-another-root",
});

/** Late reports whose signers are recovered after one block; each takes a millisecond. */
const RECOVERED_AT_ONCE = 500;
/** Records in one transaction: 32 are all that a signer set seats. */
const BATCH = 32;

/**
 * What is due of reputation after a block: works out periods that are over, asks for their roots when they say something
 * new, transmits roots with a quorum, hands records of final roots to the stake manager, logs reports that were left out.
 * Doing it twice, or on two machines, changes nothing.
 */
export async function runPeriods(
  deps: WorkerDeps,
  sets: ReadonlyMap<number, SignerSet>,
  head: BlockRef,
): Promise<void> {
  const rules = await periodRules(deps.hub, deps.addresses);
  await noteLate(deps, head);
  for (const [domain, { epoch }] of sets) {
    if (epoch === 0) continue;
    await askDue(deps, rules, domain, head);
    await applyDue(deps, domain, head);
  }
  await transmitRoots(deps, sets, head);
}

async function askDue(deps: WorkerDeps, rules: PeriodRules, domain: number, head: BlockRef): Promise<void> {
  const { store, hub, addresses } = deps;
  const number = lastPeriod(rules, head.timestamp);
  if (number === 0) return;
  const isAsked = await one(
    store.db,
    sql`select number from oracle.period_questions where domain = ${domain} and number = ${number}`,
  );
  const chain = { chainId: hub.definition.id, oracle: addresses.oracle };
  if (!(await periodOf(store.db, domain, number))) {
    const since = clustersSince(rules, number);
    // Many are left for the blocks that follow: what else is due after this one does not wait for them.
    if (await recoverSome(store.db, chain, { since, most: RECOVERED_AT_ONCE })) return;
  }
  const { tier: commitTier } = await commitLimits(hub, addresses);
  await computePeriod(store, { ...chain, commitTier }, rules, { domain, number, now: head.timestamp });
  if (isAsked) return;
  const [records, standings] = await Promise.all([
    recordsOf(store.db, domain, number),
    standingsOf(store.db, domain),
  ]);
  if (!records.some(({ record }) => isNews(record, standings.get(record.owner)))) return;
  await send(deps, {
    key: `oracle:period:${domain}:${number}`,
    to: addresses.epochs,
    data: encodeFunctionData({ abi: epochsAbi, functionName: "ask", args: [domain, number] }),
    purpose: "period",
  });
}

/** Whether a record says other than what the stake manager knows. */
const isNews = (record: ProviderRecord, known: Standing | undefined): boolean =>
  known === undefined ||
  (["factorBps", "score", "strikes", "suspendedUntil", "cluster", "premium"] as const).some(
    (field) => record[field] !== known[field],
  );

/* ROOTS */

/** Any Root question whose root a quorum handed over. */
async function transmitRoots(
  deps: WorkerDeps,
  sets: ReadonlyMap<number, SignerSet>,
  { timestamp: now }: BlockRef,
): Promise<void> {
  const { db } = deps.store;
  const due = await rows<{ id: Hex }>(
    db,
    sql`select distinct q.id from oracle.questions q join oracle.root_reports r on r.question = q.id and r.round = q.round
      where q.state = 'open' and q.aggregation = 'root' and q.not_before <= ${now} and q.deadline > ${now}
        and not exists (select from oracle.root_answers a where a.question = q.id)`,
  );
  for (const question of await questionsByIds(
    db,
    due.map(({ id }) => id),
  )) {
    const { id, terms, word } = question;
    const set = sets.get(terms.domain);
    if (!set || word.state !== "open") continue;
    const held = await rootReportsOf(db, { question: id, round: word.round, epoch: set.epoch });
    const seated = held.filter(({ seat, signer }) => set.seats[seat]?.signer === signer);
    for (const [root, agreed] of Map.groupBy(seated, (report) => report.root)) {
      const weight = agreed.reduce((sum, { seat }) => sum + (set.seats[seat]?.weight ?? 0n), 0n);
      if (!hasQuorum(weight, set.totalWeight)) continue;
      const signatures = packAgreed(agreed.map(({ seat, signature }) => ({ seat, signature, value: 0n })));
      const seats = bitmapOf(agreed.map(({ seat }) => seat));
      await send(deps, {
        key: `oracle:root:${id}:${word.round}:${set.epoch}`,
        to: deps.addresses.oracle,
        data: encodeFunctionData({
          abi: oracleAbi,
          functionName: "reportRoot",
          args: [termsToChain(terms), set.epoch, root, seats, signatures],
        }),
        purpose: "answer",
      });
    }
  }
}

/* RECORDS */

/** The newest final root of a domain: its records go to the stake manager, unless it knows them. */
async function applyDue(deps: WorkerDeps, domain: number, { timestamp: now }: BlockRef): Promise<void> {
  const { store, addresses } = deps;
  const final = await one<{ number: number; root: Hex; facts: bigint }>(
    store.db,
    sql`select p.number, a.root, a.facts from oracle.period_questions p
      join oracle.root_answers a on a.question = p.question
      where p.domain = ${domain} and a.finalize_at <= ${now}
        and exists (select from oracle.period_records r where r.domain = ${domain} and r.number = p.number
          and not exists (select from oracle.standings s
            where s.domain = ${domain} and s.owner = r.owner and s.epoch >= p.number))
      order by p.number desc limit 1`,
  );
  if (!final) return;
  const { number, root, facts } = final;
  const period = await periodOf(store.db, domain, number);
  if (period?.root !== root) {
    strange.inc();
    deps.log.error({ domain, number, root, ours: period?.root }, "a period has another root than ours");
    return;
  }
  const records = (await recordsOf(store.db, domain, number)).map(({ record }) => record);
  const tree = epochTree(number, records);
  for (let from = 0; from < records.length; from += BATCH) {
    const part = records.slice(from, from + BATCH);
    const leaves = part.map((record) => ({ ...record, epoch: number }));
    const proofs = part.map(({ owner }) => tree.proofOf(domain, owner));
    await send(deps, {
      key: `oracle:records:${domain}:${number}:${from}`,
      to: addresses.epochs,
      data: encodeFunctionData({
        abi: epochsAbi,
        functionName: "applyRecords",
        args: [domain, number, { root, facts }, leaves, proofs],
      }),
      purpose: "records",
    });
  }
}
