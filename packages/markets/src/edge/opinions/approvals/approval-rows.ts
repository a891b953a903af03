import type { Address, Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import type { MemberSignature } from "../../../core/index.ts";

export type SeatedCommittee = { members: Address[]; replacements: number };

/** Who sits now; undefined before the log of the first five was read. */
export async function seatedCommittee(db: Executor): Promise<SeatedCommittee | undefined> {
  const row = await one<{ members: Address[]; number: number }>(
    db,
    sql`select members, number from markets.committee order by number desc limit 1`,
  );
  return row && { members: row.members, replacements: row.number };
}

export type StoredApproval = MemberSignature & { digest: Hex; at: number };

/** What was handed over for any of these digests, whoever sits now. */
export const approvalsOf = (db: Executor, digests: readonly Hex[]): Promise<StoredApproval[]> =>
  digests.length === 0
    ? Promise.resolve([])
    : rows(
        db,
        sql`select digest, member, signature, at from markets.approvals
          where digest = any(${digests}::text[]) order by at, member`,
      );

export type NewApproval = Omit<StoredApproval, "at"> & { market: Hex; expiresAt: number; at: number };

/** False when this member's signature over this digest is there. */
export async function keepApproval(tx: Executor, approval: NewApproval): Promise<boolean> {
  const { digest, member, market, signature, expiresAt, at } = approval;
  const kept = await one(
    tx,
    sql`insert into markets.approvals (digest, member, market, signature, expires_at, at)
      values (${digest}, ${member}, ${market}, ${signature}, ${expiresAt}, ${at})
      on conflict (digest, member) do nothing returning 1`,
  );
  return kept !== undefined;
}

export const dropApproval = (
  db: Executor,
  { digest, member }: Pick<StoredApproval, "digest" | "member">,
): Promise<unknown> =>
  sql`delete from markets.approvals where digest = ${digest} and member = ${member}`.execute(db);

/** Whose time is over counts no more. @param before unix seconds */
export const forgetApprovals = (db: Executor, before: number): Promise<unknown> =>
  sql`delete from markets.approvals where expires_at < ${before}`.execute(db);

/** Ids of markets with a final answer that nobody scored, the longest waiting first. @param after the last of the page before */
export async function unscoredMarkets(
  db: Executor,
  now: number,
  { after, limit }: { after?: readonly [number, string] | undefined; limit: number },
): Promise<Hex[]> {
  const [finalAt, id] = after ?? [0, ""];
  const found = await rows<{ id: Hex }>(
    db,
    sql`select id from markets.opinion_markets
      where ending = 'none' and answer = 'answered' and final_at <= ${now} and (final_at, id) > (${finalAt}::bigint, ${id})
      order by final_at, id limit ${limit}`,
  );
  return found.map((row) => row.id);
}
