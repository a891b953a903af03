import type { BlockRef } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { counter } from "@sooth/runtime";
import { rows, sql, type Store } from "@sooth/store";
import { UNDER_WAY_SECONDS } from "../../core/index.ts";
import { eraseIn } from "./store.ts";
import { heldBy } from "./erasure-rows.ts";

const erased = counter("content_erased_total", "Texts erased because who staked with them first asked");

/** After one block; the others wait for the next. */
const LIMIT = 100;

/**
 * Erases what somebody asked to have erased, once every market that it waits for has ended: until then providers and jurors read it, and
 * whoever is about to lose could else make the answer less sure than its terms want. By the clock of the last block that was
 * followed, so that no stake that was on its way is missed.
 */
export async function eraseAsked(store: Store, { timestamp }: Pick<BlockRef, "timestamp">): Promise<number> {
  return store.transaction(async (tx) => {
    // Taken back in this very moment it is passed over, or too late.
    const due = await rows<{ sha256: Hex; sheet: boolean }>(
      tx,
      sql`select e.sha256, exists (select 1 from markets.contents c where c.sha256 = e.sha256 and c.kind = 'sheet') as sheet
        from markets.erasures e where e.asked_at + ${UNDER_WAY_SECONDS} <= ${timestamp} and not exists (select 1 ${heldBy})
        order by e.asked_at limit ${LIMIT} for update of e skip locked`,
    );
    for (const { sha256, sheet } of due) {
      // Handed over since, by a provider: his labels are nobody's opinion.
      if (sheet) await sql`delete from markets.erasures where sha256 = ${sha256}`.execute(tx);
      else await eraseIn(tx, sha256);
    }
    const texts = due.filter(({ sheet }) => !sheet).length;
    erased.inc(texts);
    return texts;
  });
}
