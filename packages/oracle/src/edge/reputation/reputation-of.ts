import type { Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import type { z } from "zod";
import { epochTree, OracleError, type wirePeriod, type wireReputation } from "../../core/index.ts";
import { storedClusters } from "./cluster-store.ts";
import { historyOf, periodOf, recordsOf } from "./period-store.ts";

type Reputation = z.infer<typeof wireReputation>;
type Period = z.infer<typeof wirePeriod>;

/** Periods that a history goes back. */
const PERIODS_SHOWN = 200;

/** A provider's reputation in every domain in which a period speaks of him. */
export async function reputationOf(db: Executor, owner: string): Promise<Reputation[]> {
  const [history, known] = await Promise.all([
    historyOf(db, owner, PERIODS_SHOWN),
    rows<{ domain: number; score: number; factorBps: number; premium: boolean; period: number }>(
      db,
      sql`select distinct on (domain) domain, score, factor_bps as "factorBps", premium, epoch as period
        from oracle.standings where owner = ${owner.toLowerCase()} order by domain, epoch desc`,
    ),
  ]);
  return [...Map.groupBy(history, ({ record }) => record.domain)].flatMap(([domain, periods]) => {
    const last = periods.at(-1)?.record;
    if (!last) return [];
    const standing = known.find((one) => one.domain === domain);
    return {
      domain,
      score: last.score,
      factorBps: last.factorBps,
      strikes: last.strikes,
      premium: last.premium,
      suspendedUntil: last.suspendedUntil === 0 ? null : last.suspendedUntil,
      onChain: standing
        ? {
            score: standing.score,
            factorBps: standing.factorBps,
            premium: standing.premium,
            period: standing.period,
          }
        : null,
      history: periods.map(({ number, until, record, deeds }) => ({
        period: number,
        at: until,
        score: record.score,
        factorBps: record.factorBps,
        strikes: record.strikes,
        premium: record.premium,
        right: String(record.counts.right),
        wrong: String(record.counts.wrong),
        ...deeds,
      })),
    };
  });
}

type Asked = { question: Hex; root: Hex | null; facts: bigint | null; finalizeAt: number | null };

/** A period with its records and their proofs, so that anybody may recompute it, object, or apply it. @throws oracle.unknown_period */
export async function periodDetail(db: Executor, domain: number, number: number): Promise<Period> {
  const [period, found, clusters, asked] = await Promise.all([
    periodOf(db, domain, number),
    recordsOf(db, domain, number),
    storedClusters(db, number),
    one<Asked>(
      db,
      sql`select p.question, a.root, a.facts, a.finalize_at as "finalizeAt" from oracle.period_questions p
        left join oracle.root_answers a on a.question = p.question
        where p.domain = ${domain} and p.number = ${number}`,
    ),
  ]);
  if (!period) throw OracleError.unknown_period({ domain, number });
  const records = found.map(({ record }) => record);
  const tree = epochTree(number, records);
  const { root, facts, finalizeAt } = asked ?? {};
  return {
    ...period,
    clusters,
    question: asked?.question ?? null,
    answer: root && facts && finalizeAt ? { root, facts: String(facts), finalizeAt } : null,
    records: records.map((record) => ({
      owner: record.owner,
      score: record.score,
      factorBps: record.factorBps,
      strikes: record.strikes,
      premium: record.premium,
      suspendedUntil: record.suspendedUntil,
      cluster: record.cluster,
      state: {
        right: String(record.counts.right),
        wrong: String(record.counts.wrong),
        at: record.counts.at,
        probation: record.probation,
        rounds: record.rounds,
        warnings: record.warnings,
        outsideAt: record.outsideAt,
      },
      proof: tree.proofOf(domain, record.owner),
    })),
  };
}
