import { bundleHubAbi } from "@sooth/abi";
import type { Address, Hex } from "@sooth/kernel";
import { encodeFunctionData } from "viem";
import type { ChainAt, Server } from "./network.ts";
import type { Call } from "./send.ts";

/** What an account has at the hub to pay fees with, wei. @throws ops.no_key where no node of the hub is known */
export const creditOf = ({ hub }: Pick<Server, "hub">, account: Address, chainAt: ChainAt): Promise<bigint> =>
  chainAt(hub.chainId).client.readContract({
    address: hub.hub,
    abi: bundleHubAbi,
    functionName: "creditOf",
    args: [account],
  });

const atHub = ({ hub }: Pick<Server, "hub">, what: string, data: Hex, value: bigint): Call => ({
  what,
  leg: null,
  chainId: hub.chainId,
  to: hub.hub,
  data,
  value: String(value),
});

export const depositCall = (server: Pick<Server, "hub">, account: Address, amount: bigint): Call => {
  const data = encodeFunctionData({ abi: bundleHubAbi, functionName: "deposit", args: [account] });
  return atHub(server, "deposit", data, amount);
};

/** Pays out to the account itself. */
export const withdrawCall = (server: Pick<Server, "hub">, account: Address, amount: bigint): Call => {
  const data = encodeFunctionData({ abi: bundleHubAbi, functionName: "withdraw", args: [account, amount] });
  return atHub(server, "withdraw", data, 0n);
};

/** Raises the fee of an open bundle; whoever pays, its owner gets back what is left of it. */
export const topUpCall = (server: Pick<Server, "hub">, id: Hex, amount: bigint): Call => {
  const data = encodeFunctionData({ abi: bundleHubAbi, functionName: "topUp", args: [id] });
  return atHub(server, "top up", data, amount);
};
