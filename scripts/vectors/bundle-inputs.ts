import { type Hex, keccak256 } from "viem";
import { randomNumbers, times, write } from "./cases.ts";

// What a leg takes from what others returned: worked out here byte by byte.

const COUNT = 40;
type Random = (below: bigint) => bigint;
type Bytes = readonly number[];

const upTo = (random: Random, most: number) => Number(random(BigInt(most)));
const some = (random: Random, count: number): Bytes => times(count, () => upTo(random, 256));
const hexOf = (bytes: Bytes): Hex => `0x${bytes.map((one) => one.toString(16).padStart(2, "0")).join("")}`;
const numberOf = (bytes: Bytes): bigint => bytes.reduce((sum, one) => sum * 256n + BigInt(one), 0n);
const bitsOf = (places: readonly number[]) => places.reduce((sum, place) => sum + 2 ** place, 0);

type Condition = { from: number; source: number; comparison: number; value: bigint };

function holds({ source, comparison, value }: Condition, bytes: Bytes | undefined): boolean {
  if (!bytes || bytes.length < source + 32) return false;
  const word = numberOf(bytes.slice(source, source + 32));
  return [word === value, word >= value, word <= value][comparison] ?? false;
}

function caseOf(random: Random) {
  const index = 1 + upTo(random, 31);
  const before = times(index, (place) => place);
  const needsOk = before.filter(() => random(3n) === 0n).slice(0, 4);
  const needsFailed = before.filter((place) => !needsOk.includes(place) && random(8n) === 0n).slice(0, 3);
  const needed = [...needsOk, ...needsFailed].toSorted((a, b) => a - b);
  // Now and then one that was never called, or returned nothing.
  const returned = needed.map(() => (random(12n) === 0n ? undefined : some(random, upTo(random, 150))));
  const data = some(random, upTo(random, 120));
  // Mostly of one that may be read, and of what is there.
  const from = () =>
    needed.length > 0 && random(15n) !== 0n ? (needed[upTo(random, needed.length)] ?? 0) : upTo(random, 256);
  const of = (place: number) => returned[needed.indexOf(place)];
  const conditions = times(upTo(random, 2), (): Condition => {
    const place = from();
    const bytes = of(place) ?? [];
    const source = upTo(random, Math.max(1, bytes.length - 30));
    const word = numberOf(bytes.slice(source, source + 32));
    const off = [0n, 0n, 0n, 0n, 1n, -1n][upTo(random, 6)] ?? 0n;
    const value = word + off < 0n ? 0n : BigInt.asUintN(256, word + off);
    return { from: place, source, comparison: upTo(random, 3), value };
  });
  const splices = times(upTo(random, 4), () => {
    const place = from();
    const most = Math.min(of(place)?.length ?? 0, data.length);
    const length = upTo(random, most + 1);
    const source = upTo(random, (of(place)?.length ?? 0) - length + 2);
    const target = random(25n) === 0n ? 2 ** 32 - 1 : upTo(random, data.length - length + 2);
    return { from: place, source, length, target };
  });
  const filled = [...data];
  let fits = conditions.every((one) => holds(one, of(one.from)));
  for (const { from: place, source, length, target } of splices) {
    const bytes = of(place);
    if (!bytes || source + length > bytes.length || target + length > data.length) fits = false;
    else for (let at = 0; at < length; at++) filled[target + at] = bytes[source + at] ?? 0;
  }
  return {
    index,
    needsOk: bitsOf(needsOk),
    needsFailed: bitsOf(needsFailed),
    data: hexOf(data),
    returned: returned.map((bytes) => hexOf(bytes ?? [])),
    results: returned.map((bytes): Hex => (bytes ? keccak256(hexOf(bytes)) : `0x${"00".repeat(32)}`)),
    conditions: conditions.map((one) => ({ ...one, value: String(one.value) })),
    splices,
    fits,
    filled: fits ? hexOf(filled) : "0x",
  };
}

export function bundleInputs(): void {
  const random = randomNumbers(97n);
  write("bundle-inputs.json", {
    about:
      "a leg's calldata with what it takes from legs before it put in; `returned` and its hashes are of the legs that it needs, ascending",
    cases: times(COUNT, () => caseOf(random)),
  });
}
