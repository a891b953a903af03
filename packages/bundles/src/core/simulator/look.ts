import type { Hex } from "@sooth/kernel";
import { NO_RESULT, NOBODY } from "../facts.ts";
import type { BundleShown, LegShown } from "../view.ts";
import { heldKey, type HubWord, type Known, type State } from "./model/index.ts";

export type Sight = { state: State; now: number; paused: boolean };

const NOTHING: LegShown = { state: "none", result: NO_RESULT, relayer: NOBODY, failures: 0 };

/** What the decisions are made of, from states as some node shows them. */
export function viewOf(
  known: Known,
  hubChain: number,
  sights: ReadonlyMap<number, Sight>,
): BundleShown | null {
  const hub = sights.get(hubChain);
  if (!hub) return null;
  const word = hub.state.hub.get(known.id);
  const shown: LegShown[] = [];
  for (const [place, leg] of known.legs.entries()) {
    const sight = sights.get(leg.chainId);
    if (!sight) return null;
    shown.push(legShown(known, place, sight.state, word));
  }
  return {
    ...known,
    hub: {
      now: hub.now,
      paused: hub.paused,
      outcome: word?.outcome ?? "none",
      base: word?.base ?? null,
      fee: word?.fee ?? known.bundle.fee,
      settled: word?.settled ?? false,
    },
    chains: sights,
    shown,
  };
}

function legShown(known: Known, place: number, state: State, word: HubWord | undefined): LegShown {
  if (known.bundle.mode === "escrowed") {
    const held = state.held.get(heldKey(known.id, place));
    if (!held) return NOTHING;
    const how = { held: "held", paid: "ok", returned: "cancelled", taken_back: "taken_back" } as const;
    return { ...NOTHING, state: how[held.state], relayer: held.relayer, failures: held.failures };
  }
  if (!word) return NOTHING;
  const ordinal = word.base + BigInt(place);
  const receipt = state.receipts.get(ordinal);
  const failures = state.failures.get(ordinal) ?? 0;
  return receipt ? { ...receipt, state: receipt.status, failures } : { ...NOTHING, failures };
}

/** What a node makes up: all that was decided is decided the other way, and what has not run ran well. */
export function forged(state: State): State {
  const hub = new Map<Hex, HubWord>();
  for (const [id, word] of state.hub)
    hub.set(id, { ...word, outcome: word.outcome === "aborted" ? "committed" : "aborted" });
  const receipts = new Map(state.receipts);
  for (let ordinal = 1n; ordinal < state.nextOrdinal + 12n; ordinal++)
    receipts.set(ordinal, {
      status: receipts.get(ordinal)?.status === "ok" ? "failed" : "ok",
      result: NO_RESULT,
      relayer: NOBODY,
    });
  return { ...state, hub, receipts };
}
