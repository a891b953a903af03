import type { Address } from "@sooth/kernel";
import { isStaker } from "@sooth/oracle";
import { type Executor, one, sql } from "@sooth/store";

/** Whether a wallet has put something in here, a stake in a market or behind answers: by the thousand that is dear. */
export async function isInvested(db: Executor, wallet: Address): Promise<boolean> {
  const own = wallet.toLowerCase() as Address;
  const found = await one<{ any: boolean }>(
    db,
    sql`select exists (select 1 from markets.positions where owner = ${own})
      or exists (select 1 from markets.opinions where owner = ${own}) as any`,
  );
  return (found?.any ?? false) || isStaker(db, own);
}
