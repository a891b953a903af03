import { opinionsAbi } from "@sooth/abi";
import type { Hex } from "@sooth/kernel";
import { encodeFunctionData } from "viem";
import { type OpinionTerms, opinionTermsToChain } from "../../core/index.ts";

/** Writes down what a market came to. @param approval of who approves; "0x" where nobody need, and of what is void */
export const scoreCall = (terms: OpinionTerms, approval: Hex = "0x"): Hex =>
  encodeFunctionData({
    abi: opinionsAbi,
    functionName: "score",
    args: [opinionTermsToChain(terms), approval],
  });
