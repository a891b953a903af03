import { createECDH, createHash } from "node:crypto";
import type { Address } from "@sooth/kernel";
import { signedOutUpTo, standingSessions } from "@sooth/sessions";
import { type Executor, one, rows, sql, type Store } from "@sooth/store";
import type { z } from "zod";
import { NotificationError, type wireSubscription } from "../../core/index.ts";

/** Then the browser has to be opened here once, in seconds: subscriptions of browsers that nobody uses end by it. */
const SUBSCRIPTION_SECONDS = 90 * 86_400;
/** Of one wallet; one more ends the oldest. */
const MOST_BROWSERS = 10;

export type Subscription = z.infer<typeof wireSubscription>;
export type Browser = { id: number; endpoint: string; p256dh: string; auth: string; since: number };

/** Whether a push service of these lies at this address. `*.` stands for any name below. */
export function isService(endpoint: string, services: readonly string[]): boolean {
  const { origin, protocol, host, username, password } = new URL(endpoint);
  if (username !== "" || password !== "") return false;
  return services.some((service) => {
    const [scheme = "", name = ""] = service.split("://");
    return name.startsWith("*.")
      ? `${scheme}:` === protocol && host.endsWith(name.slice(1)) && host.length >= name.length
      : service === origin;
  });
}

/** A point on the curve P-256, uncompressed, and 16 bytes: with anything else the library would fail each time. */
export function needKeys({ keys }: Subscription): void {
  const point = Buffer.from(keys.p256dh, "base64url");
  const secret = Buffer.from(keys.auth, "base64url");
  if (point.length !== 65 || point[0] !== 4 || secret.length !== 16 || !isOnCurve(point))
    throw NotificationError.bad_subscription({});
}

function isOnCurve(point: Buffer): boolean {
  const pair = createECDH("prime256v1");
  pair.generateKeys();
  try {
    return pair.computeSecret(point).length > 0;
  } catch {
    return false;
  }
}

type Subscribing = {
  /** Of this server: the push service takes nothing that is signed with another. */
  publicKey: string;
  wallet: Address;
  session: { id: number; expiresAt: number };
  since: number;
  now: number;
};

/** Has this browser told. Of what happened up to `since` (chain's clock) it is not. */
export async function subscribe(store: Store, it: Subscription, o: Subscribing): Promise<void> {
  // With its keys: who knows another's address alone cannot take his place.
  const sha256 = createHash("sha256")
    .update(JSON.stringify([it.endpoint, it.keys.p256dh, it.keys.auth]))
    .digest("hex");
  await store.transaction(async (tx) => {
    await sql`insert into notifications.readers (wallet) values (${o.wallet}) on conflict do nothing`.execute(
      tx,
    );
    // A browser that signed in again goes on; one that changed hands begins anew, and what waits for it is dropped.
    await sql`delete from notifications.browsers
      where (sha256 = ${sha256} and wallet <> ${o.wallet}) or (session = ${o.session.id} and sha256 <> ${sha256})`.execute(
      tx,
    );
    await sql`insert into notifications.browsers
        (wallet, sha256, endpoint, p256dh, auth, public_key, session, session_ends, since, expires_at)
      values (${o.wallet}, ${sha256}, ${it.endpoint}, ${it.keys.p256dh}, ${it.keys.auth}, ${o.publicKey}, ${o.session.id},
        ${o.session.expiresAt}, ${o.since}, ${o.now + SUBSCRIPTION_SECONDS})
      on conflict (sha256) do update set session = excluded.session, session_ends = excluded.session_ends,
        expires_at = excluded.expires_at, public_key = excluded.public_key`.execute(tx);
    await sql`delete from notifications.browsers where id in (
      select id from notifications.browsers where wallet = ${o.wallet} order by id desc offset ${MOST_BROWSERS})`.execute(
      tx,
    );
  });
}

export async function unsubscribeBrowsers(
  db: Executor,
  wallet: Address,
  session: number | null,
): Promise<void> {
  await sql`delete from notifications.browsers
    where wallet = ${wallet} and ${session === null ? sql`true` : sql`session = ${session}`}`.execute(db);
}

export async function countBrowsers(
  db: Executor,
  { wallet, session, publicKey }: { wallet: Address; session: number; publicKey: string | null },
): Promise<{ browsers: number; here: boolean }> {
  const found = await one<{ browsers: number; here: boolean | null }>(
    db,
    sql`select count(*) as browsers, bool_or(session = ${session}) as here
      from notifications.browsers where wallet = ${wallet} and (public_key is null or public_key = ${publicKey})`,
  );
  return { browsers: found?.browsers ?? 0, here: found?.here ?? false };
}

/**
 * The browsers of a wallet that are to be told. Whoever signed out is told nothing more, and forgotten here; of a session that only
 * ran out its browser goes on being told, because a market may take longer than a week, until its wallet signs out everywhere. One
 * that subscribed to another key than the server's can be told nothing.
 */
export async function tellableBrowsers(
  db: Executor,
  wallet: Address,
  { now, publicKey }: { now: number; publicKey: string },
): Promise<Browser[]> {
  const found = await rows<
    Browser & { session: number; ends: number; expires: number; publicKey: string | null }
  >(
    db,
    sql`select id, endpoint, p256dh, auth, since, session, session_ends as ends, expires_at as expires, public_key as "publicKey"
      from notifications.browsers where wallet = ${wallet} order by id`,
  );
  const stands = await standingSessions(
    db,
    found.map(({ session }) => session),
  );
  const signedOut = await signedOutUpTo(db, wallet);
  const isEnded = (each: (typeof found)[number]) =>
    each.expires <= now ||
    each.session <= signedOut ||
    (each.ends > now && !stands.has(each.session)) ||
    (each.publicKey !== null && each.publicKey !== publicKey);
  const ended = found.filter(isEnded).map(({ id }) => id);
  if (ended.length > 0)
    await sql`delete from notifications.browsers where id = any(${ended}::bigint[])`.execute(db);
  return found.filter((each) => !isEnded(each));
}
