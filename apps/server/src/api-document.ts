import { chainById, computeAddresses, localParams, openChain } from "@sooth/chain";
import * as bundleShapes from "@sooth/bundles/core";
import * as marketShapes from "@sooth/markets/core";
import * as notificationShapes from "@sooth/notifications/core";
import * as oracleShapes from "@sooth/oracle/core";
import { openBeacon } from "@sooth/randomness";
import * as sessionShapes from "@sooth/sessions/core";
import { createApp, LiveHub, logger, nameSchemas, openApiDocument } from "@sooth/runtime";
import { LIVE_TOPICS, openStore } from "@sooth/store";
import { loadConfig } from "./config.ts";
import { networkRoute } from "./network-route.ts";
import { SLICES } from "./slices.ts";

/** Nobody listens there: neither the pool nor the client connects before the first question. */
const NOWHERE = "127.0.0.1:1";

/** The API's OpenAPI document. Routes are described here and never called. */
export async function buildApiDocument(): Promise<object> {
  const log = logger("api-document");
  const config = loadConfig({});
  const store = openStore({ url: `postgres://nobody@${NOWHERE}/none` });
  const hub = openChain({ definition: chainById(config.HUB_CHAIN_ID), rpcUrls: [`http://${NOWHERE}`], log });
  const addresses = computeAddresses(localParams);
  const beacon = openBeacon(hub, addresses, config);
  for (const shapes of [sessionShapes, oracleShapes, marketShapes, bundleShapes, notificationShapes])
    nameSchemas(shapes);
  const live = new LiveHub({ topics: LIVE_TOPICS });
  const app = await createApp({ log, version: config.SOOTH_VERSION, live });
  for (const slice of SLICES) slice.routes(app, { config, store, hub, rollups: [], addresses, beacon, log });
  const network = { hub, rollups: [], addresses, startBlock: 0, rollupStarts: new Map<number, number>() };
  const facts = { devAccounts: [], testAccount: null, sourceTemplates: [] };
  networkRoute(app, { config, network, facts, keys: { providers: [], bundlers: [] } });
  await app.ready();
  const document = openApiDocument(app);
  await Promise.all([app.close(), store.close(), hub.close()]);
  return document;
}
