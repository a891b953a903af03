import { isLocal, type Chain } from "@sooth/chain";
import { markets } from "@sooth/markets";
import { createApp, LiveHub, serve, type HealthComponent } from "@sooth/runtime";
import { listenLive, sql, type Store } from "@sooth/store";
import { requireFree } from "./laptop/ports.ts";
import { browserRpcUrls, networkRoute } from "./network-route.ts";
import type { RoleContext } from "./roles.ts";
import { SLICES } from "./slices.ts";

/** A head older than this many block times means that the follower or the chain stands still. */
const STALE_BLOCKS = 20;

/** HTTP: the slices' routes, the network's facts, live events, the web app. */
export async function startApi(role: RoleContext): Promise<void> {
  const { config, network, lifecycle, log, facts } = role;
  const store = await role.store();
  const live = new LiveHub();
  const stop = new AbortController();
  const listening = listenLive(store, (event) => live.publish(event), stop.signal);
  await lifecycle.add("live events", async () => async () => {
    stop.abort();
    await listening;
  });

  const app = await createApp({
    log,
    version: config.SOOTH_VERSION,
    corsOrigins: config.HTTP_CORS_ORIGINS,
    connectSources: browserRpcUrls(config),
    bodyLimitBytes: config.HTTP_BODY_LIMIT_BYTES,
    rateLimit: {
      max: config.HTTP_RATE_MAX,
      windowSeconds: config.HTTP_RATE_SECONDS,
      redisUrl: config.REDIS_URL,
    },
    trustProxy: config.HTTP_TRUST_PROXY,
    components: healthComponents(store, [network.hub, ...network.rollups]),
    live,
    webApp:
      role.web === undefined
        ? undefined
        : { folder: role.web, tags: (page) => markets.previewTags(page, { store, hub: network.hub }) },
  });
  const context = { config, store, hub: network.hub, addresses: network.addresses, log };
  for (const slice of SLICES) slice.routes(app, context);
  networkRoute(app, role);

  await requireFree(
    config.SOOTH_PORT,
    "the web app",
    "Choose another one: npm start -- --port 3001",
    config.SOOTH_HOST,
  );
  await lifecycle.add("http", async () => {
    const served = await serve(app, {
      host: config.SOOTH_HOST,
      port: config.SOOTH_PORT,
      leadMs: config.HTTP_DRAIN_SECONDS * 1000,
    });
    role.onListening(served.url);
    return () => served.stop();
  });
  log.info({ facts: facts.sourceTemplates.length }, "api listens");
}

function healthComponents(store: Store, chains: readonly Chain[]): HealthComponent[] {
  const database: HealthComponent = {
    name: "database",
    critical: true,
    check: async () => {
      await sql`select 1`.execute(store.db);
      return { ok: true };
    },
  };
  return [database, ...chains.map(chainHealth)];
}

function chainHealth(chain: Chain): HealthComponent {
  return {
    name: `chain ${chain.definition.name}`,
    critical: chain.definition.role === "hub",
    check: async () => {
      const block = await chain.client.getBlock();
      const age = Math.floor(Date.now() / 1000) - Number(block.timestamp);
      // A chain whose clock was moved on purpose lives in the past or the future; only a local one does.
      const stale = age > chain.definition.blockSeconds * STALE_BLOCKS && !isLocal(chain.definition.id);
      return stale
        ? { ok: false, found: `head is ${age} s old` }
        : { ok: true, detail: { head: Number(block.number) } };
    },
  };
}
