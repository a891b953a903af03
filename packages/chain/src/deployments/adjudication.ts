import {
  assertionsAbi,
  assertionsBytecode,
  courtAbi,
  courtBytecode,
  feedsAbi,
  feedsBytecode,
  gatewayAbi,
  gatewayBytecode,
  ladderAbi,
  ladderBytecode,
} from "@sooth/abi";
import type { Address, Hex } from "@sooth/kernel";
import { encodeDeployData } from "viem";

/** Times of disputes, seconds on the court clock. */
export type DisputeWindows = {
  /** To report anew before a jury is called. */
  rereportSeconds: number;
  /** A jury's three windows, one after the other. */
  evidenceSeconds: number;
  commitSeconds: number;
  revealSeconds: number;
  /** To appeal against what was found. */
  appealSeconds: number;
  /** From the opening of a jury to the beacon round that draws it; more than the chain's clock may lag. */
  drawDelaySeconds: number;
};
export type GatewayParams = {
  /** What the providers who answer an assertion share, in units of collateral. */
  assertionReward: bigint;
  /** After which an unanswered assertion resolves false. */
  assertionSeconds: number;
  /** Whether feeds take aggregated signatures. Off until they are audited. */
  aggregatedSignatures: boolean;
};

/** For one machine: a dispute ends while one looks. */
export const localWindows: DisputeWindows = {
  rereportSeconds: 30,
  evidenceSeconds: 10,
  commitSeconds: 20,
  revealSeconds: 20,
  appealSeconds: 20,
  drawDelaySeconds: 5,
};
/** Where people sit on juries. From an objection all the way up the ladder takes 5.4 days, a pause not counted. */
export const publicWindows: DisputeWindows = {
  rereportSeconds: 7_200,
  evidenceSeconds: 21_600,
  commitSeconds: 28_800,
  revealSeconds: 28_800,
  appealSeconds: 43_200,
  drawDelaySeconds: 60,
};

/** The longest that a jury takes: one whose beacon round nobody proves waits for a second reveal window. */
const jurySeconds = ({ evidenceSeconds, commitSeconds, revealSeconds }: DisputeWindows): number =>
  evidenceSeconds + commitSeconds + 2 * revealSeconds;

type Neighbours = Record<"oracle" | "stakeManager" | "wiring" | "guard" | "beacon" | "treasury", Address>;
type InitCode = {
  contract: "ladder" | "court" | "feeds" | "gateway" | "assertions";
  name: string;
  code: Hex;
};

export function ladderCode(windows: DisputeWindows, at: Neighbours): InitCode {
  const { rereportSeconds: rereport, appealSeconds: appeal } = windows;
  const code = encodeDeployData({
    abi: ladderAbi,
    bytecode: ladderBytecode,
    args: [
      at.oracle,
      at.stakeManager,
      at.wiring,
      at.treasury,
      { rereport, jury: jurySeconds(windows), appeal },
    ],
  });
  return { contract: "ladder", name: "Ladder", code };
}

export function courtCode(windows: DisputeWindows, at: Neighbours): InitCode {
  const { evidenceSeconds, commitSeconds, revealSeconds, drawDelaySeconds } = windows;
  const code = encodeDeployData({
    abi: courtAbi,
    bytecode: courtBytecode,
    args: [
      at.wiring,
      at.stakeManager,
      at.guard,
      at.oracle,
      at.beacon,
      evidenceSeconds,
      commitSeconds,
      revealSeconds,
      drawDelaySeconds,
    ],
  });
  return { contract: "court", name: "Court", code };
}

export function feedsCode({ aggregatedSignatures }: GatewayParams, stakeManager: Address): InitCode {
  const code = encodeDeployData({
    abi: feedsAbi,
    bytecode: feedsBytecode,
    args: [stakeManager, aggregatedSignatures],
  });
  return { contract: "feeds", name: "Feeds", code };
}

export function gatewayCode(oracle: Address, stakeManager: Address, feeds: Address): InitCode {
  const code = encodeDeployData({
    abi: gatewayAbi,
    bytecode: gatewayBytecode,
    args: [oracle, stakeManager, feeds],
  });
  return { contract: "gateway", name: "Gateway", code };
}

export function assertionsCode(params: GatewayParams, oracle: Address): InitCode {
  const code = encodeDeployData({
    abi: assertionsAbi,
    bytecode: assertionsBytecode,
    args: [oracle, params.assertionReward, params.assertionSeconds, 0],
  });
  return { contract: "assertions", name: "Assertions", code };
}
