export { beaconIdentity, provedSeed } from "./edge/beacon-contract.ts";
export type { BeaconIdentity, BeaconSource, SignedRound } from "./edge/beacon-source.ts";
export { beaconHealth, randomnessChecks } from "./edge/checks.ts";
export { EVMNET_RELAYS, type RandomnessConfig, randomnessConfig } from "./edge/config.ts";
export { openBeacon, type RandomnessDeps } from "./edge/deps.ts";
export { drandClient, type DrandOptions } from "./edge/drand-client.ts";
export { proveRounds, type RoundRequests, sweepRounds } from "./edge/prove-rounds.ts";
