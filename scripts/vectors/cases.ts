import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

export const folder = path.resolve(import.meta.dirname, "../../vectors");

/** The same numbers on every run: splitmix64. */
export function randomNumbers(seed: bigint): (below: bigint) => bigint {
  let state = seed;
  const mask = (1n << 64n) - 1n;
  return (below) => {
    state = (state + 0x9e3779b97f4a7c15n) & mask;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
    return (z ^ (z >> 31n)) % below;
  };
}

export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
export const sum = (values: readonly bigint[]): bigint => values.reduce((all, one) => all + one, 0n);
export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const texts = (values: readonly bigint[]): string[] => values.map(String);

export function write(name: string, content: object): void {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}
