import { need } from "@sooth/kernel";
import {
  type Applied,
  type Block,
  type Call,
  type Held,
  heldKey,
  type Proves,
  put,
  type Setting,
  type State,
} from "./state.ts";

type EscrowCall = Extract<Call, { to: "escrow" }>;

/** Mirror of the escrow: what it holds goes once, to the recipient or back. */
export function escrow(
  state: State,
  call: EscrowCall,
  block: Block,
  setting: Setting,
  proves: Proves,
): Applied {
  const { bundle, leg: place } = call;
  const leg = need(bundle.legs[place], "leg");
  if (leg.chainId !== block.chainId || leg.kind !== "escrow") return { refused: "wrong chain" };
  const key = heldKey(bundle.id, place);
  const held = state.held.get(key);
  if (call.do === "prepare") {
    if (block.paused) return { refused: "paused" };
    if (block.now > bundle.bundle.deadline) return { refused: "late" };
    if (held && setting.rules.prepareOnce) return { state };
    if (!setting.authorised(bundle, place)) return { refused: "not authorised" };
    const now: Held = { amount: leg.value, state: "held", relayer: call.by };
    return { state: { ...state, held: put(state.held, key, now), vault: state.vault + leg.value } };
  }
  if (!held) return { refused: "not held" };
  if (held.state !== "held" && setting.rules.finishOnce) return { state };
  if (call.do === "take_back") return takeBack(state, call, key, held, block, setting);
  const decided = decisionIn(call, proves) ?? (setting.rules.finishNeedsDecision ? null : "committed");
  if (decided === null) return { refused: "unproved" };
  return { state: gone(state, key, held, decided === "committed" ? "paid" : "returned", call) };
}

function takeBack(
  state: State,
  call: EscrowCall,
  key: string,
  held: Held,
  { now }: Block,
  setting: Setting,
): Applied {
  const wait = setting.rules.takeBackAfterEscape ? setting.times.escape : 0;
  if (now <= call.bundle.bundle.deadline + wait) return { refused: "early" };
  const after = gone(state, key, held, "taken_back", call);
  return { state: { ...after, sawTakenBackAt: put(state.sawTakenBackAt, key, now) } };
}

const gone = (
  state: State,
  key: string,
  held: Held,
  how: Exclude<Held["state"], "held">,
  { by }: EscrowCall,
): State => ({
  ...state,
  held: put(state.held, key, { ...held, state: how, relayer: by }),
  vault: state.vault - held.amount,
});

function decisionIn({ bundle, evidence }: EscrowCall, proves: Proves) {
  for (const { fact } of evidence)
    if (fact.kind === "decision" && fact.id === bundle.id && proves(fact)) return fact.outcome;
  return null;
}
