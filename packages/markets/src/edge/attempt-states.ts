import { type OutboxStatus, transactionStatuses } from "@sooth/chain";
import type { Executor } from "@sooth/store";
import type { ClaimState } from "../core/index.ts";

/** Plans with what the outbox says, asking it for no more transactions than the plan comes to. */
export async function withStates<Plan>(
  db: Executor,
  planWith: (stateOf: (key: string) => ClaimState) => Plan,
): Promise<Plan> {
  const states = new Map<string, ClaimState>();
  for (;;) {
    const asked = new Set<string>();
    const plan = planWith((key) => {
      const state = states.get(key);
      if (state === undefined) asked.add(key);
      return state ?? "waiting";
    });
    if (asked.size === 0) return plan;
    const known = await transactionStatuses(db, [...asked]);
    for (const key of asked) states.set(key, stateOf(known.get(key)));
  }
}

function stateOf(transaction: OutboxStatus | undefined): ClaimState {
  switch (transaction?.status) {
    case undefined:
      return "unknown";
    case "failed":
      return "failed";
    case "mined":
    case "final":
      return "mined";
    default:
      return "waiting";
  }
}
