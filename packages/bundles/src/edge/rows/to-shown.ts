import { type BundleShown, type ChainShown, type Leg, STANDALONE } from "../../core/index.ts";
import { NO_RESULT, NOBODY } from "../../core/index.ts";
import { type Clocks, isPaused } from "./clocks.ts";
import type { StoredBundle } from "./load-bundles.ts";

/**
 * What rows and clocks show of a bundle, as every decision takes it. Legs that nobody has handed over stand there as calls that
 * need nothing: enough for how far it is, and not to act on, which {StoredBundle} tells by its `legs`.
 */
export function toShown(stored: StoredBundle, hubChainId: number, clocks: Clocks): BundleShown {
  const { id, bundle, fee, opening, outcome, reclaimed } = stored;
  const hub = clocks.get(hubChainId);
  const contract = bundle.mode === "escrowed" ? "escrow" : "settler";
  const legs = stored.legs ?? stored.shown.map(({ chainId }) => unknownLeg(chainId ?? hubChainId));
  const chains = new Map<number, ChainShown>();
  for (const { chainId } of legs) {
    const clock = clocks.get(chainId);
    // Of a chain that nobody follows here the hub's clock is as good as any: no leg of it will be seen to run.
    chains.set(chainId, {
      now: clock?.now ?? hub?.now ?? 0,
      paused: clock !== undefined && isPaused(clock, contract),
      lanes: clock?.lanes ?? false,
    });
  }
  return {
    id,
    bundle,
    legs,
    hashes: stored.hashes ?? stored.shown.map(({ hash }) => hash ?? NO_RESULT),
    hub: {
      now: hub?.now ?? 0,
      paused: hub !== undefined && isPaused(hub, "hub"),
      outcome,
      base: opening?.base ?? null,
      fee,
      settled: reclaimed !== null || isPaid(stored),
    },
    chains,
    shown: stored.shown,
  };
}

/** Whether the share of every leg of which something became has gone out. Others can not be claimed, only reclaimed. */
function isPaid({ outcome, shares, shown }: StoredBundle): boolean {
  if (outcome !== "committed" && outcome !== "aborted") return false;
  const paid = new Set(shares.map(({ place }) => place));
  return shown.every(
    ({ state }, place) => paid.has(place) || !["ok", "failed", "cancelled", "missed"].includes(state),
  );
}

const unknownLeg = (chainId: number): Leg => ({
  chainId,
  kind: "shared",
  target: NOBODY,
  value: 0n,
  gasLimit: 1,
  data: "0x",
  ...STANDALONE,
  salt: NO_RESULT,
});
