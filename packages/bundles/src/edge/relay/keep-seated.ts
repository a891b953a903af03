import { setTimeout as delay } from "node:timers/promises";
import { type Addresses, type Chain, type DirectLane, isLocal } from "@sooth/chain";
import type { Logger } from "@sooth/runtime";
import { dueRenewal, renewalData } from "../attest/renew.ts";
import { aborted } from "./aborted.ts";
import { attempt, cannotTry, MOST_GAS } from "./attempt.ts";
import { relayFailures, relayHeldBack } from "./metrics.ts";
import type { Evidence } from "./ports.ts";

export type KeepSeatedOptions = {
  hub: Chain;
  rollups: readonly Chain[];
  addresses: Addresses;
  lanes: ReadonlyMap<number, readonly DirectLane[]>;
  evidence: Evidence;
  signal: AbortSignal;
  log: Logger;
};

/** Sets change with epochs, and are renewed once a day. */
const LOOK_MS = 60_000;
const LOCAL_LOOK_MS = 2_000;

/**
 * Tells every chain of the attesters that the hub seats, and that they sit there still, until the signal aborts. Each chain by
 * itself, so that one that stands still keeps none of the others from it.
 */
export async function keepSeated(o: KeepSeatedOptions): Promise<void> {
  const pause = isLocal(o.hub.definition.id) ? LOCAL_LOOK_MS : LOOK_MS;
  await Promise.all(
    [o.hub, ...o.rollups].map(async (chain) => {
      while (!o.signal.aborted) {
        try {
          await keepOn(o, chain);
        } catch (error) {
          if (o.signal.aborted) return;
          relayFailures.inc({ part: "renewals" });
          o.log.warn({ err: error, chain: chain.definition.name }, "attesters cannot be renewed now");
        }
        await delay(pause, undefined, { signal: o.signal }).catch(() => undefined);
      }
    }),
  );
}

async function keepOn(o: KeepSeatedOptions, chain: Chain): Promise<void> {
  const { addresses, evidence, signal, log } = o;
  const { id, name } = chain.definition;
  // Another process has these accounts, and does the same.
  const lane = o.lanes.get(id)?.find(({ hasRoom }) => hasRoom);
  const renewal = lane && (await dueRenewal(o, chain));
  if (!lane || !renewal) return;
  const { what } = renewal;
  const asked = what === "adopt" ? { batch: null } : await evidence.ask([renewal.fact], id, signal);
  if (!("batch" in asked)) {
    relayHeldBack.inc({ chain: name, what, why: "unattested" });
    log.info({ chain: name, what, why: asked.why }, "attesters do not say yet who sits");
    return;
  }
  const call = { to: addresses.attesters, data: renewalData(renewal, asked.batch), value: 0n };
  const tried = { ...call, from: lane.account, gas: MOST_GAS };
  const [found] = await attempt(chain, [tried], (await chain.now()) + 1).catch((error: unknown) => {
    if (cannotTry(error)) return [null];
    throw error;
  });
  if (found && !found.ok) {
    // Mostly somebody was faster, which is as good; what is due still shows at the next look.
    relayHeldBack.inc({ chain: name, what, why: "reverts" });
    log.debug({ chain: name, what, why: found.why }, "a renewal would revert");
    return;
  }
  const gas = found ? (found.gasUsed * 6n) / 5n + 50_000n : MOST_GAS;
  const { used } = await lane.send({ ...call, gas, purpose: `bundle_${what}` });
  log.info({ chain: name, what }, "attesters are renewed");
  // Else the same would be due again until it is mined; what never is, its lane replaces.
  await Promise.race([used, aborted(signal)]);
}
