import { commaList } from "@sooth/runtime";
import { z } from "zod";

export const randomnessConfig = z.object({
  BEACON_URLS: commaList.describe(
    "comma list of the beacon's relays, the preferred first: .../v2/beacons/evmnet, or .../<chain hash> where only the older paths are served; empty: drand's public ones, or on a local network the laptop's own",
  ),
  BEACON_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .positive()
    .default(4_000)
    .describe(
      "how long one relay may take for an answer; after half a second without one the next is asked too",
    ),
});
export type RandomnessConfig = z.infer<typeof randomnessConfig>;

/** Chain hash of drand's evmnet: the older paths begin with it. */
const EVMNET_HASH = "04f1e9062b8a81f848fded9c12306733282b2727ecced50032187751166ec8c3";

/** Relays of the League of Entropy, and Cloudflare's, which serves the older paths alone. Source: https://docs.drand.love */
export const EVMNET_RELAYS: readonly string[] = [
  "https://api.drand.sh/v2/beacons/evmnet",
  "https://api2.drand.sh/v2/beacons/evmnet",
  "https://api3.drand.sh/v2/beacons/evmnet",
  `https://drand.cloudflare.com/${EVMNET_HASH}`,
];
