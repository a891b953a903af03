import type { Amount } from "@sooth/kernel";
import { stanceOf } from "../rules/bands.ts";

/** Mean stance by stake in hundredths, 0 to 10,000, rounded down; null while nobody told one. `staked`: of each band. */
export function crowdOf(staked: readonly Amount[]): number | null {
  const total = staked.reduce((all, one) => all + one, 0n);
  if (total === 0n) return null;
  const stances = staked.reduce((all, one, band) => all + one * BigInt(stanceOf(band)), 0n);
  return Number((stances * 100n) / total);
}
