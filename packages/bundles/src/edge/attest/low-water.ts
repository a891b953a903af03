import type { Hex } from "@sooth/kernel";
import { z } from "zod";
import type { Fact } from "../../core/index.ts";
import type { Remembered } from "../watch/index.ts";

/**
 * What a journal has no lines of any more. Nothing of it is said ever again, whatever chains show: so that it was said otherwise
 * need not be known. It only ever grows, and what was left out of it once is never let in again.
 */
export type LowWater = {
  /** No decision on a bundle whose deadline (unix seconds) was earlier, but on those in `ids`. A bundle's id binds its deadline. */
  before: number;
  ids: ReadonlySet<Hex>;
  /** Nothing at these ordinals, but at those in `legs`. One range for each hub: theirs are far apart. */
  ranges: readonly { from: bigint; below: bigint }[];
  legs: ReadonlySet<bigint>;
};
export const NO_LOW_WATER: LowWater = { before: 0, ids: new Set(), ranges: [], legs: new Set() };

/** Hubs begin anywhere among 2^63 ordinals; none gives out so many. */
const OF_ONE_HUB = 1n << 40n;

/** Whether nothing is to be said there, for what was is not known. */
export const isOrdinalPast = ({ ranges, legs }: LowWater, ordinal: bigint): boolean =>
  !legs.has(ordinal) && ranges.some(({ from, below }) => from <= ordinal && ordinal < below);

export const isDecisionPast = ({ before, ids }: LowWater, id: Hex, deadline: number): boolean =>
  deadline < before && !ids.has(id);

/**
 * Whether nothing is to be said of a fact any more. Sets and days are few and kept for ever; of `prepared` there is but one content,
 * so nobody can contradict himself by it. @param deadlineOf of a bundle's header; undefined when nobody told it
 */
export function isPast(fact: Fact, mark: LowWater, deadlineOf: (id: Hex) => number | undefined): boolean {
  if (fact.kind === "opened") return isOrdinalPast(mark, fact.base + BigInt(fact.index));
  if (fact.kind === "receipt") return isOrdinalPast(mark, fact.ordinal);
  // Nothing is said of a bundle whose header is not known.
  return fact.kind === "decision" && isDecisionPast(mark, fact.id, deadlineOf(fact.id) ?? 0);
}

/**
 * How far it may rise: over all that was said of bundles that nobody needs.
 * @param said ordinals of which something was
 * @param needed bundles that have not ended
 * @param before of bundles with an earlier deadline nobody needs a decision but of those
 */
export function raised(
  mark: LowWater,
  o: { said: Iterable<bigint>; needed: Iterable<Remembered>; before: number },
): LowWater {
  const needed = [...o.needed];
  const before = Math.max(mark.before, o.before);
  const live = new Set<bigint>();
  for (const { base, legs } of needed)
    if (base !== null) for (let leg = 0; leg < legs; leg++) live.add(base + BigInt(leg));
  const ranges = mark.ranges.map((range) => ({ ...range }));
  for (const ordinal of o.said) {
    if (live.has(ordinal)) continue;
    const near = ranges.find(({ from }) => ordinal - from < OF_ONE_HUB && from - ordinal < OF_ONE_HUB);
    if (!near) ranges.push({ from: ordinal, below: ordinal + 1n });
    else if (ordinal < near.from) near.from = ordinal;
    else if (ordinal >= near.below) near.below = ordinal + 1n;
  }
  const isIn = (ordinal: bigint) => ranges.some(({ from, below }) => from <= ordinal && ordinal < below);
  return {
    before,
    ranges,
    legs: new Set([...live].filter((ordinal) => isIn(ordinal) && !isOrdinalPast(mark, ordinal))),
    ids: new Set(
      needed.flatMap(({ id, deadline }) =>
        deadline !== null && deadline < before && !isDecisionPast(mark, id, deadline) ? id : [],
      ),
    ),
  };
}

const digits = z.string().regex(/^\d{1,20}$/);
export const wireLowWater = z.object({
  before: z.number().int(),
  ids: z.array(z.string().regex(/^0x[0-9a-f]{64}$/)),
  ranges: z.array(z.object({ from: digits, below: digits })),
  legs: z.array(digits),
});

export const lowWaterToWire = ({ before, ids, ranges, legs }: LowWater): z.infer<typeof wireLowWater> => ({
  before,
  ids: [...ids],
  ranges: ranges.map(({ from, below }) => ({ from: String(from), below: String(below) })),
  legs: [...legs].map(String),
});

export const lowWaterFromWire = (wire: z.infer<typeof wireLowWater>): LowWater => ({
  before: wire.before,
  ids: new Set(wire.ids as Hex[]),
  ranges: wire.ranges.map(({ from, below }) => ({ from: BigInt(from), below: BigInt(below) })),
  legs: new Set(wire.legs.map(BigInt)),
});
