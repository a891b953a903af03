import type { BlockRef } from "@sooth/chain";
import type { UnixSeconds } from "@sooth/kernel";
import { one, sql } from "@sooth/store";
import type { WorkerDeps } from "../deps.ts";
import { noteFee } from "./block-fees.ts";
import type { SecurityConfig } from "./config.ts";
import { countOpen, openEvents } from "./events.ts";
import { feedMonitor } from "./feed-monitor.ts";
import { runRules } from "./rules.ts";
import { scanClusters } from "./scan-clusters.ts";
import { findOrigins } from "./stake-origins.ts";

export type MonitorDeps = Omit<WorkerDeps, "config"> & { config: SecurityConfig };

/** Pages fed in one run: what is behind for long goes on with the next one. */
const PAGES = 20;

/**
 * Looks at what has become final and at the logged rows, and writes down what it sees. It sends nothing and changes nothing
 * for anybody: what follows from an event is people's to decide.
 */
export async function monitor(deps: MonitorDeps, head: BlockRef): Promise<void> {
  const { store, hub, config } = deps;
  const { db } = store;
  const last = await one<{ ruledAt: number; scannedAt: number }>(
    db,
    sql`select ruled_at as "ruledAt", scanned_at as "scannedAt" from oracle.monitor`,
  );
  if (last && head.timestamp < last.ruledAt + config.ORACLE_MONITOR_SECONDS) return;
  await noteFee(deps, head);
  await findOrigins(deps);
  for (let page = 0; page < PAGES; page += 1) if (!(await feedMonitor(deps, head))) break;
  if (head.timestamp >= (last?.scannedAt ?? 0) + config.ORACLE_SCAN_SECONDS) await scanClusters(deps, head);
  const seen = await runRules(db, head.timestamp as UnixSeconds);
  await store.transaction(async (tx) => {
    await openEvents(
      tx,
      hub.definition.id,
      seen.map((event) => ({ event })),
    );
    await sql`update oracle.monitor set ruled_at = ${head.timestamp}`.execute(tx);
  });
  await countOpen(db);
}
