import { ascending, at } from "@sooth/kernel";
import { INVALID, TOO_EARLY } from "./answer-word.ts";
import { alignDigits, type Decimal, formatDecimal } from "./decimals.ts";
import { kindOf, labelOf } from "./kinds/index.ts";
import type { Terms } from "./terms.ts";
import type { QuestionSchema } from "./wire.ts";

/** What one source said. `silent`: it answered, and has no figure for that moment yet. */
export type Reading =
  | { source: string; said: "number"; number: Decimal }
  | { source: string; said: "silent" }
  | { source: string; said: "nothing"; why: string };

/** What a provider makes of its readings. `dropped` names every source that does not count, with the reason. */
export type Finding = { dropped: ReadonlyMap<string, string> } & (
  | { do: "sign"; value: bigint; reason: string }
  | { do: "abstain"; why: string }
);

/** A reading this many median deviations away is an outlier, if it is also a fifth away from the median. */
const DEVIATIONS = 5n;
const FIFTH = 5n;
/** Fewer readings have no majority against an outlier. */
const ENOUGH_TO_JUDGE = 3;

/**
 * One value out of several sources. More than half of the sources that the question names must stand behind it; when
 * more than half have no figure yet, the value is TOO_EARLY; otherwise the provider abstains and may try again.
 */
export function findValue(
  schema: QuestionSchema,
  terms: Pick<Terms, "min" | "max">,
  readings: readonly Reading[],
): Finding {
  const dropped = new Map<string, string>();
  const named = schema.sources.length;
  const isMajority = (count: number) => 2 * count > named;
  for (const reading of readings) {
    if (reading.said === "nothing") dropped.set(reading.source, reading.why);
    if (reading.said === "silent") dropped.set(reading.source, "has no figure yet");
  }
  if (named === 0) return { do: "abstain", why: "the question names no sources", dropped };
  const silent = readings.filter(({ said }) => said === "silent").length;
  if (isMajority(silent))
    return {
      do: "sign",
      value: TOO_EARLY,
      reason: `${silent} of ${named} sources have no figure yet`,
      dropped,
    };

  const kept = dropAbsurd(schema, terms, readings, dropped);
  if (!isMajority(kept.length))
    return { do: "abstain", why: `only ${kept.length} of ${named} sources can be counted`, dropped };
  if (kindOf(schema).counted(schema)) return countCodes(schema, kept, named, dropped);

  const median = lowerMedian(kept.map(({ number }) => number));
  const value = kindOf(schema).valueOf(median, schema);
  const said = `the median of ${kept.length} of ${named} sources is ${formatDecimal(median)}`;
  if (value === null) return { do: "sign", value: INVALID, reason: `${said}, which is no outcome`, dropped };
  const held = withinBounds(value, terms);
  const label = labelOf(held, schema);
  if (held === value) return { do: "sign", value, reason: `${said}: ${label}`, dropped };
  const end = value > terms.max ? "above the question's largest value" : "below the question's least value";
  return { do: "sign", value: held, reason: `${said}, ${end}, and is held at it: ${label}`, dropped };
}

/**
 * The bounds are inclusive and hold a measure: the largest value means that or more, the least that or less. Were a
 * measure beyond them invalid, an asker could draw them so that what he bets against ends in a refund.
 */
const withinBounds = (value: bigint, { min, max }: Pick<Terms, "min" | "max">): bigint =>
  value < min ? min : value > max ? max : value;

type Kept = Extract<Reading, { said: "number" }>;

function dropAbsurd(
  schema: QuestionSchema,
  terms: Pick<Terms, "min" | "max">,
  readings: readonly Reading[],
  dropped: Map<string, string>,
): Kept[] {
  const kind = kindOf(schema);
  const counted = kind.counted(schema);
  // Bounds above zero say that the thing cannot be zero or less, as a price cannot, unless all sources say that it is.
  const someAbove = readings.some((reading) => reading.said === "number" && reading.number.digits > 0n);
  const mustBeAbove = schema.kind === "numeric" && terms.min > 0n && someAbove;
  const plain = readings.filter((reading): reading is Kept => {
    if (reading.said !== "number") return false;
    const value = kind.valueOf(reading.number, schema);
    if (counted && value === null) dropped.set(reading.source, "names no outcome");
    if (mustBeAbove && reading.number.digits <= 0n) dropped.set(reading.source, "is not above zero");
    return !dropped.has(reading.source);
  });
  if (counted || plain.length < ENOUGH_TO_JUDGE) return plain;

  const digits = alignDigits(plain.map(({ number }) => number));
  const middle = lowerMiddle(digits);
  const off = digits.map((each) => distance(each, middle));
  const deviation = lowerMiddle(off);
  return plain.filter((reading, index) => {
    const far = at(off, index);
    const outlier = far > DEVIATIONS * deviation && far * FIFTH > distance(middle, 0n);
    if (outlier) dropped.set(reading.source, "is more than 20 % away from the median and far off the others");
    return !outlier;
  });
}

function countCodes(
  schema: QuestionSchema,
  kept: readonly Kept[],
  named: number,
  dropped: ReadonlyMap<string, string>,
): Finding {
  const votes = new Map<bigint, number>();
  for (const { number } of kept) {
    const value = kindOf(schema).valueOf(number, schema);
    if (value !== null) votes.set(value, (votes.get(value) ?? 0) + 1);
  }
  const winner = [...votes].find(([, count]) => 2 * count > named);
  if (!winner) return { do: "abstain", why: "no outcome is named by more than half of the sources", dropped };
  const [value, count] = winner;
  return {
    do: "sign",
    value,
    reason: `${count} of ${named} sources say ${labelOf(value, schema)}`,
    dropped,
  };
}

const distance = (a: bigint, b: bigint): bigint => (a < b ? b - a : a - b);

/** Lower, not the mean of two: what is signed is always something that a source said. */
const lowerMiddle = (sizes: readonly bigint[]): bigint =>
  at(sizes.toSorted(ascending), (sizes.length - 1) >> 1);

function lowerMedian(numbers: readonly Decimal[]): Decimal {
  const digits = alignDigits(numbers);
  return at(numbers, digits.indexOf(lowerMiddle(digits)));
}
