import { tryLeg } from "@sooth/bundles";
import { compensates, filled, type Leg, type Place, type WireBundleDetail } from "@sooth/bundles/core";
import { type Addresses, chainById } from "@sooth/chain";
import { type Address, AppError, type Hex } from "@sooth/kernel";
import { type ChainAt, ifNode } from "./network.ts";

export type Failing = { place: Place; fails: string };

/** Legs that are next, and that would fail if somebody brought them now. Chains without a node at hand are left out. */
export async function legsThatFail(
  detail: WireBundleDetail,
  legs: readonly Leg[],
  addresses: Addresses,
  chainAt: ChainAt,
): Promise<Failing[]> {
  const tried = await Promise.all(
    [...legs.entries()].map(async ([place, leg]): Promise<Failing[]> => {
      if (!isNext(detail, place, leg)) return [];
      const data = filled(leg, (from) => (detail.shown[from]?.returned ?? NOTHING_RETURNED) as Hex);
      if (data === null) return [{ place, fails: "what earlier legs returned does not fit its conditions" }];
      const due = { ...leg, data, ...DEPENDS_ON_NOTHING };
      const found = await ifNode(() =>
        unlessAway(() => tryLeg(chainAt(leg.chainId), addresses, detail.owner as Address, due)),
      );
      return found?.fails ? [{ place, fails: `${found.fails} (${chainById(leg.chainId).name})` }] : [];
    }),
  );
  return tried.flat();
}

/** Of a call that returned nothing no log is written. */
const NOTHING_RETURNED: Hex = "0x";
const DEPENDS_ON_NOTHING = {
  needsOk: [],
  needsFailed: [],
  needsSettled: [],
  undoes: null,
  splices: [],
  conditions: [],
} as const;

function isNext({ shown, outcome, mode }: WireBundleDetail, place: Place, leg: Leg): boolean {
  const stateOf = (one: Place) => shown[one]?.state;
  if (stateOf(place) !== "none") return false;
  if (mode === "escrowed") return outcome === "none" || outcome === "open";
  const isOk = (one: Place) => stateOf(one) === "ok";
  const hasWhatItNeeds =
    leg.needsOk.every(isOk) &&
    leg.needsFailed.every((one) => stateOf(one) === "failed") &&
    leg.needsSettled.every((one) => stateOf(one) !== "none");
  if (!hasWhatItNeeds) return false;
  return compensates(leg)
    ? outcome === "aborted" && leg.undoes !== null && isOk(leg.undoes)
    : outcome === "none" || outcome === "open";
}

/** Undefined where its node does not answer: what a doctor says otherwise is worth saying all the same. */
async function unlessAway<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AppError && error.code === "chain.rpc_unreachable") return undefined;
    throw error;
  }
}
