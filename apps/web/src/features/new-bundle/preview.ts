import { type Built, legToWire } from "@sooth/bundles/core";
import type { BundleDetail, LegShown } from "../../api.ts";

/** As the page of a bundle has it, of which nothing has happened yet. */
export const previewOf = ({ bundle, legs, hashes }: Built): Pick<BundleDetail, "mode" | "shown"> => ({
  mode: bundle.mode,
  shown: legs.map((leg, place): LegShown => ({
    place,
    hash: hashes[place] ?? "0x",
    chainId: leg.chainId,
    leg: legToWire(leg),
    state: "none",
    failures: 0,
    returned: null,
    relayer: null,
    transaction: null,
    block: null,
    at: null,
    heldAt: null,
    heldIn: null,
    gasUsed: null,
    cost: null,
    wait: null,
    result: null,
  })),
});
