import { type HDAccount } from "viem/accounts";
import type { App } from "@sooth/runtime";
import { signInMessage, wireNonce } from "@sooth/sessions/core";

const HOST = "localhost:3000";
const ORIGIN = `http://${HOST}`;
/** What a page of ours sends with everything. */
export const PAGE = { host: HOST, origin: ORIGIN, "sec-fetch-site": "same-origin" };

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
