import type { Hex } from "@sooth/kernel";
import { type Executor, one, sql } from "@sooth/store";
import { DisputeError, reasonComplaint, reasonHash } from "../core/index.ts";

/** Nobody objected with it in a day: it is nobody's reason. */
const UNUSED = "1 day";
/** As many unused texts are kept: posting is free, and a text takes up to 8 kB. Whoever objects needs his for a minute. */
const MOST_UNUSED = 4_096;

/**
 * Keeps the text of a reason, found by its hash; the same again changes nothing. What no dispute names is forgotten, see
 * {forgetReasons}. @throws dispute.bad_reason, dispute.reason_erased
 */
export async function keepReason(db: Executor, text: string): Promise<Hex> {
  const complaint = reasonComplaint(text);
  if (complaint !== null) throw DisputeError.bad_reason({ what: complaint });
  const hash = reasonHash(text);
  // The log of the dispute, or of the veto, may have been read before its text came.
  await sql`insert into oracle.reasons (hash, text, used)
    values (${hash}, ${text}, exists (select from oracle.disputes where reason = ${hash})
      or exists (select from oracle.vetoes where reason = ${hash}))
    on conflict (hash) do nothing`.execute(db);
  if ((await reasonText(db, hash)) === null) throw DisputeError.reason_erased({ reason: hash });
  return hash;
}

/** Somebody objected with it: it is kept, also when the log is taken back, for it mostly comes again. */
export const reasonWasUsed = (tx: Executor, hash: Hex) =>
  sql`update oracle.reasons set used = true where hash = ${hash}`.execute(tx);

/** Forgets texts that nobody objected with: those of a day ago, and the oldest when there are too many. */
export async function forgetReasons(db: Executor): Promise<void> {
  await sql`delete from oracle.reasons where not used and text is not null and (at < now() - ${UNUSED}::interval
    or at < (select at from oracle.reasons where not used and text is not null
      order by at desc offset ${MOST_UNUSED - 1} limit 1))`.execute(db);
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
