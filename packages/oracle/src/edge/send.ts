import { enqueueTransaction, type OutboxStatus, transactionStatus } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import { counter } from "@sooth/runtime";
import type { Executor } from "@sooth/store";
import type { WorkerDeps } from "./deps.ts";

const stepsTaken = counter("oracle_transactions_total", "Transactions put into the outbox", ["purpose"]);

/** What fails this often fails for a reason that time does not mend. */
const ATTEMPTS = 5;

const attemptKey = (key: string, attempt: number): string => (attempt === 1 ? key : `${key}:${attempt}`);

/** A transaction that is due. Its key names it for ever. */
export type Wanted = {
  key: string;
  to: Address;
  data: Hex;
  purpose: string;
  /** As the outbox has it: 0 when not given, 2 what nobody waits for. */
  priority?: 0 | 2;
};

/**
 * Asks for a transaction once. One that reverted, so that nothing came of it, is asked for anew, ATTEMPTS times in all.
 * @returns false when all of them failed
 */
export const send = (deps: Pick<WorkerDeps, "store" | "hub">, wanted: Wanted): Promise<boolean> =>
  deps.store.transaction((tx) => sendIn(tx, deps, wanted));

/** The same beside what else the transaction of the database writes. */
export async function sendIn(
  tx: Executor,
  { hub }: Pick<WorkerDeps, "hub">,
  wanted: Wanted,
): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const key = attemptKey(wanted.key, attempt);
    const { created } = await enqueueTransaction(tx, {
      ...wanted,
      key,
      priority: wanted.priority ?? 0,
      chainId: hub.definition.id,
    });
    if (created) stepsTaken.inc({ purpose: wanted.purpose });
    if (created || (await transactionStatus(tx, key))?.status !== "failed") return true;
  }
  return false;
}

/** How far the last of them is that was asked for under this key; undefined when none was. */
export async function sentStatus(db: Executor, key: string): Promise<OutboxStatus | undefined> {
  let last: OutboxStatus | undefined;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const found = await transactionStatus(db, attemptKey(key, attempt));
    if (!found) return last;
    if (found.status !== "failed") return found;
    last = found;
  }
  return last;
}
