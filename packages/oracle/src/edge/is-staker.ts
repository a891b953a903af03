import type { Address } from "@sooth/kernel";
import { type Executor, one, sql } from "@sooth/store";

/** Whether a wallet has a stake behind answers, or had one. */
export const isStaker = async (db: Executor, wallet: Address): Promise<boolean> =>
  (await one(db, sql`select 1 from oracle.providers where owner = ${wallet.toLowerCase()}`)) !== undefined;
