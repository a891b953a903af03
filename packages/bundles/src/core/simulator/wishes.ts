import type { Leg, Mode } from "../types.ts";
import type { ChainPlan, Fault, LimitPlan } from "./plan.ts";

/** How long attesters wait: blocks on top, or a word of the chain's. */
export type Wait = number | "safe" | "finalized";

/** Somebody's own bundle, in place of drawn ones. Where it fails, and who refuses it, is drawn all the same. */
export type OwnBundle = {
  mode: Mode;
  legs: readonly Leg[];
  /** From its opening to its deadline. */
  seconds: number;
  /** The hub's chain; one of its own where no leg is there. */
  hubChain: number;
};

/** What of a plan is said and not drawn. The rest comes from the seed, as ever. */
export type Wishes = {
  /** How many, the hub's with them. Counts for nothing where an own bundle names its chains. */
  chains?: number;
  /** One for each chain, the hub's first; the last counts for all after it. */
  blockSeconds?: readonly number[];
  /** As `blockSeconds`. */
  waits?: readonly Wait[];
  bundles?: number;
  faults?: readonly Fault[];
  liars?: number;
  limits?: readonly LimitPlan[];
  own?: OwnBundle;
};

/** Ids of the plan's chains, the hub's first. @param drawn how many where nobody says */
export function chainIdsOf({ chains, own }: Wishes, drawn: number): number[] {
  if (own) return [...new Set([own.hubChain, ...own.legs.map(({ chainId }) => chainId)])];
  return Array.from({ length: chains ?? drawn }, (_, i) => 10 * (i + 1));
}

/** A chain as it was drawn, but for what is said of it. */
export function chainAsWished(drawn: ChainPlan, index: number, { blockSeconds, waits }: Wishes): ChainPlan {
  const wait = waits?.[index] ?? waits?.at(-1);
  return {
    ...drawn,
    blockSeconds: blockSeconds?.[index] ?? blockSeconds?.at(-1) ?? drawn.blockSeconds,
    // What a word of the chain's comes to in blocks is drawn.
    ...(typeof wait === "number" ? { wait, word: null } : wait === undefined ? {} : { word: wait }),
  };
}
