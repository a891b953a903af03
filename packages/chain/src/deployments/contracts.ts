import {
  marketsAbi,
  marketsBytecode,
  oracleAbi,
  oracleBytecode,
  stakeManagerAbi,
  stakeManagerBytecode,
  testDollarBytecode,
} from "@sooth/abi";
import type { Address, Hex } from "@sooth/kernel";
import { encodeDeployData, getCreate2Address, zeroHash } from "viem";

/** The proxy that makes CREATE2 addresses the same on every chain; most chains have it, and so has anvil. */
export const DEPLOYMENT_PROXY: Address = "0x4e59b44847b379578588920cA78FbF26c0B4956C";

export type Addresses = { stakeManager: Address; oracle: Address; markets: Address; collateral: Address };

/** What the contracts are built with. They have no setters: other values are another deployment. */
export type DeployParams = {
  epochSeconds: number;
  unbondingSeconds: number;
  minStake: bigint;
  minLivenessSeconds: number;
  maxQuestionSeconds: number;
  minMarketStake: bigint;
  treasury: Address;
  providerShareBps: number;
  /** None: the test dollar is deployed and used. */
  collateral?: Address;
};

export type ContractName = "TestDollar" | "StakeManager" | "Oracle" | "Markets";
export type PlannedContract = { name: ContractName; address: Address; initCode: Hex };

const addressOf = (initCode: Hex): Address =>
  getCreate2Address({ from: DEPLOYMENT_PROXY, salt: zeroHash, bytecode: initCode });
const planned = (name: ContractName, initCode: Hex): PlannedContract => ({
  name,
  address: addressOf(initCode),
  initCode,
});

export const testDollar: PlannedContract = planned("TestDollar", testDollarBytecode);

/** Every contract that these parameters mean, in the order of their dependencies. Pure: asks no chain. */
export function plan(params: DeployParams): PlannedContract[] {
  const collateral = params.collateral ?? testDollar.address;
  const stakeManager = planned(
    "StakeManager",
    encodeDeployData({
      abi: stakeManagerAbi,
      bytecode: stakeManagerBytecode,
      args: [collateral, params.epochSeconds, params.unbondingSeconds, params.minStake],
    }),
  );
  const oracle = planned(
    "Oracle",
    encodeDeployData({
      abi: oracleAbi,
      bytecode: oracleBytecode,
      args: [
        stakeManager.address,
        collateral,
        params.treasury,
        params.minLivenessSeconds,
        params.maxQuestionSeconds,
        params.providerShareBps,
      ],
    }),
  );
  const markets = planned(
    "Markets",
    encodeDeployData({
      abi: marketsAbi,
      bytecode: marketsBytecode,
      args: [oracle.address, params.minMarketStake],
    }),
  );
  return [...(params.collateral === undefined ? [testDollar] : []), stakeManager, oracle, markets];
}

/** Where the contracts are, or will be, on every chain. */
export function computeAddresses(params: DeployParams): Addresses {
  const of = Object.fromEntries(plan(params).map(({ name, address }) => [name, address])) as Record<
    ContractName,
    Address
  >;
  return {
    stakeManager: of.StakeManager,
    oracle: of.Oracle,
    markets: of.Markets,
    collateral: params.collateral ?? testDollar.address,
  };
}
