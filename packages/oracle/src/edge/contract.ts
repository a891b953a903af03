import { oracleAbi, stakeManagerAbi, testDollarAbi } from "@sooth/abi";
import { type Addresses, askedOnce, type Chain } from "@sooth/chain";
import type { Address } from "@sooth/kernel";
import type { DepositLimits } from "../core/index.ts";

/** What a deployment fixed for ever. Seconds. */
export type OracleLimits = {
  /** To object in where little hangs on an answer. */
  lowestWindow: number;
  maxLiveness: number;
  /** Smallest units of collateral in a whole one. */
  unit: bigint;
  maxQuestionSeconds: number;
  epochSeconds: number;
  /** Collateral. */
  minStake: bigint;
  /** What counts of a stake while records do not count in its domain. */
  startFactorBps: number;
};

/** @throws chain.rpc_unreachable */
export const oracleLimits = askedOnce(async (hub, addresses): Promise<OracleLimits> => {
  const oracle = { address: addresses.oracle, abi: oracleAbi } as const;
  const stakes = { address: addresses.stakeManager, abi: stakeManagerAbi } as const;
  const [lowestWindow, maxLiveness, unit, maxQuestionSeconds] = await Promise.all([
    hub.client.readContract({ ...oracle, functionName: "LOWEST_WINDOW" }),
    hub.client.readContract({ ...oracle, functionName: "MAX_LIVENESS" }),
    hub.client.readContract({ ...oracle, functionName: "UNIT" }),
    hub.client.readContract({ ...oracle, functionName: "MAX_QUESTION_SECONDS" }),
  ]);
  const [epochSeconds, minStake, startFactorBps] = await Promise.all([
    hub.client.readContract({ ...stakes, functionName: "EPOCH_SECONDS" }),
    hub.client.readContract({ ...stakes, functionName: "MIN_STAKE" }),
    hub.client.readContract({ ...stakes, functionName: "START_FACTOR_BPS" }),
  ]);
  return { lowestWindow, maxLiveness, unit, maxQuestionSeconds, epochSeconds, minStake, startFactorBps };
});

export type CommitLimits = { tier: bigint; seconds: number };

/**
 * From what a question secures on (collateral), values are taken only after a commitment; and how long each time to commit
 * and to reveal is (seconds). @throws chain.rpc_unreachable
 */
export const commitLimits = askedOnce(async ({ client }, { oracle }): Promise<CommitLimits> => {
  const [tier, seconds] = await Promise.all([
    client.readContract({ address: oracle, abi: oracleAbi, functionName: "COMMIT_TIER" }),
    client.readContract({ address: oracle, abi: oracleAbi, functionName: "COMMIT_SECONDS" }),
  ]);
  return { tier, seconds };
});

/** What the deposits of disputes are reckoned by. @throws chain.rpc_unreachable */
export const depositLimits = askedOnce(async (hub, addresses): Promise<DepositLimits> => {
  const oracle = { address: addresses.oracle, abi: oracleAbi } as const;
  const [unit, leastDeposit, mostDeposit] = await Promise.all([
    hub.client.readContract({ ...oracle, functionName: "UNIT" }),
    hub.client.readContract({ ...oracle, functionName: "LEAST_DEPOSIT" }),
    hub.client.readContract({ ...oracle, functionName: "MOST_DEPOSIT" }),
  ]);
  return { unit, leastDeposit, mostDeposit };
});

/** What an account could pay a reward with, by the chain itself. */
export async function purseOf(
  hub: Chain,
  addresses: Addresses,
  account: Address,
): Promise<{ credit: bigint; allowance: bigint; balance: bigint }> {
  // The test dollar's ABI stands for every ERC-20 here: only functions of the standard are called.
  const token = { address: addresses.collateral, abi: testDollarAbi } as const;
  const [credit, allowance, balance] = await Promise.all([
    hub.client.readContract({
      address: addresses.oracle,
      abi: oracleAbi,
      functionName: "creditOf",
      args: [account],
    }),
    hub.client.readContract({ ...token, functionName: "allowance", args: [account, addresses.oracle] }),
    hub.client.readContract({ ...token, functionName: "balanceOf", args: [account] }),
  ]);
  return { credit, allowance, balance };
}
