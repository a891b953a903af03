import { enqueueTransaction, transactionStatus } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import { counter } from "@sooth/runtime";
import type { WorkerDeps } from "./deps.ts";

const stepsTaken = counter("oracle_transactions_total", "Transactions put into the outbox", ["purpose"]);

/** What fails this often fails for a reason that time does not mend. */
const ATTEMPTS = 5;

/** Asks for a transaction once. One that reverted, so that nothing came of it, is asked for anew, ATTEMPTS times in all. */
export async function send(
  deps: Pick<WorkerDeps, "store" | "hub">,
  o: { key: string; to: Address; data: Hex; purpose: string },
): Promise<void> {
  await deps.store.transaction(async (tx) => {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const key = attempt === 1 ? o.key : `${o.key}:${attempt}`;
      const { created } = await enqueueTransaction(tx, {
        ...o,
        key,
        priority: 0,
        chainId: deps.hub.definition.id,
      });
      if (created) stepsTaken.inc({ purpose: o.purpose });
      if (created || (await transactionStatus(tx, key))?.status !== "failed") return;
    }
  });
}
