import {
  drandBeaconAbi,
  drandBeaconBytecode,
  marketsAbi,
  marketsBytecode,
  oracleAbi,
  oracleBytecode,
  stakeManagerAbi,
  stakeManagerBytecode,
  testDollarBytecode,
} from "@sooth/abi";
import type { Address, Hex } from "@sooth/kernel";
import { encodeDeployData, getCreate2Address, hexToBigInt, slice, zeroHash } from "viem";
import type { Addresses, DeployParams } from "./params.ts";

/**
 * The deterministic deployment proxy: the same on every chain, without an owner. It takes salt and init code, and
 * deploys by CREATE2, so that an address says which code and which parameters stand there.
 */
export const DEPLOYMENT_PROXY: Address = "0x4e59b44847b379578588920ca78fbf26c0b4956c";
export const DEPLOYMENT_SALT: Hex = zeroHash;

export type Step = { contract: keyof Addresses; name: string; address: Address; initCode: Hex };

/** Every contract of a hub, each after those whose addresses it is built with. Without a test dollar when collateral is given. */
export function deploymentSteps(params: DeployParams): Step[] {
  const dollar = step("collateral", "TestDollar", testDollarBytecode);
  const collateral = params.collateral ?? dollar.address;
  const stakeManager = step(
    "stakeManager",
    "StakeManager",
    encodeDeployData({
      abi: stakeManagerAbi,
      bytecode: stakeManagerBytecode,
      args: [collateral, params.epochSeconds, params.unbondingSeconds, params.minStake],
    }),
  );
  const oracle = step(
    "oracle",
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
  const markets = step(
    "markets",
    "Markets",
    encodeDeployData({
      abi: marketsAbi,
      bytecode: marketsBytecode,
      args: [oracle.address, params.minMarketStake],
    }),
  );
  const beacon = step(
    "beacon",
    "DrandBeacon",
    encodeDeployData({
      abi: drandBeaconAbi,
      bytecode: drandBeaconBytecode,
      args: [keyWords(params.beaconKey), params.beaconGenesis, params.beaconPeriodSeconds],
    }),
  );
  return [...(params.collateral ? [] : [dollar]), stakeManager, oracle, markets, beacon];
}

/** The 128 bytes of a key of G2 as the contract takes them. */
const keyWords = (key: Hex) =>
  [0, 32, 64, 96].map((from) => hexToBigInt(slice(key, from, from + 32))) as [bigint, bigint, bigint, bigint];

/** Where the contracts of these parameters stand, on every chain; lower-case. */
export function computeAddresses(params: DeployParams): Addresses {
  const steps = Object.fromEntries(
    deploymentSteps(params).map(({ contract, address }) => [contract, address]),
  );
  return { collateral: params.collateral?.toLowerCase(), ...steps } as Addresses;
}

function step(contract: keyof Addresses, name: string, initCode: Hex): Step {
  const address = getCreate2Address({ from: DEPLOYMENT_PROXY, salt: DEPLOYMENT_SALT, bytecode: initCode });
  return { contract, name, address: address.toLowerCase() as Address, initCode };
}
