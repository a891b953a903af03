import { committeeAbi } from "@sooth/abi";
import type { Hex } from "@sooth/kernel";
import { encodeFunctionData } from "viem";
import { type FiveMembers, packSignatures, type Replacement } from "../../../core/index.ts";

/** The call that seats five others by these signatures. Anybody may send it. */
export const replaceCall = ({ sitting, members, expiresAt, signatures }: Replacement): Hex =>
  encodeFunctionData({
    abi: committeeAbi,
    functionName: "replace",
    args: [members as FiveMembers, expiresAt, packSignatures(sitting, signatures)],
  });
