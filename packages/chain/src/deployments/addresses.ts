import {
  drandBeaconAbi,
  drandBeaconBytecode,
  epochsAbi,
  epochsBytecode,
  guardAbi,
  guardBytecode,
  marketsAbi,
  marketsBytecode,
  oracleAbi,
  oracleBytecode,
  policyAbi,
  policyBytecode,
  slasherAbi,
  slasherBytecode,
  stakeManagerAbi,
  stakeManagerBytecode,
  testDollarBytecode,
  timelockAbi,
  timelockBytecode,
  wiringAbi,
  wiringBytecode,
} from "@sooth/abi";
import type { Address, Hex } from "@sooth/kernel";
import {
  encodeDeployData,
  encodeFunctionData,
  getCreate2Address,
  hexToBigInt,
  slice,
  zeroAddress,
  zeroHash,
} from "viem";
import { assertionsCode, courtCode, feedsCode, gatewayCode, ladderCode } from "./adjudication.ts";
import {
  attestersCode,
  bundleHubCode,
  bundleResolverCode,
  escrowCode,
  hashLocksCode,
  messageGatewayCode,
  ordersCode,
  settlerCode,
} from "./bundles.ts";
import { committeeCode, opinionsCode, outcomeTokensCode } from "./opinions.ts";
import { type Addresses, type DeployParams, oracleLimitsOf } from "./params.ts";

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
  const { wiring, timelock, policy, guard } = securitySteps(params);
  const stakeManager = step(
    "stakeManager",
    "StakeManager",
    encodeDeployData({
      abi: stakeManagerAbi,
      bytecode: stakeManagerBytecode,
      args: [
        collateral,
        wiring.address,
        policy.address,
        params.treasury,
        {
          epochSeconds: params.epochSeconds,
          unbondingSeconds: params.unbondingSeconds,
          seasoningSeconds: params.seasoningSeconds,
          minStake: params.minStake,
          startFactorBps: params.startFactorBps,
        },
      ],
    }),
  );
  const feeds = stepOf(feedsCode(params, stakeManager.address));
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
        wiring.address,
        {
          ...oracleLimitsOf(params),
          maxQuestionSeconds: params.maxQuestionSeconds,
          providerShareBps: params.providerShareBps,
        },
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
  const committee = params.committeeMembers && stepOf(committeeCode(params.committeeMembers));
  const opinions = stepOf(
    opinionsCode(params, {
      oracle: oracle.address,
      beacon: beacon.address,
      approver: committee?.address ?? zeroAddress,
    }),
  );
  const outcomeTokens = stepOf(outcomeTokensCode({ oracle: oracle.address, collateral }));
  const attesters = stepOf(attestersCode(params, stakeManager.address));
  const bundleHub = stepOf(
    bundleHubCode(params, { attesters: attesters.address, stakeManager: stakeManager.address }),
  );
  const slasher = step(
    "slasher",
    "Slasher",
    encodeDeployData({
      abi: slasherAbi,
      bytecode: slasherBytecode,
      args: [
        wiring.address,
        stakeManager.address,
        feeds.address,
        bundleHub.address,
        collateral,
        params.treasury,
        policy.address,
        [markets.address, opinions.address],
        {
          periodSeconds: params.epochSeconds,
          bond: params.accusationBond,
          fee: params.accusationFee,
          caseSeconds: params.caseSeconds,
        },
      ],
    }),
  );
  const at = {
    oracle: oracle.address,
    stakeManager: stakeManager.address,
    wiring: wiring.address,
    guard: guard.address,
    beacon: beacon.address,
    treasury: params.treasury,
  };
  const rest = [
    ladderCode(params, at),
    courtCode(params, at),
    gatewayCode(at.oracle, at.stakeManager, feeds.address),
    assertionsCode(params, at.oracle),
  ].map(stepOf);
  const epochs = step(
    "epochs",
    "Epochs",
    encodeDeployData({ abi: epochsAbi, bytecode: epochsBytecode, args: [wiring.address, params.periods] }),
  );
  const ofBundles = bundleSteps(params, attesters, bundleHub);
  const security = [wiring, timelock, policy, guard, slasher, epochs];
  const core = [stakeManager, oracle, markets, beacon, feeds];
  const ofOpinions = [...(committee ? [committee] : []), opinions, outcomeTokens];
  return [...(params.collateral ? [] : [dollar]), ...security, ...core, ...ofOpinions, ...ofBundles, ...rest];
}

function bundleSteps(params: DeployParams, attesters: Step, hub: Step): Step[] {
  const settler = stepOf(settlerCode(params.guardian, attesters.address));
  const escrow = stepOf(escrowCode(params, { attesters: attesters.address, bundleHub: hub.address }));
  const orders = stepOf(ordersCode(escrow.address));
  const at = { orders: orders.address, escrow: escrow.address, settler: settler.address };
  const resolver = stepOf(bundleResolverCode(params.bundles, at));
  const beside = [orders, stepOf(hashLocksCode), resolver, stepOf(messageGatewayCode(hub.address))];
  return [attesters, settler, escrow, hub, ...beside];
}

/** What stands before everything else: the others are built with these addresses. */
function securitySteps(params: DeployParams) {
  const wiring = step(
    "wiring",
    "Wiring",
    encodeDeployData({ abi: wiringAbi, bytecode: wiringBytecode, args: [params.deployer] }),
  );
  const timelock = step(
    "timelock",
    "Timelock",
    encodeDeployData({
      abi: timelockAbi,
      bytecode: timelockBytecode,
      args: [BigInt(params.policyDelaySeconds), params.proposer],
    }),
  );
  const policy = step(
    "policy",
    "Policy",
    encodeDeployData({
      abi: policyAbi,
      bytecode: policyBytecode,
      args: [timelock.address, params.guardian, params.valueLimit, params.surgeFloor],
    }),
  );
  const guard = step(
    "guard",
    "Guard",
    encodeDeployData({ abi: guardAbi, bytecode: guardBytecode, args: [wiring.address, policy.address] }),
  );
  return { wiring, timelock, policy, guard };
}

/** What the deployer sends last: it writes into the wiring who stands where, for ever. */
export const sealCall = ({ oracle, stakeManager, guard, slasher, epochs, ladder, court }: Addresses): Hex =>
  encodeFunctionData({
    abi: wiringAbi,
    functionName: "seal",
    args: [{ oracle, stakeManager, guard, slasher, epochs, ladder, court }],
  });

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

const stepOf = (one: { contract: keyof Addresses; name: string; code: Hex }): Step =>
  step(one.contract, one.name, one.code);

function step(contract: keyof Addresses, name: string, initCode: Hex): Step {
  const address = getCreate2Address({ from: DEPLOYMENT_PROXY, salt: DEPLOYMENT_SALT, bytecode: initCode });
  return { contract, name, address: address.toLowerCase() as Address, initCode };
}
