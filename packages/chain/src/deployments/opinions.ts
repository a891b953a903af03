import {
  committeeAbi,
  committeeBytecode,
  opinionsAbi,
  opinionsBytecode,
  outcomeTokensAbi,
  outcomeTokensBytecode,
} from "@sooth/abi";
import type { Address, Hex } from "@sooth/kernel";
import { encodeDeployData } from "viem";
import type { DeployParams } from "./params.ts";

type InitCode = { contract: "opinions" | "outcomeTokens" | "committee"; name: string; code: Hex };

export function committeeCode(members: readonly Address[]): InitCode {
  const args = [members as [Address, Address, Address, Address, Address]] as const;
  const code = encodeDeployData({ abi: committeeAbi, bytecode: committeeBytecode, args });
  return { contract: "committee", name: "Committee", code };
}

/** The round that draws lies as far after the score as one that draws a jury after its opening: both wait out the same lag. */
export function opinionsCode(
  { opinionLimits, drawDelaySeconds }: Pick<DeployParams, "opinionLimits" | "drawDelaySeconds">,
  at: Record<"oracle" | "beacon" | "approver", Address>,
): InitCode {
  const { leastStake, mostStake, ...limits } = opinionLimits;
  const code = encodeDeployData({
    abi: opinionsAbi,
    bytecode: opinionsBytecode,
    args: [
      at.oracle,
      at.beacon,
      at.approver,
      {
        ...limits,
        // Below 2^45, or the contract is not built.
        leastStake: Number(leastStake),
        mostStake: Number(mostStake),
        clockLag: drawDelaySeconds,
      },
    ],
  });
  return { contract: "opinions", name: "Opinions", code };
}

export function outcomeTokensCode(at: Record<"oracle" | "collateral", Address>): InitCode {
  const code = encodeDeployData({
    abi: outcomeTokensAbi,
    bytecode: outcomeTokensBytecode,
    args: [at.oracle, at.collateral],
  });
  return { contract: "outcomeTokens", name: "OutcomeTokens", code };
}
