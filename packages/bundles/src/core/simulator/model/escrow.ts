import { need } from "@sooth/kernel";
import type { Decided } from "../../types.ts";
import { end, enter, heldUp, isAtRest, limitsOf, marksLanes } from "./limits.ts";
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
  if (leg.chainId !== block.chainId || !["escrow", "participant"].includes(leg.kind))
    return { refused: "wrong chain" };
  const key = heldKey(bundle.id, place);
  const held = state.held.get(key);
  if (call.do === "borrow") return borrow(state, call, block, setting, proves);
  if (call.do === "prepare") return prepare(state, call, key, block, setting);
  if (!held) return { refused: "not held" };
  if (held.state !== "held" && setting.rules.finishOnce) return { state };
  if (call.do === "take_back") return takeBack(state, call, key, held, block, setting);
  const decided = decisionIn(call, proves) ?? (setting.rules.finishNeedsDecision ? null : "committed");
  if (decided === null) return { refused: "unproved" };
  if (held.due !== null && held.due !== decided && setting.rules.dueStands)
    return { refused: "due otherwise" };
  if (fails(call, held, block.now, setting)) return { state: failed(state, key, held, decided) };
  const stays = heldUp(state, bundle, place, decided, block.now, setting);
  if (stays) return stays;
  const turns = !setting.rules.outcomeAtRest && isAtRest(state, bundle, place, block.now, setting);
  const paid = decided === "committed" && !turns;
  const counted = held.onLanes ? end(state, bundle, place, paid, block.now, setting) : state;
  return { state: gone(counted, key, held, paid ? "paid" : "returned", call) };
}

function prepare(state: State, call: EscrowCall, key: string, block: Block, setting: Setting): Applied {
  const { bundle, leg: place } = call;
  const { value } = need(bundle.legs[place], "leg");
  if (block.paused) return { refused: "paused" };
  if (block.now > bundle.bundle.deadline) return { refused: "late" };
  if (state.held.has(key) && setting.rules.prepareOnce) return { state };
  if (!setting.authorised(bundle, place)) return { refused: "not authorised" };
  const now: Held = {
    amount: value,
    state: "held",
    relayer: call.by,
    due: null,
    failures: 0,
    onLanes: marksLanes(block, setting.bounds),
  };
  const entered = enter(state, bundle, place, block, setting);
  if ("refused" in entered)
    return setting.rules.refusedIsNotHeld
      ? entered
      : { state: { ...state, held: put(state.held, key, now) } };
  const { state: counted } = entered;
  return { state: { ...counted, held: put(counted.held, key, now), vault: counted.vault + value } };
}

/** What counts against a limit does not leave in the transaction that held it. */
function borrow(state: State, call: EscrowCall, block: Block, setting: Setting, proves: Proves): Applied {
  const key = heldKey(call.bundle.id, call.leg);
  if (state.held.has(key)) return { refused: "held before" };
  const held = prepare(state, call, key, block, setting);
  if ("refused" in held) return held;
  const counts = limitsOf(call.bundle, call.leg, block.now, setting.bounds).length > 0;
  if (counts && setting.rules.leavesInAnother) return { refused: "just held" };
  return escrow(held.state, { ...call, do: "finish" }, block, setting, proves);
}

/** A participant fails a while, for want of gas or by its own fault; a token never: whom it refuses is credited. */
const fails = ({ bundle, leg }: EscrowCall, { failures }: Held, now: number, setting: Setting): boolean =>
  bundle.legs[leg]?.kind === "participant" && !setting.succeeds(bundle, leg, failures, now);

const failed = (state: State, key: string, held: Held, due: Decided | null): State => ({
  ...state,
  held: put(state.held, key, { ...held, due, failures: held.failures + 1 }),
});

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
  if (held.due === "committed" && setting.rules.dueStands) return { refused: "due otherwise" };
  if (fails(call, held, now, setting)) return { state: failed(state, key, held, held.due) };
  const stays = heldUp(state, call.bundle, call.leg, "taken_back", now, setting);
  if (stays) return stays;
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
