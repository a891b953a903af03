import { opinionsAbi } from "@sooth/abi";
import type { Address, Hex } from "@sooth/kernel";
import { encodeFunctionData } from "viem";
import { doorOf, type OpinionTerms, opinionTermsHash } from "../../core/index.ts";

type Told = { owner: Address; band: number; salt: Hex };

/** Tells a hidden stance: anybody may who has band and salt. */
export const revealRequest = (terms: OpinionTerms, { owner, band, salt }: Told) =>
  ({
    abi: opinionsAbi,
    functionName: "reveal",
    args: [opinionTermsHash(terms), doorOf(terms), owner, band, salt],
  }) as const;

export const revealCall = (terms: OpinionTerms, told: Told): Hex =>
  encodeFunctionData(revealRequest(terms, told));
