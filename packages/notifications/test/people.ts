import { bundles } from "@sooth/bundles";
import { type Chain, chainById, chainMigrations } from "@sooth/chain";
import { devAccount } from "@sooth/chain/local-node";
import type { Address, UnixSeconds } from "@sooth/kernel";
import { markets } from "@sooth/markets";
import { oracle } from "@sooth/oracle";
import { type App, createApp, logger } from "@sooth/runtime";
import { sessions } from "@sooth/sessions";
import { signInMessage, wireNonce } from "@sooth/sessions/core";
import { migrate, openStore, sql, type Store } from "@sooth/store";
import { testDatabase } from "@sooth/store/embedded";
import { randomBytes } from "node:crypto";
import { notifications, notificationsConfig } from "../src/index.ts";

const HUB = 31_337;
const HOST = "localhost:3000";
export const ORIGIN = `http://${HOST}`;
/** What a page of ours sends with everything. */
const PAGE = { host: HOST, origin: ORIGIN, "sec-fetch-site": "same-origin" };
const LATER = 9_000_000_000;

/** A server with sign-in and notifications, its tables, a chain's clock that tests set, and wallets that have news. */
export type People = {
  store: Store;
  app: App;
  clock: { now: number };
  /** Signs the n-th wallet in, once more each time. */
  signIn(index: number): Promise<{ wallet: Address; cookie: string }>;
  ask(
    method: "GET" | "PUT" | "POST" | "DELETE",
    url: string,
    cookie?: string,
    payload?: object,
  ): Promise<Answer>;
  /** A market that the wallet has a stake in, which closes then: the wallet is told that it does. */
  closes(wallet: Address, at: number, title?: string): Promise<string>;
  /** A bundle of the wallet's that is past its deadline, and is its own to call off from then on: that cannot wait. */
  isDue(wallet: Address, at: number): Promise<void>;
  /** What the worker does after a block; `everybody`: each wallet is looked at again at once. */
  sweep(o?: { everybody: boolean }): Promise<void>;
  close(): Promise<void>;
};
export type Answer = {
  status: number;
  code: string | undefined;
  body: unknown;
  headers: Record<string, unknown>;
};

export async function openPeople(settings: Record<string, string>): Promise<People> {
  const database = await testDatabase();
  const store = openStore({ url: database.url, max: 8 });
  await migrate(store, [
    chainMigrations,
    sessions.migrations,
    oracle.migrations,
    bundles.migrations,
    markets.migrations,
    notifications.migrations,
  ]);
  const clock = { now: 1_800_000_000 };
  const chain = { definition: chainById(HUB), now: async () => clock.now as UnixSeconds } as Chain;
  const log = logger("notifications-test");
  const config = { ...notificationsConfig.parse(settings), SESSIONS_ORIGINS: [] };
  const deps = {
    store,
    config,
    log,
    // A reading of the clock is held for a moment, for the chain that it was read from: here it is another one each time.
    get hub() {
      return { ...chain };
    },
  };
  const app = await createApp({ log, version: "test" });
  sessions.routes(app, { store, hub: chain, config });
  notifications.routes(app, deps);
  await app.ready();
  const ask: People["ask"] = async (method, url, cookie, payload) => {
    const headers = { ...PAGE, ...(cookie !== undefined && { cookie }) };
    const answer = await app.inject({ method, url, headers, ...(payload && { payload }) });
    const body: unknown = answer.body === "" ? null : answer.json();
    return {
      status: answer.statusCode,
      code: (body as { error?: { code?: string } } | null)?.error?.code,
      body,
      headers: answer.headers,
    };
  };
  return {
    store,
    app,
    clock,
    ask,
    async signIn(index) {
      const account = devAccount(index);
      const { nonce, issuedAt } = wireNonce.parse((await ask("POST", "/v1/session/nonce")).body);
      const message = signInMessage({
        address: account.address,
        chainId: HUB,
        origin: ORIGIN,
        nonce,
        issuedAt,
      });
      const entered = await ask("POST", "/v1/session", undefined, {
        message,
        signature: await account.signMessage({ message }),
      });
      const [cookie = ""] = String(entered.headers["set-cookie"]).split(";");
      return { wallet: account.address.toLowerCase() as Address, cookie };
    },
    async closes(wallet, at, title = "Will it rain tomorrow?") {
      const id = `0x${randomBytes(32).toString("hex")}`;
      await sql`insert into markets.markets (id, chain_id, question, creator, closes_at, fee_bps, outcomes, cuts, kind, title,
          labels, search, opened_at, opened_block, opened_log, opened_tx, pools, ends_at)
        values (${id}, ${HUB}, ${id}, ${wallet}, ${at}, 0, 2, '{}', 'binary', ${title}, '{No,Yes}', '', 0, 0, 0, ${id}, '{0,0}',
          ${LATER})`.execute(store.db);
      await sql`insert into markets.positions (market, outcome, owner, staked) values (${id}, 0, ${wallet}, 1)`.execute(
        store.db,
      );
      return id;
    },
    async isDue(wallet, at) {
      const id = `0x${randomBytes(32).toString("hex")}`;
      await sql`insert into bundles.bundles (id, chain_id, owner, mode, legs, deadline, legs_hash, signed_fee, fee, salt, base,
          opened_at, opened_block, opened_log, opened_tx)
        values (${id}, ${HUB}, ${wallet}, 'ordered', 1, ${at - 600}, ${id}, 0, 0, 0, 1, 0, 0, 0, ${id})`.execute(
        store.db,
      );
    },
    async sweep({ everybody } = { everybody: true }) {
      if (everybody) await sql`update notifications.readers set looked_at = 0`.execute(store.db);
      await notifications.sweep(deps, { chainId: HUB, number: 1, hash: "0x", timestamp: clock.now } as never);
    },
    async close() {
      await app.close();
      await store.close();
      await database.drop();
    },
  };
}
