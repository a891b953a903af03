import { wantedLegs } from "../../graph.ts";
import type { Decided } from "../../types.ts";
import {
  type Applied,
  type Block,
  type Call,
  type HubWord,
  type Proves,
  put,
  type Setting,
  type State,
} from "./state.ts";

type HubCall = Extract<Call, { to: "hub" }>;

/** Mirror of the hub: one word a bundle, and the first decision stands. */
export function hub(state: State, call: HubCall, block: Block, setting: Setting, proves: Proves): Applied {
  const word = state.hub.get(call.bundle.id);
  if (call.do === "open") return open(state, call, block, setting);
  if (!word) return call.do === "abort" ? unopened(state, call, block, setting) : { refused: "unknown" };
  if (call.do === "settle") return settle(state, call, word, setting, proves);
  if (word.outcome !== "open" && setting.rules.firstDecisionWins) return { refused: "decided" };
  const why =
    call.do === "commit"
      ? mayCommit(call, word, block, setting, proves)
      : mayAbort(call, word, block, setting, proves);
  if (why !== null) return { refused: why };
  return decided(state, call, word, call.do === "commit" ? "committed" : "aborted", block);
}

function open(
  state: State,
  { bundle: { id, bundle } }: HubCall,
  { now, paused }: Block,
  { rules }: Setting,
): Applied {
  if (paused) return { refused: "paused" };
  if (state.hub.has(id)) return { refused: "opened" };
  if (now >= bundle.deadline) return { refused: "late" };
  const word: HubWord = { outcome: "open", base: state.nextOrdinal, fee: bundle.fee, settled: false };
  return {
    state: {
      ...state,
      hub: put(state.hub, id, word),
      nextOrdinal: state.nextOrdinal + BigInt(rules.ordinalsApart ? bundle.legs : 1),
      fees: state.fees + bundle.fee,
      sawFeesIn: state.sawFeesIn + bundle.fee,
    },
  };
}

/** What nobody opened until its deadline is aborted, without a fee. */
function unopened(
  state: State,
  { bundle: { id, bundle } }: HubCall,
  { now }: Block,
  { rules }: Setting,
): Applied {
  if (bundle.mode !== "escrowed") return { refused: "unknown" };
  if (now <= bundle.deadline && rules.unopenedAfterDeadline) return { refused: "early" };
  const word: HubWord = { outcome: "aborted", base: state.nextOrdinal, fee: 0n, settled: true };
  return {
    state: {
      ...state,
      hub: put(state.hub, id, word),
      nextOrdinal: state.nextOrdinal + BigInt(rules.ordinalsApart ? bundle.legs : 1),
      sawUnopenedAt: put(state.sawUnopenedAt, id, now),
    },
  };
}

function decided(state: State, call: HubCall, word: HubWord, outcome: Decided, { now }: Block): Applied {
  return {
    state: {
      ...state,
      hub: put(state.hub, call.bundle.id, { ...word, outcome }),
      sawDecidedAt: put(state.sawDecidedAt, call.bundle.id, now),
    },
  };
}

function mayCommit(
  { bundle: { id, bundle, legs }, evidence }: HubCall,
  word: HubWord,
  block: Block,
  { rules }: Setting,
  proves: Proves,
) {
  if (bundle.mode === "escrowed") {
    // Of an ordered one all has happened already.
    if (block.paused) return "paused";
    if (rules.commitBeforeDeadline && block.now > bundle.deadline) return "late";
    return proves({ kind: "prepared", id }) ? null : "unproved";
  }
  const ok = new Set(
    evidence.flatMap(({ fact }) =>
      fact.kind === "receipt" && fact.status === "ok" && proves(fact) ? fact.ordinal : [],
    ),
  );
  const wanted = rules.commitNeedsAll ? wantedLegs(legs) : wantedLegs(legs).slice(0, 1);
  return wanted.every((place) => ok.has(word.base + BigInt(place))) ? null : "unproved";
}

function mayAbort(
  { bundle: { bundle, legs }, by, evidence }: HubCall,
  word: HubWord,
  { now }: Block,
  setting: Setting,
  proves: Proves,
) {
  if (by === bundle.owner) return null;
  const wait = bundle.mode === "escrowed" ? 0 : setting.times.grace;
  if (now > bundle.deadline + wait || !setting.rules.abortAfterDeadline) return null;
  if (bundle.mode === "escrowed") return "early";
  const bad = evidence.some(
    ({ fact }) =>
      fact.kind === "receipt" &&
      (fact.status === "failed" || fact.status === "missed") &&
      wantedLegs(legs).some((place) => fact.ordinal === word.base + BigInt(place)) &&
      proves(fact),
  );
  return bad ? null : "early";
}

/** Each leg's share to whom its receipt names, the rest to the owner: all of the fee leaves. */
function settle(state: State, call: HubCall, word: HubWord, { rules }: Setting, proves: Proves): Applied {
  if (word.outcome === "open") return { refused: "open" };
  if (word.settled && rules.feesOnce) return { refused: "settled" };
  if (call.evidence.some(({ fact }) => !proves(fact))) return { refused: "unproved" };
  return {
    state: {
      ...state,
      hub: put(state.hub, call.bundle.id, { ...word, settled: true }),
      fees: state.fees - word.fee,
      sawFeesOut: state.sawFeesOut + word.fee,
    },
  };
}
