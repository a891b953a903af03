export type { BeaconFault } from "./fault.ts";
export { type LocalBeacon, type LocalBeaconOptions, startLocalBeacon } from "./start-local-beacon.ts";
