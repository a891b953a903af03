import { t } from "@lingui/core/macro";
import type { Call } from "../../api.ts";
import type { Handed } from "../wallet/batches.ts";
import type { Wallet } from "../wallet/wallet-context.tsx";
import type { Step } from "./use-steps.ts";

/** MetaMask takes no more in one. */
const MOST_IN_A_BATCH = 10;

/**
 * Calls that the server prepared, as steps that the wallet signs and sends: as few as it can. Where it sends several as one
 * transaction, neighbours on one chain are one step; elsewhere each is one.
 */
export const callSteps = (wallet: Pick<Wallet, "account" | "sendAll">, calls: readonly Call[]): Step[] =>
  together(calls, wallet.account?.atomicOn ?? []).map((group) => {
    const handed: Handed = { sent: 0 };
    return { title: titleOf(group), run: (onState) => wallet.sendAll(group, onState, handed) };
  });

/** Neighbours on one of these chains, as many as wallets take in one. Exported for its test. */
export function together(calls: readonly Call[], atomicOn: readonly number[]): Call[][] {
  const groups: Call[][] = [];
  for (const call of calls) {
    const last = groups.at(-1);
    const joins =
      last?.[0]?.chainId === call.chainId && atomicOn.includes(call.chainId) && last.length < MOST_IN_A_BATCH;
    if (joins) last.push(call);
    else groups.push([call]);
  }
  return groups;
}

function titleOf(group: readonly Call[]): string {
  const [first = "", second = ""] = group.map(({ purpose }) => purpose);
  if (group.length < 2) return first;
  return group.length === 2
    ? t`${first}, then ${lowered(second)}, all in one`
    : t`${first}, and ${group.length - 1} more, all in one`;
}

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
