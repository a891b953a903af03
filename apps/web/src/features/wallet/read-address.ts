import { t } from "@lingui/core/macro";
import type { Hex } from "@sooth/kernel";
import { isAddress } from "viem";

/** An address as people paste it. Without what makes keys: most forms want an address alone. */
export const readAddress = (text: string): { address: Hex } | { problem: string } => {
  const clean = text.trim();
  return isAddress(clean)
    ? { address: clean }
    : { problem: t`An address starts with 0x and has 40 digits more.` };
};
