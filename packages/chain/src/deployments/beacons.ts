import type { Hex } from "@sooth/kernel";
import { isLocal } from "../chains/index.ts";

/** Whose rounds the beacon contract of a deployment follows, and when they are published. */
export type BeaconParams = {
  /** 128 bytes, as drand publishes it: imaginary parts first. */
  beaconKey: Hex;
  /** Unix seconds of round 1. */
  beaconGenesis: number;
  beaconPeriodSeconds: number;
};

/** drand's evmnet, run by the League of Entropy. Source: https://api.drand.sh/v2/beacons/evmnet/info */
export const evmnet: BeaconParams = {
  beaconKey:
    "0x07e1d1d335df83fa98462005690372c643340060d205306a9aa8106b6bd0b3820557ec32c2ad488e4d4f6008f89a346f18492092ccc0d594610de2732c8b808f0095685ae3a85ba243747b1b2f426049010f6b73a0cf1d389351d5aaaa1047f6297d3a4f9749b33eb2d904c9d9ebf17224150ddd7abd7567a9bec6c74480ee0b",
  beaconGenesis: 1_727_521_075,
  beaconPeriodSeconds: 3,
};

/**
 * A laptop's own, of a key that everybody can derive (apps/server/src/laptop/accounts.ts): whoever looks knows every
 * round beforehand. It begins before the past that demos live in.
 */
export const localBeacon: BeaconParams = {
  beaconKey:
    "0x14af17ca5b0991232e7f4daabb01702c160c5e15e47ee2cbc688008c7f2e44062e070d72781e7b88919f434f00a7af5d873305bf705e3c27910e36671ee14949083fb731a84a09ad091a5165365ea3b22408c41c332493da16c7480a1c7c2bc32848f147aaf9a0213b3b09e6e34400c4cd95b45747ed5a9f4406dc8be5b24293",
  beaconGenesis: 1_577_836_800,
  beaconPeriodSeconds: 3,
};

export const beaconOf = (chainId: number): BeaconParams => (isLocal(chainId) ? localBeacon : evmnet);
