import { type HDAccount } from "viem/accounts";
import { type App, createApp, logger } from "@sooth/runtime";
import { sessions } from "@sooth/sessions";
import { signInMessage, wireNonce } from "@sooth/sessions/core";
import { migrate } from "@sooth/store";
import { markets, marketsConfig } from "../src/index.ts";
import { addresses, type Ledger } from "./ledger.ts";

const HOST = "localhost:3000";
const ORIGIN = `http://${HOST}`;
/** What a page of ours sends with everything. */
export const PAGE = { host: HOST, origin: ORIGIN, "sec-fetch-site": "same-origin" };

/** The markets and sign-in of a ledger, as a server has them. @param over what its configuration says besides the defaults */
export async function appOf({ store, hub }: Ledger, over: Record<string, string>): Promise<App> {
  await migrate(store, [sessions.migrations]);
  const log = logger("signed-in-test");
  const app = await createApp({ log, version: "test" });
  const config = { ...marketsConfig.parse(over), SESSIONS_ORIGINS: [] };
  sessions.routes(app, { store, hub, config });
  markets.routes(app, {
    store,
    // A reading of the clock is held for a moment, for the chain that it was read from: here it is another one each time.
    get hub() {
      return { ...hub };
    },
    addresses,
    config,
    log,
  });
  await app.ready();
  return app;
}

/** The cookie of somebody who signed in with this account. */
export async function cookieOf(app: App, account: HDAccount, chainId: number): Promise<string> {
  const given = await app.inject({ method: "POST", url: "/v1/session/nonce", headers: PAGE });
  const { nonce, issuedAt } = wireNonce.parse(given.json());
  const message = signInMessage({ address: account.address, chainId, origin: ORIGIN, nonce, issuedAt });
  const signature = await account.signMessage({ message });
  const entered = await app.inject({
    method: "POST",
    url: "/v1/session",
    headers: PAGE,
    payload: { message, signature },
  });
  const [cookie = ""] = String(entered.headers["set-cookie"]).split(";");
  return cookie;
}
