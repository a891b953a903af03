import type { Address, Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import {
  clustersSince,
  type PeriodCluster,
  periodClusters,
  type PeriodRules,
  untilOf,
} from "../../core/index.ts";
import { keepBody } from "../security/evidence.ts";
import { endedEverywhere, type RecordDomain } from "./ended-questions.ts";

/** A cluster as records name it; `evidence` is the keccak256 by which its text is found. */
export type StoredCluster = { number: number; members: Address[]; evidence: Hex };

/** The clusters of a period, by number; none before it is worked out. */
export const storedClusters = (db: Executor, period: number): Promise<StoredCluster[]> =>
  rows(
    db,
    sql`select cluster as number, members, evidence from oracle.period_clusters
      where period = ${period} order by cluster`,
  );

/**
 * The same, worked out of the rows unless it was before: once a period for all domains. Its end must be settled. Reads all
 * questions of a year, so the texts that prove a cluster are kept.
 */
export async function clustersIn(
  tx: Executor,
  chain: RecordDomain,
  rules: PeriodRules,
  period: number,
): Promise<Pick<PeriodCluster, "number" | "members">[]> {
  const known = await one(tx, sql`select period from oracle.cluster_periods where period = ${period}`);
  if (known) return storedClusters(tx, period);
  const span = { since: clustersSince(rules, period), until: untilOf(rules, period) };
  const clusters = periodClusters(
    { ...span, chainId: chain.chainId },
    await endedEverywhere(tx, chain, span),
  );
  await sql`insert into oracle.cluster_periods (period) values (${period}) on conflict do nothing`.execute(
    tx,
  );
  for (const { number, members, evidence } of clusters) {
    await keepBody(tx, evidence);
    await sql`insert into oracle.period_clusters (period, cluster, members, evidence)
      values (${period}, ${number}, ${members}::text[], ${evidence.hash}) on conflict do nothing`.execute(tx);
  }
  return clusters;
}
