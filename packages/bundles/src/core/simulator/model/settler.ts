import { need } from "@sooth/kernel";
import { NO_RESULT, type Fact } from "../../facts.ts";
import type { Leg, Place, Settled } from "../../types.ts";
import { type Applied, type Block, type Call, type Proves, put, type Setting, type State } from "./state.ts";

type SettlerCall = Extract<Call, { to: "settler" }>;
type Asked = {
  state: State;
  call: SettlerCall;
  leg: Leg;
  ordinal: bigint;
  block: Block;
  setting: Setting;
  proves: Proves;
};

/** Mirror of the settler: one bit a leg, and one receipt for it, ever. A leg that has its receipt is passed over. */
export function settler(
  state: State,
  call: SettlerCall,
  block: Block,
  setting: Setting,
  proves: Proves,
): Applied {
  const { bundle, leg: place, base } = call;
  const leg = need(bundle.legs[place], "leg");
  const ordinal = base + BigInt(place);
  if (leg.chainId !== block.chainId || bundle.bundle.mode !== "ordered") return { refused: "wrong chain" };
  const { owner, deadline } = bundle.bundle;
  const hash = need(bundle.hashes[place], "hash");
  if (!proves({ kind: "opened", base, index: place, owner, deadline, leg: hash }))
    return { refused: "unproved" };
  if (state.receipts.has(ordinal) && (setting.rules.replayBit || call.do === "cancel")) return { state };
  const asked = { state, call, leg, ordinal, block, setting, proves };
  return call.do === "run" ? run(asked) : cancel(asked);
}

function run(asked: Asked): Applied {
  const { state, call, leg, ordinal, block, setting } = asked;
  const { rules } = setting;
  const known = call.bundle;
  if (leg.undoes === null) {
    if (block.paused) return { refused: "paused" };
    if (rules.runBeforeDeadline && block.now > known.bundle.deadline) return { refused: "late" };
  } else {
    if (rules.undoNeedsAbort && !isAborted(asked)) return { refused: "not aborted" };
    if (rules.undoNeedsOk && statusIn(asked, leg.undoes) !== "ok") return { refused: "not due" };
  }
  if (rules.dependencies) {
    const waits =
      leg.needsOk.some((place) => statusIn(asked, place) !== "ok") ||
      leg.needsFailed.some((place) => statusIn(asked, place) !== "failed") ||
      leg.needsSettled.some((place) => statusIn(asked, place) === null);
    if (waits) return { refused: "needs" };
  }
  const failures = state.failures.get(ordinal) ?? 0;
  const succeeds = setting.succeeds(known, call.leg, failures, block.now);
  if (!succeeds && leg.undoes !== null)
    return { state: { ...state, failures: put(state.failures, ordinal, failures + 1) } };
  // What is returned depends on where it ran: a chain that takes it back and runs it again returns something else.
  const result = `0x${block.height.toString(16).padStart(64, "0")}` as const;
  const runs = put(state.sawRuns, ordinal, (state.sawRuns.get(ordinal) ?? 0) + 1);
  const ranAt = put(state.sawRanAt, ordinal, block.now);
  const told = receipt(
    { ...state, sawRuns: runs, sawRanAt: ranAt },
    asked,
    succeeds ? "ok" : "failed",
    result,
  );
  return { state: told };
}

function cancel(asked: Asked): Applied {
  const { state, call, leg, block, setting } = asked;
  if (leg.undoes === null && block.now > call.bundle.bundle.deadline)
    return { state: receipt(state, asked, "missed", NO_RESULT) };
  if (setting.rules.cancelNeedsDecision && !isAborted(asked)) return { refused: "not aborted" };
  if (leg.undoes !== null && [null, "ok"].includes(statusIn(asked, leg.undoes))) return { refused: "due" };
  return { state: receipt(state, asked, "cancelled", NO_RESULT) };
}

const receipt = (state: State, { call, ordinal }: Asked, status: Settled, result: `0x${string}`): State => ({
  ...state,
  receipts: put(state.receipts, ordinal, { status, result, relayer: call.by }),
});

/** What the batch proves of another leg of the same bundle. */
function statusIn({ call, proves }: Asked, place: Place): Settled | null {
  const ordinal = call.base + BigInt(place);
  const found = call.evidence.find(
    ({ fact }) => fact.kind === "receipt" && fact.ordinal === ordinal && proves(fact),
  )?.fact as Extract<Fact, { kind: "receipt" }> | undefined;
  return found?.status ?? null;
}

const isAborted = ({ call, proves }: Asked): boolean =>
  proves({ kind: "decision", id: call.bundle.id, base: call.base, outcome: "aborted" });
