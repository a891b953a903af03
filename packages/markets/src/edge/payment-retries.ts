import type { Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import { ATTEMPTS } from "../core/index.ts";

/** How many attempts a payment has, by the key of its first: more where a person granted them. */
export type AttemptsOf = (key: string) => number;

/** Of payments of these markets. */
export async function attemptsIn(db: Executor, markets: readonly Hex[]): Promise<AttemptsOf> {
  const found = await rows<{ key: string; granted: number }>(
    db,
    sql`select key, granted from markets.payment_retries where market = any(${[...markets]}::text[])`,
  );
  const granted = new Map(found.map((row) => [row.key, row.granted]));
  return (key) => ATTEMPTS + (granted.get(key) ?? 0);
}

/** Grants a payment as many attempts again, unless it has more than those that `used` says were made: somebody else granted them. */
export const grantAttempts = async (
  db: Executor,
  { key, market, used }: { key: string; market: Hex; used: number },
): Promise<void> => {
  await sql`insert into markets.payment_retries (key, market, granted) values (${key}, ${market}, ${ATTEMPTS})
    on conflict (key) do update set granted = payment_retries.granted + ${ATTEMPTS}, changed_at = now()
      where payment_retries.granted + ${ATTEMPTS} <= ${used}`.execute(db);
};
