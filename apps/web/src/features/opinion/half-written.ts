import { BANDS } from "@sooth/markets/core";

/** An opinion that was begun: its amount as typed, its text, its stance. */
export type Half = { typed: string; text: string; band: number };
type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const nameOf = (market: string): string => `sooth.opinion.${market}`;

/** Of this tab alone, and as long as it is open: who leaves the page and comes back goes on where he was. */
function tabStore(): Store | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined; // blocked: what is written lasts as long as the page
  }
}

export function keepHalf(market: string, half: Half, store = tabStore()): void {
  try {
    store?.setItem(nameOf(market), JSON.stringify(half));
  } catch {
    // full: as above
  }
}

export const forgetHalf = (market: string, store = tabStore()): void => store?.removeItem(nameOf(market));

/** What is kept of a market's; null of none, and of what is none of ours. */
export function readHalf(market: string, store = tabStore()): Half | null {
  let kept: Partial<Record<keyof Half, unknown>> | null;
  try {
    kept = JSON.parse(store?.getItem(nameOf(market)) ?? "null") as typeof kept;
  } catch {
    return null;
  }
  if (typeof kept !== "object" || kept === null) return null;
  const { typed, text, band } = kept;
  const isStance = Number.isInteger(band) && Number(band) >= 0 && Number(band) < BANDS;
  return typeof typed === "string" && typeof text === "string" && isStance
    ? { typed, text, band: Number(band) }
    : null;
}
