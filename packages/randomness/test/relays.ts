import { at } from "@sooth/kernel";
import { onTestFinished } from "vitest";
import { publicKeyOf } from "../src/core/index.ts";
import type { BeaconIdentity } from "../src/index.ts";
import { type LocalBeacon, startLocalBeacon } from "../src/local-beacon/index.ts";

export const SECRET = 0x50074n;
export const GENESIS = 1_000;
export const PERIOD = 3;
export const identity: BeaconIdentity = {
  publicKey: publicKeyOf(SECRET),
  genesis: GENESIS,
  period: PERIOD,
};

/** A local beacon whose clock the test sets. */
export async function relay(o: { now?: number; secretKey?: bigint; control?: boolean } = {}) {
  const time = { now: o.now ?? GENESIS + 100 * PERIOD };
  const beacon = await startLocalBeacon({
    secretKey: o.secretKey ?? SECRET,
    genesis: GENESIS,
    period: PERIOD,
    now: () => time.now,
    control: o.control ?? false,
  });
  onTestFinished(() => beacon.stop());
  return { beacon, time };
}

export async function relays(count: number): Promise<[LocalBeacon, ...LocalBeacon[]]> {
  const started = await Promise.all(Array.from({ length: count }, () => relay()));
  const [, ...rest] = started.map(({ beacon }) => beacon);
  return [at(started, 0).beacon, ...rest];
}
