import { createHash, randomBytes } from "node:crypto";
import { type Address, need } from "@sooth/kernel";
import { type Executor, one, rows, sql, type Store } from "@sooth/store";
import { MOST_SESSIONS, NONCE_SECONDS, SESSION_SECONDS } from "../core/index.ts";

/** `id` names it among all that ever were; it opens nothing. */
export type Session = { id: number; address: Address; expiresAt: number };

/** 256 random bits need no salt and no slow hash: nobody can try them all. */
const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex");

export async function giveNonce(db: Executor, now: number): Promise<{ nonce: string; expiresAt: number }> {
  // Hex, because EIP-4361 lets nothing but letters and digits in.
  const nonce = randomBytes(16).toString("hex");
  const expiresAt = now + NONCE_SECONDS;
  await sql`insert into sessions.nonces (nonce, expires_at) values (${nonce}, ${expiresAt})`.execute(db);
  return { nonce, expiresAt };
}

/** False when it was not given here, was taken before, or is too old. Taken is taken, whatever comes of it. */
export async function takeNonce(db: Executor, nonce: string, now: number): Promise<boolean> {
  const taken = await one<{ good: boolean }>(
    db,
    sql`delete from sessions.nonces where nonce = ${nonce} returning expires_at > ${now} as good`,
  );
  return taken?.good ?? false;
}

/** A session and the token that opens it, which is told this once. Of one wallet the newest few stay. */
export async function openSession(
  store: Store,
  address: Address,
  now: number,
): Promise<Session & { token: string }> {
  const token = randomBytes(32).toString("base64url");
  const owner = address.toLowerCase() as Address;
  const expiresAt = now + SESSION_SECONDS;
  const id = await store.transaction(async (tx) => {
    const opened = await one<{ id: number }>(
      tx,
      sql`insert into sessions.sessions (token_sha256, address, created_at, expires_at)
        values (${hashOf(token)}, ${owner}, ${now}, ${expiresAt}) returning id`,
    );
    await sql`delete from sessions.sessions where id in (
      select id from sessions.sessions where address = ${owner} order by id desc offset ${MOST_SESSIONS})`.execute(
      tx,
    );
    return need(opened, "the session that was opened").id;
  });
  return { id, address: owner, expiresAt, token };
}

export const sessionBy = (db: Executor, token: string, now: number): Promise<Session | undefined> =>
  one<Session>(
    db,
    sql`select id, address, expires_at as "expiresAt" from sessions.sessions
      where token_sha256 = ${hashOf(token)} and expires_at > ${now}`,
  );

/** Which of these sessions nobody ended; whether they ran out is for the caller to say. */
export async function standingSessions(db: Executor, ids: readonly number[]): Promise<Set<number>> {
  const found = await rows<{ id: number }>(
    db,
    sql`select id from sessions.sessions where id = any(${[...ids]}::bigint[])`,
  );
  return new Set(found.map(({ id }) => id));
}

/** The last session of this wallet that was ended with all before it, also with those that had run out; 0: none. */
export const signedOutUpTo = async (db: Executor, wallet: Address): Promise<number> =>
  (
    await one<{ upTo: number }>(
      db,
      sql`select up_to as "upTo" from sessions.signed_out where address = ${wallet.toLowerCase()}`,
    )
  )?.upTo ?? 0;

/** Ends the session that this token opens, or all sessions of its wallet. */
export async function endSession(db: Executor, token: string, everywhere: boolean): Promise<void> {
  const own = sql`select address from sessions.sessions where token_sha256 = ${hashOf(token)}`;
  if (everywhere)
    await sql`insert into sessions.signed_out (address, up_to)
      select address, max(id) from sessions.sessions where address in (${own}) group by address
      on conflict (address) do update set up_to = excluded.up_to`.execute(db);
  await sql`delete from sessions.sessions
    where ${everywhere ? sql`address in (${own})` : sql`token_sha256 = ${hashOf(token)}`}`.execute(db);
}

/** Drops what opens nothing any more. */
export async function forgetExpired(db: Executor, now: number): Promise<void> {
  await sql`delete from sessions.sessions where expires_at <= ${now}`.execute(db);
  await sql`delete from sessions.nonces where expires_at <= ${now}`.execute(db);
}
