import { signs } from "./signs.ts";

/** 123456 millionths → `0.123`, rounded down: never told worse than it is. */
export const formatBrier = (millionths: number): string =>
  `${Math.floor(millionths / 1_000_000)}${signs().decimal}${String(Math.floor((millionths % 1_000_000) / 1_000)).padStart(3, "0")}`;
