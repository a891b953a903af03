import { t } from "@lingui/core/macro";
import { BANDS, stanceOf } from "@sooth/markets/core";

/** The band in the middle: neither for nor against. */
export const MIDDLE_BAND = (BANDS - 1) / 2;

/** Where a place from 0 to 100 stands, in words. */
export function stanceWords(place: number): string {
  if (place === 0) return t`wholly against`;
  if (place < 25) return t({ context: "stance", message: "against" });
  if (place < 45) return t`rather against`;
  if (place <= 55) return t({ context: "stance", message: "undecided" });
  if (place <= 75) return t`rather for`;
  return place < 100 ? t({ context: "stance", message: "for" }) : t`wholly for`;
}

/** Colour of a place from 0 to 100: the two ends of the scale, and paper between them. */
export function stanceColor(place: number): string {
  const [end, part] = place < 50 ? ["var(--s-0)", 50 - place] : ["var(--s-1)", place - 50];
  return `color-mix(in oklab, ${end} ${25 + Math.round(part * 1.5)}%, var(--rule-2))`;
}

/** The band whose stance is nearest to a place. */
export const bandNear = (place: number): number =>
  Math.max(0, Math.min(BANDS - 1, Math.round(place / stanceOf(1))));
