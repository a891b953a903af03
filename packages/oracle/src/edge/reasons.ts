import type { Hex } from "@sooth/kernel";
import { type Executor, one, sql } from "@sooth/store";
import { DisputeError, reasonComplaint, reasonHash } from "../core/index.ts";

/** Nobody objected with it in a day: it is nobody's reason. */
const UNUSED = "1 day";

/**
 * Keeps the text of a reason, found by its hash; the same again changes nothing. What belongs to no dispute is forgotten after
 * a day. @throws dispute.bad_reason, dispute.reason_erased
 */
export async function keepReason(db: Executor, text: string): Promise<Hex> {
  const complaint = reasonComplaint(text);
  if (complaint !== null) throw DisputeError.bad_reason({ what: complaint });
  const hash = reasonHash(text);
  await sql`delete from oracle.reasons r where r.at < now() - ${UNUSED}::interval and r.text is not null
    and not exists (select from oracle.disputes d where d.reason = r.hash)`.execute(db);
  await sql`insert into oracle.reasons (hash, text) values (${hash}, ${text})
    on conflict (hash) do update set at = now()`.execute(db);
  if ((await reasonText(db, hash)) === null) throw DisputeError.reason_erased({ reason: hash });
  return hash;
}

/** Null: it was never handed over here, or it was erased. */
export const reasonText = async (db: Executor, hash: string): Promise<string | null> =>
  (
    await one<{ text: string | null }>(
      db,
      sql`select text from oracle.reasons where hash = ${hash.toLowerCase()}`,
    )
  )?.text ?? null;

/** Forgets a text for good: it is not taken a second time. Its hash is on the chain and stays. */
export async function eraseReason(db: Executor, hash: string): Promise<boolean> {
  const erased = await one(
    db,
    sql`update oracle.reasons set text = null where hash = ${hash.toLowerCase()} and text is not null returning hash`,
  );
  return erased !== undefined;
}
