import { testDollarAbi } from "@sooth/abi";
import { approveData, moneyCommitted, orderFromWire, wireOrderBook } from "@sooth/markets/core";
import type { Address } from "@sooth/kernel";
import type { ChainAt, Server } from "../bundle/network.ts";
import type { Call } from "../bundle/send.ts";

/** A call to the outcome tokens, or to what pays for them. */
export const callOf = (server: Server, what: string, data: string, to?: Address): Call => ({
  what,
  leg: null,
  chainId: server.hub.chainId,
  to: to ?? server.addresses.outcomeTokens,
  data,
  value: "0",
});

/** The allowance that `more` needs beside what one's orders at this server may take; none where it is there. */
export async function approvalOf(
  server: Server,
  chainAt: ChainAt,
  owner: Address,
  more: bigint,
): Promise<Call[]> {
  const { collateral, outcomeTokens } = server.addresses;
  const [allowance, { orders }] = await Promise.all([
    chainAt(server.hub.chainId).client.readContract({
      address: collateral,
      abi: testDollarAbi,
      functionName: "allowance",
      args: [owner, outcomeTokens],
    }),
    server.api.get(`/v1/outcome-orders?maker=${owner}`, wireOrderBook),
  ]);
  const committed = moneyCommitted(
    orders.map(({ order, left }) => ({ order: orderFromWire(order), left: BigInt(left) })),
  );
  if (allowance >= more + committed) return [];
  return [callOf(server, "approve", approveData(outcomeTokens, more + committed), collateral)];
}
