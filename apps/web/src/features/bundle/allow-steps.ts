import { escrowPartiesOf } from "@sooth/bundles/core";
import { sameAddress } from "@sooth/kernel";
import { encodeFunctionData, erc20Abi, type Hex } from "viem";
import type { BundleDetail } from "../../api.ts";
import { callSteps } from "../steps/call-steps.ts";
import type { Step } from "../steps/use-steps.ts";
import type { Wallet } from "../wallet/wallet-context.tsx";

/** What the escrow is to take from one payer on one chain. */
export type Due = { chainId: number; token: string; amount: bigint; places: number[] };

/** The legs of a bundle that this account has yet to pay, a sum for each token and chain. */
export function duesOf({ shown }: Pick<BundleDetail, "shown">, payer: string): Due[] {
  const dues = new Map<string, Due>();
  for (const { place, leg, state } of shown) {
    const parties = leg?.kind === "escrow" ? escrowPartiesOf({ data: leg.data as Hex }) : null;
    if (!leg || !parties || state !== "none" || !sameAddress(parties.payer, payer)) continue;
    const key = `${leg.chainId} ${leg.target.toLowerCase()}`;
    const { amount = 0n, places = [] } = dues.get(key) ?? {};
    dues.set(key, {
      chainId: leg.chainId,
      token: leg.target,
      amount: amount + BigInt(leg.value),
      places: [...places, place],
    });
  }
  return [...dues.values()];
}

/** Lets the escrow take what is due, where it may not take as much yet. */
export async function allowSteps(
  wallet: Pick<Wallet, "allowanceOn" | "send">,
  dues: readonly Due[],
  escrow: string,
  title: (chainId: number) => string,
): Promise<Step[]> {
  const allowed = await Promise.all(
    dues.map(({ chainId, token }) => wallet.allowanceOn(chainId, token, escrow)),
  );
  const calls = dues
    .filter(({ amount }, index) => (allowed[index] ?? 0n) < amount)
    .map(({ chainId, token, amount }) => ({
      chainId,
      to: token,
      data: encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [escrow as Hex, amount] }),
      value: "0",
      purpose: `Allow the escrow on ${title(chainId)} to take the tokens`,
    }));
  return callSteps(wallet, calls);
}
