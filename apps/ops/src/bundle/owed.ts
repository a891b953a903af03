import { escrowAbi } from "@sooth/abi";
import { escrowPartiesOf, type Leg } from "@sooth/bundles/core";
import { type Addresses, unlessAway } from "@sooth/chain";
import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import { encodeFunctionData } from "viem";
import { type ChainAt, ifNode } from "./network.ts";
import type { Call } from "./send.ts";

/** Tokens that an escrow could not hand over, because the token refused: it owes them to their account, whatever they were paid for. */
export type Owed = { chainId: number; token: Address; account: Address; amount: bigint };

/** What escrows owe payers and recipients of these legs, in their tokens. Chains without a node at hand are left out. */
export async function owedOf(
  legs: readonly Leg[],
  { escrow }: Pick<Addresses, "escrow">,
  chainAt: ChainAt,
): Promise<Owed[]> {
  const wanted = new Map<string, Omit<Owed, "amount">>();
  for (const leg of legs) {
    const parties = leg.kind === "escrow" ? escrowPartiesOf(leg) : null;
    for (const account of parties ? [parties.payer, parties.recipient] : []) {
      const one = { chainId: leg.chainId, token: leg.target, account };
      wanted.set(`${one.chainId} ${one.token} ${account}`.toLowerCase(), one);
    }
  }
  const found = await Promise.all(
    [...wanted.values()].map(async ({ chainId, token, account }): Promise<Owed[]> => {
      const asked = {
        address: escrow,
        abi: escrowAbi,
        functionName: "creditOf",
        args: [token, account],
      } as const;
      const amount = await ifNode(() => unlessAway(() => chainAt(chainId).client.readContract(asked)));
      return amount === undefined || amount === 0n ? [] : [{ chainId, token, account, amount }];
    }),
  );
  return found.flat();
}

/** All that is owed to `own` of a token, to another address where the token refuses that one still. */
export const withdrawOwed = (
  owed: readonly Owed[],
  { escrow }: Pick<Addresses, "escrow">,
  own: Address,
  to: Address,
): Call[] =>
  owed
    .filter(({ account }) => sameAddress(account, own))
    .map(({ chainId, token }) => {
      const data: Hex = encodeFunctionData({ abi: escrowAbi, functionName: "withdraw", args: [token, to] });
      return { what: "withdraw", leg: null, chainId, to: escrow, data, value: "0" };
    });

export const owedText = ({ chainId, token, account, amount }: Owed): string =>
  `the escrow of chain ${chainId} owes ${account} ${amount} of the token ${token}, which refused to be handed over`;
