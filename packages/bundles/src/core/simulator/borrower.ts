import { type Address, need } from "@sooth/kernel";
import type { Actor } from "./actors.ts";
import { BORROWER } from "./limited.ts";
import { type Call, heldKey } from "./model/index.ts";
import { type BundlePlan, SECONDS } from "./plan.ts";
import type { Chance } from "./random.ts";
import type { World } from "./world.ts";

const RESEND_SECONDS = 25;

/**
 * Fills limits: with what is borrowed for no longer than a transaction, where that is let, and with tokens of his own. What he
 * held he finishes, or leaves to the escape: nobody else knows the legs of his bundles.
 */
export function borrower(by: Address, dice: Chance): Actor {
  const waits = dice.is(0.2);
  const sent = new Map<string, number>();
  return {
    role: BORROWER,
    crash: () => {},
    turn: (world, now) => {
      for (const plan of world.plan.bundles) {
        if (plan.known.bundle.mode !== "escrowed" || !(plan.toldTo?.includes(BORROWER) ?? dice.is(0.1)))
          continue;
        for (const leg of plan.known.legs.keys()) {
          const key = `${plan.known.id} ${leg}`;
          if ((sent.get(key) ?? -RESEND_SECONDS) + RESEND_SECONDS > now) continue;
          const what = next(world, plan, leg, now, waits, dice);
          if (what === null) continue;
          const evidence = world.pool.all(now);
          world.send(BORROWER, { bundle: plan.known, by, evidence, to: "escrow", do: what, leg }, now, dice);
          sent.set(key, now);
        }
      }
    },
  };
}

type What = Extract<Call, { to: "escrow" }>["do"];

function next(
  world: World,
  { known, opensAt }: BundlePlan,
  leg: number,
  now: number,
  waits: boolean,
  dice: Chance,
): What | null {
  const { deadline } = known.bundle;
  const sights = world.newest();
  const stateOf = (chainId: number) => need(sights.get(chainId), "chain").state;
  const held = stateOf(need(known.legs[leg], "leg").chainId).held.get(heldKey(known.id, leg));
  if (held?.state === "held") {
    // Who leaves what was committed to the escape mixes it, and no contract can help that.
    const isCommitted = stateOf(world.hubChain).hub.get(known.id)?.outcome === "committed";
    if (!isCommitted && now > deadline + SECONDS.escape) return "take_back";
    return isCommitted || !waits ? "finish" : null;
  }
  if (held || now < opensAt || now > deadline) return null;
  return dice.is(0.5) ? "borrow" : "prepare";
}
