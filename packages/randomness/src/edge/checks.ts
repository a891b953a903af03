import type { Addresses, Chain } from "@sooth/chain";
import type { Check, HealthComponent } from "@sooth/runtime";
import { timeOf } from "../core/index.ts";
import { beaconIdentity } from "./beacon-contract.ts";
import type { BeaconSource } from "./beacon-source.ts";

/** Twenty periods of drand's evmnet: a chain's clock may lag some blocks, a beacon some rounds. */
const FRESH_SECONDS = 60;

type Looked = { hub: Chain; addresses: Pick<Addresses, "beacon">; beacon: BeaconSource };

/** The newest round by the relays, and its age by the chain's clock. */
async function newest({ hub, addresses, beacon }: Looked, signal?: AbortSignal) {
  const [identity, { round }, now] = await Promise.all([
    beaconIdentity(hub, addresses),
    beacon.latest(signal),
    hub.now(),
  ]);
  return { round, age: now - timeOf(identity, round) };
}

export const randomnessChecks = (o: Looked): Check[] => [
  {
    id: "randomness.beacon_reachable",
    why: "draws wait while no relay of the beacon gives a round that its key signed",
    run: async () => ({ ok: true, found: `round ${(await newest(o)).round}` }),
  },
  {
    id: "randomness.beacon_fresh",
    why: "a beacon that stands still holds up every draw to come",
    run: async () => {
      const { round, age } = await newest(o);
      return { ok: age <= FRESH_SECONDS, found: `round ${round} is ${age} s old` };
    },
  },
];

/** Health is asked for every second; relays are somebody else's, and each answer takes 25 ms of arithmetic. */
const KEEP_MS = 10_000;

/** Not critical: everything but draws goes on without it. An answer, good or bad, is kept for `keepMs`. */
export function beaconHealth(o: Looked, keepMs: number = KEEP_MS): HealthComponent {
  let kept: { at: number; answer: ReturnType<HealthComponent["check"]> } | undefined;
  const look: HealthComponent["check"] = async (signal) => {
    const { round, age } = await newest(o, signal);
    return age <= FRESH_SECONDS
      ? { ok: true, detail: { round: Number(round), ageSeconds: age } }
      : { ok: false, found: `round ${round} is ${age} s old` };
  };
  return {
    name: "beacon",
    critical: false,
    check: (signal) => {
      const at = performance.now();
      if (!kept || at - kept.at >= keepMs) kept = { at, answer: look(signal) };
      return kept.answer;
    },
  };
}
