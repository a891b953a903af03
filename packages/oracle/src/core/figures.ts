/** Numbers as sentences have them. */

/** "2025-06-15 14:30 UTC" of unix seconds. */
export const dateOf = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** "58.3 %", rounded down. */
export function percentOf(part: bigint, whole: bigint): string {
  if (whole === 0n) return "0 %";
  const tenths = (part * 1000n) / whole;
  return `${tenths / 10n}.${tenths % 10n} %`;
}

export const several = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
