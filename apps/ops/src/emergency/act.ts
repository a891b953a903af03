import { guardAbi, oracleAbi, policyAbi, settlerAbi } from "@sooth/abi";
import { type Addresses, type Chain, revertOf, walletOf } from "@sooth/chain";
import { type Hex, sameAddress } from "@sooth/kernel";
import { encodeFunctionData, type LocalAccount } from "viem";
import { OpsError } from "../ops-error.ts";
import { type Entry, writeEntry } from "./record.ts";

/** Where somebody sits who acts in an emergency: one chain, one key, one file that remembers. */
export type Desk = {
  hub: Chain;
  addresses: Addresses;
  account: LocalAccount;
  who: string;
  /** See record.ts. */
  file: string;
};
export type Step = { action: string; to: Hex; data: Hex };
export type Done = { transaction: Hex; block: number; at: number };

const MOST_HELD = 200;
const RECEIPT_POLL_MS = 200;
const RECEIPT_MS = 180_000;

/* STEPS */

export const pauseStep = (addresses: Addresses, seconds: number): Step => ({
  action: `pause for ${seconds} s`,
  to: addresses.guard,
  data: encodeFunctionData({ abi: guardAbi, functionName: "pause", args: [seconds] }),
});

/** A transaction for each 200. What is final, or held already, is passed over by the contract. */
export const holdSteps = (addresses: Addresses, ids: readonly Hex[]): Step[] =>
  Array.from({ length: Math.ceil(ids.length / MOST_HELD) }, (_, place) => {
    const some = ids.slice(place * MOST_HELD, (place + 1) * MOST_HELD);
    return {
      action: `hold ${some.length} answers`,
      to: addresses.oracle,
      data: encodeFunctionData({ abi: oracleAbi, functionName: "hold", args: [some] }),
    };
  });

/* REFUSALS */

/** A key or an address book of another chain must not come as far as a signature. @throws ops.wrong_chain */
export async function requireChain({ hub, addresses }: Pick<Desk, "hub" | "addresses">): Promise<void> {
  const wanted = hub.definition.id;
  const found = await hub.client.getChainId();
  if (found !== wanted) throw OpsError.wrong_chain({ wanted, found });
  const code = await hub.client.getCode({ address: addresses.guard });
  if (code === undefined || code === "0x")
    throw OpsError.no_guard({ chainId: wanted, guard: addresses.guard });
}

/** @throws ops.not_guardian */
export async function requireGuardian({ hub, addresses, account }: Desk): Promise<void> {
  const guardian = await hub.client.readContract({
    address: addresses.policy,
    abi: policyAbi,
    functionName: "guardian",
  });
  if (!sameAddress(guardian, account.address))
    throw OpsError.not_guardian({ account: account.address, guardian });
}

/* SENDING */

/** Whether it would go through now. What would not is remembered too: it was tried. @throws ops.refused */
export async function rehearse(desk: Desk, step: Step, why: string): Promise<void> {
  const { hub, account } = desk;
  try {
    await hub.client.call({ account: account.address, to: step.to, data: step.data });
  } catch (error) {
    const revert = revertOf(error, [...guardAbi, ...oracleAbi, ...settlerAbi]);
    if (revert === null) throw error;
    await remember(desk, step, why, { state: "refused", transaction: null, block: null, error: revert.text });
    throw OpsError.refused({ action: step.action, error: revert.text, sent: [] }, { cause: error });
  }
}

/** Sends it and waits until it is in a block. @throws ops.refused, ops.reverted */
export async function perform(desk: Desk, step: Step, why: string): Promise<Done> {
  await rehearse(desk, step, why);
  const { hub, account } = desk;
  const transaction = await walletOf(hub, account).sendTransaction({ to: step.to, data: step.data });
  await remember(desk, step, why, { state: "sent", transaction, block: null, error: null });
  const receipt = await hub.client.waitForTransactionReceipt({
    hash: transaction,
    pollingInterval: RECEIPT_POLL_MS,
    timeout: RECEIPT_MS,
  });
  const ok = receipt.status === "success";
  const block = Number(receipt.blockNumber);
  await remember(desk, step, why, { state: ok ? "mined" : "reverted", transaction, block, error: null });
  if (!ok) throw OpsError.reverted({ purpose: step.action, transaction });
  const { timestamp } = await hub.client.getBlock({ blockNumber: receipt.blockNumber });
  return { transaction, block, at: Number(timestamp) };
}

async function remember(
  { hub, account, who, file }: Desk,
  { action, to, data }: Step,
  why: string,
  outcome: Pick<Entry, "state" | "transaction" | "block" | "error">,
): Promise<void> {
  writeEntry(file, {
    at: new Date().toISOString(),
    chainTime: await hub.now(),
    chainId: hub.definition.id,
    who,
    account: account.address,
    action,
    why,
    to,
    data,
    ...outcome,
  });
}
