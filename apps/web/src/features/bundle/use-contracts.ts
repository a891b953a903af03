import { useMemo } from "react";
import type { BundleDetail, Network } from "../../api.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { type Checked, checkedBundle } from "./checked-bundle.ts";
import type { Contracts } from "./checked-call.ts";

export const contractsOf = ({ hub, addresses }: Pick<Network, "hub" | "addresses">): Contracts => ({
  hub: { chainId: hub.chainId, hub: addresses.bundleHub as `0x${string}` },
  settler: addresses.settler as `0x${string}`,
  escrow: addresses.escrow as `0x${string}`,
});

/** The bundle as it was recomputed here, or why nothing of it is signed or sent. */
export function useChecked(
  bundle: BundleDetail,
): { contracts: Contracts; checked: Checked; refused: undefined } | { refused: Error } {
  const network = useNetwork();
  return useMemo(() => {
    const contracts = contractsOf(network);
    try {
      return { contracts, checked: checkedBundle(contracts.hub, bundle), refused: undefined };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { refused: error };
    }
  }, [network, bundle]);
}
