import type { Address, Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import type { MemberSignature } from "../../../core/index.ts";

/** A member's signature over five others. */
export type SignedReplacement = MemberSignature & {
  digest: Hex;
  members: Address[];
  number: number;
  expiresAt: number;
  at: number;
};

type Row = Omit<SignedReplacement, "expiresAt"> & { expires_at: number };

/** What was signed for this number and is not over at `now`, in the order in which it came. */
export async function signedReplacements(
  db: Executor,
  number: number,
  now: number,
): Promise<SignedReplacement[]> {
  const found = await rows<Row>(
    db,
    sql`select digest, member, members, number, expires_at, signature, at from markets.replacements
      where number = ${number} and expires_at >= ${now} order by at, digest, member`,
  );
  return found.map(({ expires_at: expiresAt, ...row }) => ({ ...row, expiresAt }));
}

/** In the place of what the same member signed before: a Safe whose owners changed signs anew. */
export async function keepReplacement(tx: Executor, signed: SignedReplacement): Promise<void> {
  const { digest, member, members, number, expiresAt, signature, at } = signed;
  await sql`insert into markets.replacements (digest, member, number, members, expires_at, signature, at)
    values (${digest}, ${member}, ${number}, ${members}::text[], ${expiresAt}, ${signature}, ${at})
    on conflict (digest, member) do update set signature = excluded.signature, at = excluded.at`.execute(tx);
}

/** How many other changes with this number a member has signed that are not over. */
export async function otherReplacementsOf(
  tx: Executor,
  { member, number, digest }: Pick<SignedReplacement, "member" | "number" | "digest">,
  now: number,
): Promise<number> {
  const found = await one<{ count: number }>(
    tx,
    sql`select count(*)::int as count from markets.replacements
      where member = ${member} and number = ${number} and digest <> ${digest} and expires_at >= ${now}`,
  );
  return found?.count ?? 0;
}

/** Whose time is over counts no more. @param before unix seconds */
export const forgetReplacements = (db: Executor, before: number): Promise<unknown> =>
  sql`delete from markets.replacements where expires_at < ${before}`.execute(db);
