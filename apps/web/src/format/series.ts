import { kindOf, type KindName } from "@sooth/oracle/core";

const PALETTE = 8;

/**
 * Colour of an outcome, the same on every page. Yes and No have their own; brackets of a number run from cool to
 * warm, because their order means something; names of a list take turns.
 */
export function seriesColor(kind: KindName, index: number, count: number): string {
  if (kind === "bool") return `var(--s-${index === 1 ? 1 : 0})`;
  if (kindOf({ kind }).sizeOf) {
    const share = count < 2 ? 100 : Math.round((100 * index) / (count - 1));
    return `color-mix(in oklab, var(--s-0) ${share}%, var(--s-2))`;
  }
  return `var(--s-${(index + 1) % PALETTE})`;
}
