import type { Hex } from "@sooth/kernel";
import { toFunctionSelector } from "viem";

/**
 * Calls by which a caller lets somebody take what is its own. From the contract that everybody's legs are called from they are
 * worth nothing: it holds nothing, anybody may have left an allowance there that the token refuses to replace, and anybody may use one.
 */
const ALLOWANCES: ReadonlySet<string> = new Set(
  [
    "approve(address,uint256)",
    "increaseAllowance(address,uint256)",
    "decreaseAllowance(address,uint256)",
    "setApprovalForAll(address,bool)",
    // Permit2.
    "approve(address,address,uint160,uint48)",
  ].map((signature) => toFunctionSelector(signature)),
);

export const givesAllowance = (data: Hex): boolean => ALLOWANCES.has(data.slice(0, 10).toLowerCase());
