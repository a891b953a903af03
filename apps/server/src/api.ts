import { bundlesHealth } from "@sooth/bundles";
import type { Chain } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { markets, marketsOf } from "@sooth/markets";
import { lettersHealth } from "@sooth/notifications";
import { apiCallers, type Spoken } from "@sooth/oracle";
import { beaconHealth, openBeacon } from "@sooth/randomness";
import { createApp, serve } from "@sooth/runtime";
import { deskAnalystsOf } from "./analysts.ts";
import { healthComponents } from "./health.ts";
import { TAKE_UP } from "./jobs.ts";
import { openLiveEvents } from "./live-events.ts";
import { browserRollupUrls, browserRpcUrls, networkRoute } from "./network-route.ts";
import type { RoleContext } from "./roles.ts";
import { SLICES } from "./slices.ts";

/** HTTP: the slices' routes, the network's facts, live events, the web app. */
export async function startApi(role: RoleContext): Promise<void> {
  const { config, network, lifecycle, log } = role;
  const store = await role.store();
  const stop = new AbortController();
  const { live, over: listening } = await openLiveEvents(store, stop.signal);
  await lifecycle.add("live events", async () => async () => {
    stop.abort();
    await listening;
  });

  // The tables are there by now; what may be missing is a chain that answers.
  let answered = false;
  const asking = untilAnswered(network.hub, stop.signal).then((value) => (answered = value));
  await lifecycle.add("readiness", async () => async () => {
    stop.abort();
    await asking;
  });

  const beacon = openBeacon(network.hub, network.addresses, config);
  const queue = await role.queue();
  const app = await createApp({
    log,
    version: config.SOOTH_VERSION,
    corsOrigins: config.HTTP_CORS_ORIGINS,
    connectSources: [...browserRpcUrls(config), ...browserRollupUrls(config)],
    bodyLimitBytes: config.HTTP_BODY_LIMIT_BYTES,
    rateLimit: {
      max: config.HTTP_RATE_MAX,
      windowSeconds: config.HTTP_RATE_SECONDS,
      redisUrl: config.REDIS_URL,
    },
    callers: apiCallers(store, config),
    // Addresses, never `true`: whoever may say where he comes from has no limit at all.
    trustProxy: config.HTTP_TRUST_PROXY.length === 0 ? false : config.HTTP_TRUST_PROXY,
    ready: () => answered,
    components: [
      ...healthComponents({
        store,
        queue,
        chains: [network.hub, ...network.rollups],
        origins: config.PROVIDER_ALLOWED_ORIGINS,
      }),
      lettersHealth({ store }),
      beaconHealth({ hub: network.hub, addresses: network.addresses, beacon }),
      bundlesHealth({
        store,
        hub: network.hub,
        rollups: network.rollups,
        addresses: network.addresses,
      }),
    ],
    // Every shape is checked by tests; checking each answer of a hot route would cost a third of its rate.
    checkAnswers: "some",
    live,
    webApp:
      role.web === undefined
        ? undefined
        : {
            folder: role.web,
            tags: (page) => markets.previewTags(page, { store, hub: network.hub }),
            rows: (page) =>
              markets.firstRows(page, { store, hub: network.hub, addresses: network.addresses }),
          },
  });
  const context = {
    config,
    store,
    hub: network.hub,
    rollups: network.rollups,
    addresses: network.addresses,
    beacon,
    log,
    marketsOf: (question: Hex) => marketsOf(store.db, question),
    watchers: watchersOf(role),
    gatewayKey: role.keys.gateway,
    analysts: () => deskAnalystsOf(config, log),
    takeUpSoon: (spoken: Spoken) =>
      queue.send(store.db, TAKE_UP, spoken, { key: "question" in spoken ? spoken.question : spoken.feed }),
  };
  for (const slice of SLICES) slice.routes(app, context);
  networkRoute(app, role);

  await lifecycle.add("http", async () => {
    const served = await serve(app, {
      host: config.SOOTH_HOST,
      port: config.SOOTH_PORT,
      leadMs: config.HTTP_DRAIN_SECONDS * 1000,
    });
    role.onListening(served.url);
    return () => served.stop();
  });
}

/** Those that the configuration names, and the one that this process runs itself. */
const watchersOf = ({ config, keys }: RoleContext): Hex[] => [
  ...config.ORACLE_WATCHERS,
  ...(keys.watcher ? [keys.watcher.address.toLowerCase() as Hex] : []),
];

const ASK_AGAIN_MS = 500;

/** True once the chain has told its time; false when it was stopped before. */
async function untilAnswered(hub: Chain, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    try {
      await hub.now();
      return true;
    } catch {
      // The client has logged which URL failed and why; /ready stays 503 meanwhile.
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }
  return false;
}
