import { createApp, logger, openApiDocument } from "@sooth/runtime";
import { networkRoute } from "./network-route.ts";
import type { RoleContext } from "./roles.ts";
import { SLICES, type Context } from "./slices.ts";

/** The API's OpenAPI document. Routes are only described here, never called, so nothing behind them is opened. */
export async function buildApiDocument(): Promise<object> {
  const app = await createApp({ log: logger("api-document"), version: "1", components: [] });
  const unopened = { config: {} } as Context & RoleContext;
  for (const slice of SLICES) slice.routes(app, unopened);
  networkRoute(app, unopened);
  await app.ready();
  const document = openApiDocument(app);
  await app.close();
  return document;
}
