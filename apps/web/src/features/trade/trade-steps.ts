import { t } from "@lingui/core/macro";
import {
  orderFromWire,
  orderToWire,
  orderTypedData,
  type OrdersDomain,
  type OutcomeSide,
  type SetOrder,
} from "@sooth/markets/core";
import { api, type TypedData } from "../../api.ts";
import { callSteps } from "../steps/call-steps.ts";
import type { Step } from "../steps/use-steps.ts";
import type { Wallet } from "../wallet/wallet-context.tsx";

export type Order = {
  question: string;
  outcome: number;
  side: OutcomeSide;
  amount: bigint;
  price: number;
  /** Unix seconds: the last moment that its maker was shown. */
  expiresAt: number;
};
type Tools = {
  wallet: Pick<Wallet, "account" | "sendAll" | "sign">;
  api: Pick<typeof api, "prepareOutcomeOrder" | "postOutcomeOrder">;
  domain: OrdersDomain;
};

/**
 * What its maker does for an order: sends the allowance that is missing, signs, and hands it in. What is signed is made here of what
 * was asked: of the server's answer only the nonce is taken, and with a wrong one the order is worth nothing and costs nothing.
 */
export async function orderSteps(
  { wallet, api: { prepareOutcomeOrder, postOutcomeOrder }, domain }: Tools,
  wanted: Order,
  maker: string,
): Promise<Step[]> {
  const asked = { ...wanted, amount: String(wanted.amount), maker };
  const prepared = await prepareOutcomeOrder(asked);
  const order = orderFromWire({ ...asked, nonce: prepared.order.nonce });
  if (!isSame(orderFromWire(prepared.order), order))
    throw new Error("the order that was prepared is another than was asked for");
  let signature = "";
  return [
    ...callSteps(wallet, prepared.calls),
    {
      title: t`Sign the order`,
      run: async (onState) => {
        onState("signing");
        signature = await wallet.sign(orderTypedData(domain, order) as unknown as TypedData);
      },
    },
    {
      title: t`Hand it in`,
      run: async (onState) => {
        onState("working");
        await postOutcomeOrder({ order: orderToWire(order), signature });
      },
    },
  ];
}

/** The allowance that was prepared with another order is of another sum. */
const isSame = (a: SetOrder, b: SetOrder): boolean =>
  a.maker === b.maker &&
  a.question === b.question &&
  a.outcome === b.outcome &&
  a.side === b.side &&
  a.amount === b.amount &&
  a.price === b.price &&
  a.nonce === b.nonce &&
  a.expiresAt === b.expiresAt;

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
