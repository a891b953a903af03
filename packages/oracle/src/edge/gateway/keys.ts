import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import type { z } from "zod";
import {
  DAY,
  GatewayError,
  keyFault,
  keyName,
  keyText,
  type KeyScope,
  MOST_DAYS,
  MOST_GRACE_SECONDS,
  readKey,
  secretHash,
  USUAL_DAYS,
  USUAL_GRACE_SECONDS,
  type wireApiKey,
} from "../../core/index.ts";

export type ApiKey = z.infer<typeof wireApiKey>;
/** What an operator may grant beyond what every key has. */
export type KeyAllowance = { perSecond: number | null; burst: number | null; streams: number | null };
export type StoredKey = ApiKey & KeyAllowance & { hash: Hex };
export type NewKey = {
  owner: string | null;
  name: string;
  scopes: readonly KeyScope[];
  /** Unix seconds by the server's clock; the usual time when not given. */
  expiresAt?: number;
} & Partial<KeyAllowance>;
/** A key at the only moment at which its text is known. */
export type IssuedKey = { text: string; key: ApiKey };

const columns = sql`id, secret_hash as hash, owner, name, scopes, per_second as "perSecond", burst, streams,
  created_at as "createdAt", expires_at as "expiresAt", revoked_at as "revokedAt", replaced_by as "replacedBy",
  last_used_at as "lastUsedAt"`;
/** A key's last use is known to the minute: writing it down for every request would cost more than the request. */
const USE_SECONDS = 60;

/** @throws gateway.bad_key_terms */
export async function createKey(db: Executor, wanted: NewKey, now: number): Promise<IssuedKey> {
  const expiresAt = wanted.expiresAt ?? now + USUAL_DAYS * DAY;
  if (expiresAt <= now || expiresAt > now + MOST_DAYS * DAY)
    throw GatewayError.bad_key_terms({ what: `it ends between now and ${MOST_DAYS} days from now` });
  if (wanted.scopes.length === 0) throw GatewayError.bad_key_terms({ what: "it is good for nothing" });
  if (!keyName.safeParse(wanted.name).success)
    throw GatewayError.bad_key_terms({ what: "its name is letters, digits, spaces, dots and dashes" });
  const secret: Hex = `0x${randomBytes(32).toString("hex")}`;
  const id = randomBytes(6).toString("hex");
  const { perSecond = null, burst = null, streams = null } = wanted;
  const stored = await one<StoredKey>(
    db,
    sql`insert into oracle.api_keys (id, secret_hash, owner, name, scopes, per_second, burst, streams, created_at, expires_at)
      values (${id}, ${secretHash(secret)}, ${wanted.owner?.toLowerCase() ?? null}, ${wanted.name},
        ${[...new Set(wanted.scopes)]}::text[], ${perSecond}, ${burst}, ${streams}, ${now}, ${expiresAt})
      returning ${columns}`,
  );
  if (!stored) throw GatewayError.bad_key_terms({ what: "it could not be stored" });
  return { text: keyText(id, secret), key: shown(stored) };
}

/** A new key with the terms of `id`, which is good for `graceSeconds` more. @throws gateway.unknown_key, gateway.bad_key_terms */
export async function rotateKey(
  tx: Executor,
  o: { id: string; owner?: string; graceSeconds?: number },
  now: number,
): Promise<IssuedKey> {
  const { graceSeconds = USUAL_GRACE_SECONDS } = o;
  if (graceSeconds < 0 || graceSeconds > MOST_GRACE_SECONDS)
    throw GatewayError.bad_key_terms({ what: `the old one stays good for ${MOST_GRACE_SECONDS} s at most` });
  const old = await heldKey(tx, o.id, o.owner);
  if (keyFault(old, now) !== null || old.replacedBy !== null) throw GatewayError.unknown_key({ key: o.id });
  const issued = await createKey(
    tx,
    {
      ...old,
      scopes: old.scopes as KeyScope[],
      // As long as the first one was to live.
      expiresAt: now + (old.expiresAt - old.createdAt),
    },
    now,
  );
  await sql`update oracle.api_keys set replaced_by = ${issued.key.id}, expires_at = least(expires_at, ${now + graceSeconds})
    where id = ${o.id}`.execute(tx);
  return issued;
}

/** At once and for ever; revoking twice changes nothing. @throws gateway.unknown_key */
export async function revokeKey(
  db: Executor,
  o: { id: string; owner?: string },
  now: number,
): Promise<ApiKey> {
  await heldKey(db, o.id, o.owner);
  const revoked = await one<StoredKey>(
    db,
    sql`update oracle.api_keys set revoked_at = coalesce(revoked_at, ${now}) where id = ${o.id} returning ${columns}`,
  );
  if (!revoked) throw GatewayError.unknown_key({ key: o.id });
  return shown(revoked);
}

/** Newest first; those of one wallet, or all. */
export async function listKeys(db: Executor, owner?: string): Promise<ApiKey[]> {
  const found = await rows<StoredKey>(
    db,
    sql`select ${columns} from oracle.api_keys
      where ${owner === undefined ? sql`true` : sql`owner = ${owner.toLowerCase()}`}
      order by created_at desc, id limit 1000`,
  );
  return found.map(shown);
}

/**
 * Who shows this key. Wrong secrets and unknown keys get one answer, in one time; that a key expired is told to nobody
 * but its holder. @throws gateway.bad_key, gateway.key_expired, gateway.key_revoked
 */
export async function openKey(db: Executor, text: string, now: number): Promise<StoredKey> {
  const read = readKey(text);
  if (!read) throw GatewayError.bad_key(undefined);
  const found = await keyById(db, read.id);
  const same = sameHash(secretHash(read.secret), found?.hash ?? NO_HASH);
  if (!found || !same) throw GatewayError.bad_key(undefined);
  switch (keyFault(found, now)) {
    case "revoked":
      throw GatewayError.key_revoked({ key: found.id, revokedAt: found.revokedAt ?? now });
    case "expired":
      throw GatewayError.key_expired({ key: found.id, expiredAt: found.expiresAt });
    case null:
  }
  if (found.lastUsedAt === null || found.lastUsedAt <= now - USE_SECONDS)
    await sql`update oracle.api_keys set last_used_at = ${now}
      where id = ${found.id} and (last_used_at is null or last_used_at < ${now})`.execute(db);
  return found;
}

/** Looked at where there is no key, so that its absence takes as long as its presence. */
const NO_HASH: Hex = `0x${"00".repeat(32)}`;

/** Whether two hashes are the same, in a time that does not tell how much of them is. */
export const sameHash = (a: Hex, b: Hex): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a.slice(2), "hex"), Buffer.from(b.slice(2), "hex"));

const keyById = (db: Executor, id: string): Promise<StoredKey | undefined> =>
  one<StoredKey>(db, sql`select ${columns} from oracle.api_keys where id = ${id}`);

/** @throws gateway.unknown_key also when it is somebody else's */
async function heldKey(db: Executor, id: string, owner: string | undefined): Promise<StoredKey> {
  const found = await keyById(db, id);
  if (!found || (owner !== undefined && found.owner !== owner.toLowerCase()))
    throw GatewayError.unknown_key({ key: id });
  return found;
}

const shown = (key: StoredKey): ApiKey => {
  const { id, owner, name, scopes, createdAt, expiresAt, revokedAt, replacedBy, lastUsedAt } = key;
  return { id, owner, name, scopes, createdAt, expiresAt, revokedAt, replacedBy, lastUsedAt };
};
