import type { Network } from "../../api.ts";
import type { Contracts } from "./checked-call.ts";

/** Where bundles are opened, held and settled, as the network names it. */
export const contractsOf = ({ hub, addresses }: Pick<Network, "hub" | "addresses">): Contracts => ({
  hub: { chainId: hub.chainId, hub: addresses.bundleHub as `0x${string}` },
  settler: addresses.settler as `0x${string}`,
  escrow: addresses.escrow as `0x${string}`,
});
