import { outcomeTokensAbi, testDollarAbi } from "@sooth/abi";
import {
  approveData,
  buysTokens,
  moneyCommitted,
  orderFromWire,
  type SetOrder,
  tokenIdOf,
  wireOrderBook,
} from "@sooth/markets/core";
import type { Address, Hex } from "@sooth/kernel";
import type { ChainAt, Server } from "../bundle/network.ts";
import type { Call } from "../bundle/send.ts";
import { OpsError } from "../ops-error.ts";
import { moneyText, tokensText } from "./asked.ts";

/** A call to the outcome tokens, or to what pays for them. */
export const callOf = (server: Server, what: string, data: string, to?: Address): Call => ({
  what,
  leg: null,
  chainId: server.hub.chainId,
  to: to ?? server.addresses.outcomeTokens,
  data,
  value: "0",
});

/**
 * The allowance that `more` needs beside what one's orders at this server may take; none where it is there. `use`: what is spent now may be
 * what an order would have taken, an order must be paid for beside the others.
 * @throws ops.little_money, so that no allowance is given for what fails
 */
export async function approvalOf(
  server: Server,
  chainAt: ChainAt,
  owner: Address,
  { more, use }: { more: bigint; use: "now" | "order" },
): Promise<Call[]> {
  const { collateral, outcomeTokens } = server.addresses;
  const { client } = chainAt(server.hub.chainId);
  const token = { address: collateral, abi: testDollarAbi } as const;
  const [balance, allowance, { orders }] = await Promise.all([
    client.readContract({ ...token, functionName: "balanceOf", args: [owner] }),
    client.readContract({ ...token, functionName: "allowance", args: [owner, outcomeTokens] }),
    server.api.get(`/v1/outcome-orders?maker=${owner}`, wireOrderBook),
  ]);
  const committed = moneyCommitted(
    orders.map(({ order, left }) => ({ order: orderFromWire(order), left: BigInt(left) })),
  );
  const beside = use === "order" ? committed : 0n;
  if (balance < more + beside)
    throw OpsError.little_money({
      owner,
      balance: moneyText(server, balance),
      wanted: moneyText(server, more),
      committed: beside === 0n ? null : moneyText(server, beside),
    });
  if (allowance >= more + committed) return [];
  return [callOf(server, "approve", approveData(outcomeTokens, more + committed), collateral)];
}

type Wanted = { question: Hex; outcomes: readonly number[]; side: "yes" | "no"; amount: bigint };

/** That so many tokens of each outcome are there, by the contract. @throws ops.few_outcome_tokens */
export async function needTokens(
  server: Server,
  chainAt: ChainAt,
  owner: Address,
  { question, outcomes, side, amount }: Wanted,
  committed = 0n,
): Promise<void> {
  const { client } = chainAt(server.hub.chainId);
  await Promise.all(
    outcomes.map(async (outcome) => {
      const balance = await client.readContract({
        address: server.addresses.outcomeTokens,
        abi: outcomeTokensAbi,
        functionName: "balanceOf",
        args: [owner, tokenIdOf(question, outcome, side)],
      });
      if (balance < amount + committed)
        throw OpsError.few_outcome_tokens({
          owner,
          what: `${side} of outcome ${outcome}`,
          balance: tokensText(server, balance),
          wanted: tokensText(server, amount),
          committed: committed === 0n ? null : tokensText(server, committed),
        });
    }),
  );
}

/** As `needTokens` for a sale, beside what one's other orders sell of the same. @throws ops.few_outcome_tokens */
export async function needForSale(
  server: Server,
  chainAt: ChainAt,
  owner: Address,
  sale: { question: Hex; outcome: number; side: SetOrder["side"]; amount: bigint },
): Promise<void> {
  if (buysTokens(sale.side)) return;
  const { question, outcome, side, amount } = sale;
  const { orders } = await server.api.get(`/v1/outcome-orders?maker=${owner}`, wireOrderBook);
  const committed = orders
    .filter(({ order }) => order.question === question && order.outcome === outcome && order.side === side)
    .reduce((sum, { left }) => sum + BigInt(left), 0n);
  const token = side === "sellYes" ? "yes" : "no";
  await needTokens(server, chainAt, owner, { question, outcomes: [outcome], side: token, amount }, committed);
}
