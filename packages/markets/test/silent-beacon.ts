import type { BeaconSource } from "@sooth/randomness";

const nobodyAsks = () => Promise.reject(new Error("nobody asks the beacon here"));
/** For tests in which no round is wanted. */
export const silentBeacon: BeaconSource = { fetch: nobodyAsks, latest: nobodyAsks };
