import { committeeAbi } from "@sooth/abi";
import type { Chain } from "@sooth/chain";
import { type Address, appErrorIn, type Hex, need } from "@sooth/kernel";
import { BaseError, ContractFunctionRevertedError } from "viem";
import { type MemberSignature, type OpinionResult, packApproval } from "../../../core/index.ts";

export type ToApprove = { result: OpinionResult; expiresAt: number; members: readonly Address[] };

/** What the committee itself says of an approval, by trying it at the chain's head. */
export type CommitteeSays =
  | { says: "approved" }
  /** Every signature counts, and they are not enough. */
  | { says: "too_few" }
  | { says: "bad_signature"; member: Address }
  | { says: "refused"; why: string };

/**
 * Asks the contract instead of checking signatures here: what it takes is what counts, of keys and of members that are
 * contracts (ERC-1271) alike. @throws chain.rpc_unreachable
 */
export async function askCommittee(
  hub: Chain,
  committee: Address,
  { result, expiresAt, members }: ToApprove,
  signed: readonly MemberSignature[],
): Promise<CommitteeSays> {
  try {
    await hub.client.readContract({
      address: committee,
      abi: committeeAbi,
      functionName: "requireApproved",
      args: [{ ...result, count: BigInt(result.count) }, packApproval(expiresAt, members, signed)],
    });
    return { says: "approved" };
  } catch (error) {
    const said = refusalIn(error);
    if (!said) throw error;
    if (said.name === "Committee_TooFew") return { says: "too_few" };
    if (said.name === "Committee_BadSignature")
      return { says: "bad_signature", member: need(said.args[0], "a member").toLowerCase() as Address };
    return { says: "refused", why: said.name };
  }
}

/** Null where no contract was asked: the node is away. A member's contract may also burn all gas, which tells no name. */
function refusalIn(error: unknown): { name: string; args: readonly Hex[] } | null {
  if (!(error instanceof BaseError) || appErrorIn(error)) return null;
  const reverted = error.walk((cause) => cause instanceof ContractFunctionRevertedError);
  if (reverted instanceof ContractFunctionRevertedError && reverted.data)
    return { name: reverted.data.errorName, args: (reverted.data.args ?? []) as readonly Hex[] };
  return { name: error.shortMessage, args: [] };
}
