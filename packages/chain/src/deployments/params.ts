import type { Address } from "@sooth/kernel";
import { type BeaconParams, localBeacon } from "./beacons.ts";

export type Addresses = {
  stakeManager: Address;
  oracle: Address;
  markets: Address;
  beacon: Address;
  collateral: Address;
};

/** What the contracts are built with. It is part of their addresses: other values are another deployment. */
export type DeployParams = BeaconParams & {
  epochSeconds: number;
  unbondingSeconds: number;
  /** Smallest stake of a provider, in units of collateral. */
  minStake: bigint;
  /** Shortest time between an answer and its finality. */
  minLivenessSeconds: number;
  /** Longest time between opening and deadline of a question. */
  maxQuestionSeconds: number;
  /** Smallest stake on an outcome, in units of collateral. */
  minMarketStake: bigint;
  treasury: Address;
  /** What providers get of a question's reward; the rest is the treasury's. */
  providerShareBps: number;
  /** Not given: a test dollar is deployed and used. */
  collateral?: Address;
};

const TEST_DOLLAR = 1_000_000n;
const DAY = 86_400;

/** For the chains of one machine: times short enough to see an answer become final while one looks. */
export const localParams: DeployParams = {
  epochSeconds: 60,
  unbondingSeconds: DAY,
  minStake: 1_000n * TEST_DOLLAR,
  minLivenessSeconds: 5,
  maxQuestionSeconds: 400 * DAY,
  minMarketStake: TEST_DOLLAR / 100n,
  // The last of the accounts that a local node funds; the others act in demos.
  treasury: "0x8626f6940e2eb28930efb4cef49b2d1f2c9c1199",
  providerShareBps: 8_000,
  ...localBeacon,
};
