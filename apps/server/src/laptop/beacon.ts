import { type Chain, localBeacon } from "@sooth/chain";
import { startLocalBeacon } from "@sooth/randomness/local-beacon";
import type { Lifecycle } from "@sooth/runtime";
import { portAsSentence } from "./ports.ts";

/** Where the laptop's beacon speaks; `npx sooth check` finds it by its port. */
export const localBeaconUrl = (port: number): string => `http://127.0.0.1:${port}/v2/beacons/local`;

/**
 * A beacon of one key that everybody knows, for a laptop: its rounds are verified like drand's, and are no secret. It
 * speaks by the hub's clock, and fails on command at `/__control`. @throws server.port_busy
 */
export async function startBeacon(o: {
  lifecycle: Lifecycle;
  port: number;
  hub: Chain;
  secretKey: bigint;
}): Promise<string> {
  await o.lifecycle.add("beacon", async () => {
    const beacon = await portAsSentence(o.port, "the local beacon", () =>
      startLocalBeacon({
        genesis: localBeacon.beaconGenesis,
        period: localBeacon.beaconPeriodSeconds,
        secretKey: o.secretKey,
        port: o.port,
        now: () => o.hub.now(),
        control: true,
      }),
    );
    return () => beacon.stop();
  });
  return localBeaconUrl(o.port);
}
