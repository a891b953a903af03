import type { PinTarget } from "../../core/index.ts";
import type { MarketsConfig } from "../config.ts";

/** Where a deployment has texts pinned; nowhere by default. */
export const pinTargets = (
  config: Pick<MarketsConfig, "CONTENT_IPFS_API" | "CONTENT_PINNING_URL">,
): PinTarget[] => [
  ...(config.CONTENT_IPFS_API === undefined ? [] : (["ipfs"] as const)),
  ...(config.CONTENT_PINNING_URL === undefined ? [] : (["service"] as const)),
];
