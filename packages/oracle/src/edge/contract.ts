import { oracleAbi, stakeManagerAbi, testDollarAbi } from "@sooth/abi";
import type { Addresses, Chain } from "@sooth/chain";
import type { Address } from "@sooth/kernel";
import type { DepositLimits } from "../core/index.ts";

/** What a deployment fixed for ever. Seconds. */
export type OracleLimits = {
  minLiveness: number;
  maxQuestionSeconds: number;
  epochSeconds: number;
  /** Collateral. */
  minStake: bigint;
  /** What counts of a stake without a record. */
  startFactorBps: number;
};

const known = new WeakMap<Chain, Promise<OracleLimits>>();

/** Asked of the chain once: immutables do not change. @throws chain.rpc_unreachable */
export function oracleLimits(hub: Chain, addresses: Addresses): Promise<OracleLimits> {
  const held = known.get(hub);
  if (held) return held;
  const asked = readLimits(hub, addresses);
  known.set(hub, asked);
  asked.catch(() => known.delete(hub));
  return asked;
}

async function readLimits(hub: Chain, addresses: Addresses): Promise<OracleLimits> {
  const oracle = { address: addresses.oracle, abi: oracleAbi } as const;
  const stakes = { address: addresses.stakeManager, abi: stakeManagerAbi } as const;
  const [minLiveness, maxQuestionSeconds, epochSeconds, minStake, startFactorBps] = await Promise.all([
    hub.client.readContract({ ...oracle, functionName: "MIN_LIVENESS" }),
    hub.client.readContract({ ...oracle, functionName: "MAX_QUESTION_SECONDS" }),
    hub.client.readContract({ ...stakes, functionName: "EPOCH_SECONDS" }),
    hub.client.readContract({ ...stakes, functionName: "MIN_STAKE" }),
    hub.client.readContract({ ...stakes, functionName: "START_FACTOR_BPS" }),
  ]);
  return { minLiveness, maxQuestionSeconds, epochSeconds, minStake, startFactorBps };
}

const deposits = new WeakMap<Chain, Promise<DepositLimits>>();

/** What the deposits of disputes are reckoned by; asked of the chain once. @throws chain.rpc_unreachable */
export function depositLimits(hub: Chain, addresses: Addresses): Promise<DepositLimits> {
  const held = deposits.get(hub);
  if (held) return held;
  const oracle = { address: addresses.oracle, abi: oracleAbi } as const;
  const asked = Promise.all([
    hub.client.readContract({ ...oracle, functionName: "UNIT" }),
    hub.client.readContract({ ...oracle, functionName: "LEAST_DEPOSIT" }),
    hub.client.readContract({ ...oracle, functionName: "MOST_DEPOSIT" }),
  ]).then(([unit, leastDeposit, mostDeposit]) => ({ unit, leastDeposit, mostDeposit }));
  deposits.set(hub, asked);
  asked.catch(() => deposits.delete(hub));
  return asked;
}

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
