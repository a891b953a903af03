import type { Address } from "@sooth/kernel";
import { type DisputeWindows, type GatewayParams, localWindows } from "./adjudication.ts";
import { type BeaconParams, localBeacon } from "./beacons.ts";
import { type BundleParams, localBundles } from "./bundles.ts";

export type Addresses = {
  stakeManager: Address;
  oracle: Address;
  markets: Address;
  opinions: Address;
  outcomeTokens: Address;
  /** Three of five of whom approve what an opinion market came to; stands where the parameters name members. */
  committee?: Address;
  beacon: Address;
  /** Where the others find each other; sealed when all stand. */
  wiring: Address;
  timelock: Address;
  policy: Address;
  guard: Address;
  slasher: Address;
  epochs: Address;
  ladder: Address;
  court: Address;
  feeds: Address;
  gateway: Address;
  assertions: Address;
  /** Who says what is so on other chains; on every chain, as the settler is. */
  attesters: Address;
  settler: Address;
  escrow: Address;
  bundleHub: Address;
  /** Signed orders, swaps by a secret alone, and what other people's solvers read; beside the escrow. */
  orders: Address;
  hashLocks: Address;
  bundleResolver: Address;
  /** Messages in the words of ERC-7786; beside the hub. */
  messageGateway: Address;
  collateral: Address;
};

/** What the contracts are built with. It is part of their addresses: other values are another deployment. */
export type DeployParams = BeaconParams &
  DisputeWindows &
  GatewayParams & {
    epochSeconds: number;
    unbondingSeconds: number;
    /** Smallest stake of a provider, in units of collateral. */
    minStake: bigint;
    /** Time to object where little hangs on an answer; more wants up to 96 times it, two days at most. */
    lowestWindowSeconds: number;
    /** Longest time between opening and deadline of a question. */
    maxQuestionSeconds: number;
    /** Smallest stake on an outcome, in units of collateral. */
    minMarketStake: bigint;
    /** The account that seals the wiring; nothing else is its to do. */
    deployer: Address;
    /** May pause, for 72 hours at most. */
    guardian: Address;
    /** Proposes what the policy shall be. */
    proposer: Address;
    /** How long a proposal waits. */
    policyDelaySeconds: number;
    /** How long stake must stand before it counts for juries. */
    seasoningSeconds: number;
    /** What counts of every stake of a domain while it has no epoch records. */
    startFactorBps: number;
    /** Periods of reputation: when they begin and end, how their roots are answered, what the formula takes. Seconds. */
    periods: {
      /** Unix seconds: what became final by then never counts. */
      genesis: number;
      periodSeconds: number;
      /** After a period, before its root may be reported: longer than a reorg. */
      settleSeconds: number;
      answerSeconds: number;
      livenessSeconds: number;
      cooldownSeconds: number;
      premiumRounds: number;
    };
    /** Collateral that answers of one hour may secure together before windows double. */
    valueLimit: bigint;
    /** Open disputes below which there is no surge. */
    surgeFloor: number;
    /** What an accusation of collusion costs who is wrong, and what of it pays the jury. */
    accusationBond: bigint;
    accusationFee: bigint;
    /** How long an accusation keeps stakes from being withdrawn: longer than a jury takes. */
    caseSeconds: number;
    /** Gets rewards that nobody earned, and the insurance's part of slashes. */
    treasury: Address;
    /** Questions that secure as much collateral take values only after a commitment. */
    commitTier: bigint;
    /** The time to commit to reports, and then the time to reveal them. */
    reportCommitSeconds: number;
    /** What providers get of a question's reward; the rest is the treasury's. */
    providerShareBps: number;
    /** Bounds that the terms of every opinion market keep. */
    opinionLimits: OpinionLimits;
    /** Five accounts, ascending, three of whom must approve what an opinion market came to. Not given: nobody need. */
    committeeMembers?: readonly Address[];
    bundles: BundleParams;
    /** Not given: a test dollar is deployed and used. */
    collateral?: Address;
  };

export type OpinionLimits = {
  /** What announcing costs, to the treasury, in units of collateral. */
  creationFee: bigint;
  /** From announcing to closing, seconds. */
  leastSeconds: number;
  mostSeconds: number;
  /** One opinion's stake, in units of collateral. */
  leastStake: bigint;
  mostStake: bigint;
};

const TEST_DOLLAR = 1_000_000n;
const DAY = 86_400;

/** Where money may be real: a day to two weeks, half a dollar to 500. */
export const publicOpinionLimits: OpinionLimits = {
  creationFee: 5n * TEST_DOLLAR,
  leastSeconds: DAY,
  mostSeconds: 14 * DAY,
  leastStake: TEST_DOLLAR / 2n,
  mostStake: 500n * TEST_DOLLAR,
};
/** For one machine: a market closes while one looks. */
const localOpinionLimits: OpinionLimits = { ...publicOpinionLimits, leastSeconds: 5 };

/** For the chains of one machine: times short enough to see an answer become final while one looks. */
export const localParams: DeployParams = {
  epochSeconds: 60,
  // Longer than everything that may slash, pauses included: the ladder is not built otherwise.
  unbondingSeconds: 30 * DAY,
  minStake: 1_000n * TEST_DOLLAR,
  lowestWindowSeconds: 5,
  maxQuestionSeconds: 400 * DAY,
  minMarketStake: TEST_DOLLAR / 100n,
  // The first of the accounts that a local node funds.
  deployer: "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266",
  guardian: "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266",
  proposer: "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266",
  policyDelaySeconds: 60,
  seasoningSeconds: 60,
  startFactorBps: 10_000,
  periods: {
    genesis: 1_750_000_000,
    periodSeconds: 300,
    settleSeconds: 5,
    answerSeconds: 120,
    livenessSeconds: 30,
    cooldownSeconds: 600,
    premiumRounds: 100,
  },
  valueLimit: 1_000_000n * TEST_DOLLAR,
  surgeFloor: 5,
  accusationBond: 500n * TEST_DOLLAR,
  accusationFee: 310n * TEST_DOLLAR,
  caseSeconds: DAY / 2,
  // The last of the accounts that a local node funds; the others act in demos.
  treasury: "0x8626f6940e2eb28930efb4cef49b2d1f2c9c1199",
  providerShareBps: 8_000,
  // A quorum of the four providers can secure 5,000.
  commitTier: 4_000n * TEST_DOLLAR,
  reportCommitSeconds: 10,
  assertionReward: 5n * TEST_DOLLAR,
  assertionSeconds: 2 * DAY,
  aggregatedSignatures: false,
  opinionLimits: localOpinionLimits,
  bundles: localBundles,
  ...localWindows,
  ...localBeacon,
};

/**
 * What else an oracle is built with, the same everywhere: a whole unit of the collateral, what a dispute costs in whole
 * units. Times are seconds.
 */
const ORACLE_LIMITS = {
  maxLiveness: 2 * DAY,
  unit: TEST_DOLLAR,
  leastDeposit: 250,
  mostDeposit: 50_000,
} as const;

/** The limits of an oracle that was built with these parameters. */
export const oracleLimitsOf = (
  params: Pick<DeployParams, "commitTier" | "reportCommitSeconds" | "lowestWindowSeconds">,
) => ({
  ...ORACLE_LIMITS,
  lowestWindow: params.lowestWindowSeconds,
  commitTier: params.commitTier,
  commitSeconds: params.reportCommitSeconds,
});
