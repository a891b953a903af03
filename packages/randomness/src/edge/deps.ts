import type { Addresses, Chain } from "@sooth/chain";
import type { Logger } from "@sooth/runtime";
import type { Store } from "@sooth/store";
import { beaconIdentity } from "./beacon-contract.ts";
import type { BeaconSource } from "./beacon-source.ts";
import { EVMNET_RELAYS, type RandomnessConfig } from "./config.ts";
import { drandClient } from "./drand-client.ts";

export type RandomnessDeps = {
  store: Store;
  hub: Chain;
  addresses: Pick<Addresses, "beacon">;
  beacon: BeaconSource;
  log: Logger;
};

/** The relays that the configuration names, held against the key that the contract on the hub was built with. */
export const openBeacon = (
  hub: Chain,
  addresses: Pick<Addresses, "beacon">,
  config: RandomnessConfig,
): BeaconSource =>
  drandClient({
    identity: () => beaconIdentity(hub, addresses),
    urls: config.BEACON_URLS.length > 0 ? config.BEACON_URLS : EVMNET_RELAYS,
    timeoutMs: config.BEACON_TIMEOUT_MS,
  });
