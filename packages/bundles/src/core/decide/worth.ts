import { type Address, never, sameAddress } from "@sooth/kernel";
import {
  acrossBytes,
  acrossGas,
  hubBytes,
  laidOut,
  legBytes,
  legGas,
  participantGas,
  relayerShare,
} from "../costs.ts";
import type { Place } from "../types.ts";
import { type BundleShown, chainOf, legAt, placesOfAll, shownAt } from "../view.ts";
import type { Action } from "./relayer.ts";

/** Gas around what a transaction of one step does, alone with its evidence. Rounded up from contracts/snapshots. */
const HELD = 120_000n;
/** What a leg that runs takes without its call: it marks an ordinal too, perhaps the first of its word. */
const CALLED_OFF = 95_000n;
const HUB_STEP = 80_000n;
const HUB_LEG = 20_000n;

/**
 * Units of gas that a step may take when it is sent by itself: by what its owner stated, not by what a try took. What a call
 * does is decided by state that its owner may change between the try and the block.
 */
export function statedGas(view: BundleShown, action: Action): bigint {
  switch (action.do) {
    case "run":
    case "compensate": {
      const leg = legAt(view, action.leg);
      return legGas(leg, view.legs, BigInt(leg.gasLimit)).alone;
    }
    case "prepare":
    case "finish": {
      const leg = legAt(view, action.leg);
      const across = isAcross(view, action.leg) ? acrossGas(leg, view.legs)[action.do] : 0n;
      return HELD + across + BigInt(participantGas(leg));
    }
    case "take_back":
      return HELD + BigInt(participantGas(legAt(view, action.leg)));
    case "cancel":
      return CALLED_OFF;
    case "abort":
      return HUB_STEP;
    case "commit":
    case "settle":
      return HUB_STEP + HUB_LEG * BigInt(view.bundle.legs);
    default:
      return never(action);
  }
}

/** Whether a lane is bounded where the leg is held: then it is held with the other legs shown, and its end is counted. */
const isAcross = (view: BundleShown, place: Place): boolean => chainOf(view, place).lanes === true;

/** Bytes of the transaction in which a step is sent by itself. */
export function statedBytes(view: BundleShown, action: Action): number {
  const count = view.legs.length;
  if (!("leg" in action)) return hubBytes(count, action.facts.length);
  const shown = action.do === "prepare" && isAcross(view, action.leg) ? acrossBytes(count) : 0;
  return legBytes(legAt(view, action.leg), count, action.facts.length) + shown;
}

/** Whether a step calls code that the bundle's owner chose. The others cost what they cost, whoever asks for them. */
export const callsOthers = ({ do: what }: Action): boolean =>
  what === "run" || what === "compensate" || what === "prepare" || what === "finish" || what === "take_back";

export type Means = {
  relayer: Address;
  /** Of each share, as the hub was built. */
  attesterBps: number;
  /**
   * Wei of the hub that were spent on this bundle, or stand ready to be; what its legs were handed counts. For steps that call
   * nobody's code: on those alone.
   */
  spent: bigint;
  /** Wei that a bundle may be given beyond what it pays. */
  gift: bigint;
};

/**
 * Wei of the hub that a step may cost a relayer, so that the bundle repays all that he spent on it. Shares of legs that he
 * brought are his; of what is still to be brought an ordered bundle's next leg counts for itself alone, or others would bring
 * the cheap ones and leave him the dear one at an equal share. What an escrow holds is prepared before anything is earned.
 * Steps that call nobody's code are taken where the bundle pays for them, whoever earned it: else what a relayer began who is
 * no more would wait for ever.
 */
export function mayCost(
  view: BundleShown,
  action: Action,
  { relayer, attesterBps, spent, gift }: Means,
): bigint {
  // Its header states a fee that nobody paid.
  if (action.do === "abort" && action.why === "unopened") return gift - spent;
  const share = relayerShare({ fee: view.hub.fee, legs: view.bundle.legs }, attesterBps);
  if (!callsOthers(action)) return share * BigInt(view.bundle.legs) + gift - spent;
  const paid = placesOfAll(view).reduce((sum, place) => {
    const { state, relayer: by } = shownAt(view, place);
    if (state === "none" || state === "held")
      return view.bundle.mode === "escrowed" || ("leg" in action && place === action.leg) ? sum + share : sum;
    return sameAddress(by, relayer) ? sum + share / partOf(view, place) : sum;
  }, 0n);
  return paid + gift - spent;
}

/** What part of a share a leg pays: of what was only called off a quarter. Source: BundleWord.UNRUN_PART. */
function partOf(view: BundleShown, place: Place): bigint {
  const { state } = shownAt(view, place);
  return view.bundle.mode === "ordered" && (state === "cancelled" || state === "missed") ? 4n : 1n;
}

/** Wei of its own chain that a step hands to others, when it goes well. */
export const handedOn = (view: BundleShown, action: Action): bigint =>
  action.do === "run" || action.do === "compensate" ? laidOut(legAt(view, action.leg)) : 0n;
