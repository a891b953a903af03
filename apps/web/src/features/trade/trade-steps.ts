import { t } from "@lingui/core/macro";
import type { OutcomeSide } from "@sooth/markets/core";
import { api } from "../../api.ts";
import { callSteps } from "../steps/call-steps.ts";
import type { Step } from "../steps/use-steps.ts";
import type { Wallet } from "../wallet/wallet-context.tsx";

export type Order = { question: string; outcome: number; side: OutcomeSide; amount: bigint; price: number };

/** What its maker does for an order: sends the allowance that is missing, signs, and hands it in. */
export async function orderSteps(wallet: Wallet, wanted: Order, maker: string): Promise<Step[]> {
  const asked = { ...wanted, amount: String(wanted.amount), maker };
  const { order, typedData, calls } = await api.prepareOutcomeOrder(asked);
  const isWanted = order.side === asked.side && order.amount === asked.amount && order.price === asked.price;
  if (!isWanted) throw new Error("the order that was prepared is another than was asked for");
  let signature = "";
  return [
    ...callSteps(wallet, calls),
    {
      title: t`Sign the order`,
      run: async (onState) => {
        onState("signing");
        signature = await wallet.sign(typedData);
      },
    },
    {
      title: t`Hand it in`,
      run: async (onState) => {
        onState("working");
        await api.postOutcomeOrder({ order, signature });
      },
    },
  ];
}

export type SetsWanted = {
  does: "split" | "merge" | "redeem" | "splitAll" | "mergeAll" | "convert";
  outcome: number;
  amount?: bigint;
  /** To convert. */
  outcomes?: number[];
};

export async function setsSteps(
  wallet: Wallet,
  id: string,
  { does, outcome, amount, outcomes }: SetsWanted,
  owner: string,
): Promise<Step[]> {
  const { calls } = await api.prepareOutcomeSets({
    id,
    owner,
    does,
    outcome,
    ...(amount !== undefined && { amount: String(amount) }),
    ...(outcomes !== undefined && { outcomes }),
  });
  return callSteps(wallet, calls);
}

export const cancelSteps = async (wallet: Wallet, orders: string[], maker: string): Promise<Step[]> =>
  callSteps(wallet, (await api.prepareOutcomeCancel({ maker, orders })).calls);
