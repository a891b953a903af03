import { type Address, sameAddress } from "@sooth/kernel";
import { type BundleShown, payShare, placesOfAll, shownAt } from "../../core/index.ts";

/**
 * What `relayer` has of a bundle's fee once its shares are settled, in wei of the hub: of every leg that it brought.
 * @param attesterBps of each share, as the hub was built
 */
export function earnedOf(view: BundleShown, relayer: Address, attesterBps: number): bigint {
  const terms = { ...view.bundle, fee: view.hub.fee };
  return placesOfAll(view).reduce((sum, place) => {
    const { state, relayer: by } = shownAt(view, place);
    if (state !== "ok" && state !== "failed" && state !== "cancelled" && state !== "missed") return sum;
    return sameAddress(by, relayer)
      ? sum + payShare(terms, { status: state, relayer }, attesterBps).toRelayer
      : sum;
  }, 0n);
}
