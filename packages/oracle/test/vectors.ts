import { readFileSync } from "node:fs";

/** The cases in vectors/<name>.json, which the contracts run as well. */
export const vectors = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../../vectors/${name}.json`, import.meta.url), "utf8")) as T;
export const bigints = (texts: readonly string[]): bigint[] => texts.map(BigInt);
