import { whyFails } from "@sooth/bundles";
import { walletOf } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import { BaseError, type LocalAccount } from "viem";
import { OpsError } from "../ops-error.ts";
import type { ChainAt } from "./network.ts";
import { ofLeg } from "./words.ts";

/** A transaction that one of these commands sends; of a bundle, or of what pays for bundles. */
export type Call = {
  what: string;
  leg: number | null;
  chainId: number;
  to: string;
  data: string;
  value: string;
};
export type Sent = { what: string; leg: number | null; chainId: number; transaction: Hex };

/** One after the other: each may need the one before. @throws ops.refused, ops.reverted, ops.no_key */
export async function sendAll(
  calls: readonly Call[],
  account: LocalAccount,
  chainAt: ChainAt,
): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (const { what, leg, chainId, to, data, value } of calls) {
    const chain = chainAt(chainId);
    const purpose = `${what}${ofLeg(leg)} on chain ${chainId}`;
    // What is sent to where no contract stands succeeds, and does nothing but lose what is sent along.
    if (!(await chain.client.getCode({ address: to as Address })))
      throw OpsError.refused({ action: purpose, error: `no contract at ${to}`, sent: sentLines(sent) });
    const transaction = await walletOf(chain, account)
      .sendTransaction({ to: to as Address, data: data as Hex, value: BigInt(value) })
      .catch(async (error: unknown) => {
        const call = { from: account.address, to: to as Address, data: data as Hex };
        const said = error instanceof BaseError ? await whyFails(chain, call, error) : String(error);
        throw OpsError.refused({ action: purpose, error: said, sent: sentLines(sent) }, { cause: error });
      });
    const receipt = await chain.client.waitForTransactionReceipt({ hash: transaction });
    if (receipt.status !== "success") throw OpsError.reverted({ purpose, transaction });
    sent.push({ what, leg, chainId, transaction });
  }
  return sent;
}

export const sentLines = (sent: readonly Sent[]): string[] =>
  sent.map(
    ({ what, leg, chainId, transaction }) => `${what}${ofLeg(leg)} on chain ${chainId}  ${transaction}`,
  );
