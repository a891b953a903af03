import { useMemo } from "react";
import type { BundleDetail } from "../../api.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { type Checked, checkedBundle } from "./checked-bundle.ts";
import type { Contracts } from "./checked-call.ts";
import { contractsOf } from "./contracts-of.ts";

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
