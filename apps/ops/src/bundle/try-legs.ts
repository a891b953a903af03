import { tryLeg } from "@sooth/bundles";
import { asBrought, isDue, type Leg, type Place, type WireBundleDetail } from "@sooth/bundles/core";
import { type Addresses, chainById, unlessAway } from "@sooth/chain";
import type { Address } from "@sooth/kernel";
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
      if (!isDue(detail, place, leg)) return [];
      const due = asBrought(detail, leg);
      if (due === null) return [{ place, fails: "what earlier legs returned does not fit it" }];
      const found = await ifNode(() =>
        unlessAway(() => tryLeg(chainAt(leg.chainId), addresses, detail.owner as Address, due)),
      );
      return found?.fails ? [{ place, fails: `${found.fails} (${chainById(leg.chainId).name})` }] : [];
    }),
  );
  return tried.flat();
}
