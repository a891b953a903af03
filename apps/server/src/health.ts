import { followedHead, isLocal, type Chain } from "@sooth/chain";
import type { HealthComponent } from "@sooth/runtime";
import { sql, type Queue, type Store } from "@sooth/store";

/** A head older than this many block times means that the follower or the chain stands still. */
const STALE_BLOCKS = 20;

/** What /health tells of: the database, each chain, the queue, the sources that providers here may read. */
export function healthComponents(o: {
  store: Store;
  queue: Queue;
  chains: readonly Chain[];
  origins: readonly string[];
}): HealthComponent[] {
  const database: HealthComponent = {
    name: "database",
    critical: true,
    check: async () => {
      await sql`select 1`.execute(o.store.db);
      return { ok: true };
    },
  };
  return [
    database,
    ...o.chains.map((chain) => chainHealth(o.store, chain)),
    queueHealth(o.queue),
    ...o.origins.map(sourceHealth),
  ];
}

/** Two questions in one: does the chain go on, and do its blocks become rows here. */
function chainHealth(store: Store, chain: Chain): HealthComponent {
  const { id, name, role, blockSeconds } = chain.definition;
  return {
    name: `chain ${name}`,
    critical: role === "hub",
    check: async () => {
      const [block, followed] = await Promise.all([chain.client.getBlock(), followedHead(store.db, id)]);
      const head = Number(block.number);
      const age = Math.floor(Date.now() / 1000) - Number(block.timestamp);
      // A chain whose clock was moved on purpose lives in the past or the future; only a local one does.
      if (age > blockSeconds * STALE_BLOCKS && !isLocal(id))
        return { ok: false, found: `head is ${age} s old` };
      if (followed && head - followed.number > STALE_BLOCKS)
        return { ok: false, found: `rows end ${head - followed.number} blocks behind the head` };
      return { ok: true, detail: { head, followed: followed?.number ?? null } };
    },
  };
}

function queueHealth(queue: Queue): HealthComponent {
  return {
    name: "queue",
    critical: false,
    check: async () => {
      const depth = await queue.depth();
      const dead = Object.entries(depth).filter(([, job]) => job.dead > 0);
      if (dead.length === 0) return { ok: true, detail: depth };
      return { ok: false, found: dead.map(([name, job]) => `${job.dead} dead in ${name}`).join(", ") };
    },
  };
}

/** Any answer will do: whether its numbers are right is the providers' business. */
function sourceHealth(origin: string): HealthComponent {
  return {
    name: `source ${origin}`,
    critical: false,
    check: async (signal) => {
      const response = await fetch(origin, { signal, redirect: "manual" });
      await response.body?.cancel();
      return response.status < 500 ? { ok: true } : { ok: false, found: `status ${response.status}` };
    },
  };
}
