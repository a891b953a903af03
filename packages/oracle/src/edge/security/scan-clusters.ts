import type { BlockRef } from "@sooth/chain";
import { type Hex, need, type UnixSeconds } from "@sooth/kernel";
import { one, sql } from "@sooth/store";
import {
  type Cluster,
  evidenceOfCluster,
  type EventSeverity,
  findClusters,
  limitsWith,
  type SecurityEvent,
} from "../../core/index.ts";
import type { WorkerDeps } from "../deps.ts";
import { openEvents, type Sighting } from "./events.ts";
import { keepBody } from "./evidence.ts";
import { membersByNumber, readMonitor } from "./monitor-state.ts";
import { stakeOrigins } from "./stake-origins.ts";

/**
 * Looks through the monitor's sums for providers that act as one, and writes down what it found under the finality of the last
 * question it knew: whoever feeds the same questions finds the same. Nothing follows from it but a record and an event:
 * the simulation found honest ones among those at step 2.
 */
export async function scanClusters(deps: Pick<WorkerDeps, "store" | "hub">, head: BlockRef): Promise<void> {
  const { store, hub } = deps;
  const held = await readMonitor(store.db);
  const at = held?.monitor.to;
  if (!held || at === null || at === undefined) return;
  const owners = await membersByNumber(store.db);
  const origins = await stakeOrigins(store.db);
  const limits = limitsWith();
  const known = {
    origins: owners.flatMap((owner, provider) => {
      const origin = origins.get(owner);
      return origin === undefined ? [] : [{ provider, origin }];
    }),
    guilty: [],
  };
  const about = { chainId: hub.definition.id, at, monitor: held.monitor, limits, owners };
  const found = findClusters(held.monitor, limits, known)
    .map((cluster) => ({
      cluster,
      evidence: evidenceOfCluster(cluster, about),
      members: named(cluster, owners),
    }))
    .toSorted((a, b) => ((a.members[0] ?? "") < (b.members[0] ?? "") ? -1 : 1));
  await store.transaction(async (tx) => {
    await sql`update oracle.monitor set scanned_at = ${head.timestamp}`.execute(tx);
    const fresh = await one(
      tx,
      sql`insert into oracle.cluster_scans (at, questions) values (${at}, ${held.monitor.errors.questions})
        on conflict do nothing returning at`,
    );
    if (!fresh) return;
    for (const [index, { cluster, evidence, members }] of found.entries()) {
      await keepBody(tx, evidence);
      await sql`insert into oracle.clusters (scan, place, members, step, notice, evidence)
        values (${at}, ${index + 1}, ${members}::text[], ${cluster.step}, ${cluster.notice}, ${evidence.hash})`.execute(
        tx,
      );
    }
    const sightings = found.map(({ cluster, evidence, members }): Sighting => ({
      event: eventOf(cluster, members, at),
      body: evidence,
    }));
    await openEvents(tx, hub.definition.id, sightings);
  });
}

const named = (cluster: Cluster, owners: readonly Hex[]): Hex[] =>
  cluster.members.map((number) => need(owners[number], `the owner of provider ${number}`)).toSorted();

function eventOf(cluster: Cluster, members: readonly Hex[], at: UnixSeconds): SecurityEvent {
  return {
    rule: "collusion",
    severity: (cluster.step + 1) as EventSeverity,
    subject: members.join(" "),
    evidence: {
      step: String(cluster.step),
      notice: cluster.notice,
      size: String(members.length),
      links: String(cluster.links.length),
      signals: [...new Set(cluster.links.map(({ signal }) => signal))].toSorted().join(" "),
    },
    at,
  };
}
