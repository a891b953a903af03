import { ascending, at } from "@sooth/kernel";
import { INVALID, isSentinel, TOO_EARLY } from "./answer-word.ts";
import { alignDigits, type Decimal, formatDecimal, parseDecimal } from "./decimals.ts";
import { type Bounds, kindOf, labelOf } from "./kinds/index.ts";
import type { Terms } from "./terms.ts";
import type { QuestionSchema } from "./wire.ts";

/**
 * What one source said. `silent`: it answered, and has no figure for that moment yet. `publicAt`: when the figure became
 * public, unix seconds, where the source tells.
 */
export type Reading =
  | { source: string; said: "number"; number: Decimal; publicAt?: number }
  | { source: string; said: "silent" }
  | { source: string; said: "nothing"; why: string };

/** What a provider makes of its readings. `dropped` names every source that does not count, with the reason. */
export type Finding = { dropped: ReadonlyMap<string, string> } & (
  | { do: "sign"; value: bigint; reason: string }
  | { do: "abstain"; why: string }
);

/** Why a source that answered does not count yet. */
export const NO_FIGURE_YET = "has no figure yet";

/** A reading this many median deviations away is an outlier, if it is also a fifth away from the median. */
const DEVIATIONS = 5n;
const FIFTH = 5n;
/** Fewer readings have no majority against an outlier. */
const ENOUGH_TO_JUDGE = 3;
/** Of the time from opening to deadline; its end is late. */
const LATE_PART = 4;
const LONGEST_LATE = 3_600;

/**
 * From when on it is late for a question, unix seconds: sources that say nothing are no longer waited for, and what the
 * schema says for that case holds. The last quarter of the time to report, an hour at most.
 */
export const lateFrom = ({ opensAt, deadline }: Pick<Terms, "opensAt" | "deadline">): number =>
  deadline - Math.min(LONGEST_LATE, Math.ceil((deadline - opensAt) / LATE_PART));

type Drops = Map<string, string>;
type Kept = Extract<Reading, { said: "number" }>;
/** A question as its readings are judged. */
type Asked = { schema: QuestionSchema; bounds: Bounds; late: boolean; dropped: Drops };

/**
 * One value out of several sources. More than half of the sources that the question names must stand behind it, or the
 * first that speaks if the question says so; when more than half have no figure yet, the value is TOO_EARLY, or late its
 * default; otherwise the provider abstains and may try again.
 */
export function findValue(
  schema: QuestionSchema,
  bounds: Bounds,
  readings: readonly Reading[],
  late = false,
): Finding {
  const asked: Asked = { schema, bounds, late, dropped: new Map() };
  const { dropped } = asked;
  if (schema.sources.length === 0) return { do: "abstain", why: "the question names no sources", dropped };
  const inTime = readings.map((reading) => beforeCutOff(reading, asked));
  for (const reading of inTime) {
    if (reading.said === "nothing") dropped.set(reading.source, reading.why);
    if (reading.said === "silent" && !dropped.has(reading.source)) dropped.set(reading.source, NO_FIGURE_YET);
  }
  return schema.order === "first" ? firstThatSpeaks(asked, inTime) : byMajority(asked, readings, inTime);
}

/**
 * Once it is late: what the secondary sources say where the others could not be counted. They are judged as the others are,
 * but for their silence, which is no answer: who cut the wires to the others could otherwise choose the default.
 */
export function findBySecondary(
  schema: QuestionSchema,
  bounds: Bounds,
  first: Extract<Finding, { do: "abstain" }>,
  readings: readonly Reading[],
): Finding {
  const named = { ...schema, sources: schema.secondary ?? [], default: "invalid" };
  const found = findValue(named, bounds, readings, true);
  const uncounted = schema.sources.map(
    ({ name }) => [name, "too few of the sources can be counted"] as const,
  );
  const dropped = new Map([...uncounted, ...first.dropped, ...found.dropped]);
  if (found.do === "sign" && !isSentinel(found.value))
    return { ...found, reason: `${first.why}; of the secondary ones, ${found.reason}`, dropped };
  const why = found.do === "sign" ? found.reason : found.why;
  return { do: "abstain", why: `${first.why}; of the secondary ones, ${why}`, dropped };
}

/** What became public after the cut-off does not count: its source says nothing, and will say nothing else. */
function beforeCutOff(reading: Reading, { schema: { discloseBy }, dropped }: Asked): Reading {
  if (discloseBy === undefined || reading.said !== "number" || reading.publicAt === undefined) return reading;
  if (reading.publicAt <= discloseBy) return reading;
  dropped.set(reading.source, "tells what became public after the cut-off");
  return { source: reading.source, said: "silent" };
}

function byMajority(asked: Asked, readings: readonly Reading[], inTime: readonly Reading[]): Finding {
  const { schema, dropped } = asked;
  const named = schema.sources.length;
  const isMajority = (count: number) => 2 * count > named;
  const silent = inTime.filter(({ said }) => said === "silent").length;
  if (isMajority(silent)) {
    const tooLate = silent - readings.filter(({ said }) => said === "silent").length;
    return isMajority(tooLate)
      ? byDefault(asked, `${tooLate} of ${named} sources tell what became public after the cut-off`)
      : nothingYet(asked, `${silent} of ${named} sources have no figure yet`);
  }
  const kept = dropAbsurd(asked, inTime);
  if (!isMajority(kept.length))
    return { do: "abstain", why: `only ${kept.length} of ${named} sources can be counted`, dropped };
  if (kindOf(schema).counted(schema)) return countCodes(asked, kept);
  const numbers = kept.map(({ number }) => number);
  const median = lowerMedian(numbers);
  const said = `the median of ${kept.length} of ${named} sources is ${formatDecimal(median)}`;
  return signed(asked, median, numbers, said);
}

/** In the order of the list. One that cannot be read may have spoken, so it is waited for until it is late. */
function firstThatSpeaks(asked: Asked, readings: readonly Reading[]): Finding {
  const { schema, bounds, late, dropped } = asked;
  for (const reading of readings) {
    if (reading.said === "nothing" && !late)
      return { do: "abstain", why: `${reading.source}, which comes first, ${reading.why}`, dropped };
    if (reading.said !== "number") continue;
    const refusal = kindOf(schema).refusal(reading.number, schema, bounds);
    if (refusal !== null) {
      dropped.set(reading.source, refusal);
      continue;
    }
    const said = `${reading.source} is the first that speaks, and says ${formatDecimal(reading.number)}`;
    return signed(asked, reading.number, [reading.number], said);
  }
  return readings.some(({ said }) => said !== "silent")
    ? { do: "abstain", why: "no source can be counted", dropped }
    : nothingYet(asked, "no source has a figure yet");
}

/** Silence is too early, until it is late and the question says what holds then. */
const nothingYet = (asked: Asked, why: string): Finding =>
  asked.late && asked.schema.default !== "invalid"
    ? byDefault(asked, why)
    : { do: "sign", value: TOO_EARLY, reason: why, dropped: asked.dropped };

function byDefault(asked: Asked, why: string): Finding {
  const { schema, dropped } = asked;
  if (schema.default === "invalid") return { do: "sign", value: INVALID, reason: why, dropped };
  const number = parseDecimal(schema.default);
  return signed(asked, number, [number], `${why}, so that its default holds, ${schema.default}`);
}

function signed(
  { schema, bounds, dropped }: Asked,
  number: Decimal,
  among: Decimal[],
  said: string,
): Finding {
  const kind = kindOf(schema);
  const value = kind.valueOf(number, schema, among);
  if (value === null) return { do: "sign", value: INVALID, reason: `${said}, which is no outcome`, dropped };
  // The bounds are inclusive and hold a measure: the largest value means that or more, the least that or less. Were a
  // measure beyond them invalid, an asker could draw them so that what he bets against ends in a refund.
  const held = kind.hold(value, bounds);
  const label = labelOf(held, schema);
  if (held === value) return { do: "sign", value, reason: `${said}: ${label}`, dropped };
  const end = value > bounds.max ? "above the question's largest value" : "below the question's least value";
  return { do: "sign", value: held, reason: `${said}, ${end}, and is held at it: ${label}`, dropped };
}

function dropAbsurd({ schema, bounds, dropped }: Asked, readings: readonly Reading[]): Kept[] {
  const kind = kindOf(schema);
  const counted = kind.counted(schema);
  const numbers = readings.filter((reading): reading is Kept => reading.said === "number");
  const refusals = new Map(
    numbers.map((reading) => [reading, kind.refusal(reading.number, schema, bounds)] as const),
  );
  // What all sources say of a size is so, however odd it is.
  const allOdd = !counted && numbers.every((reading) => refusals.get(reading) !== null);
  const plain = numbers.filter((reading) => {
    const refusal = refusals.get(reading) ?? null;
    if (refusal !== null && !allOdd) dropped.set(reading.source, refusal);
    return refusal === null || allOdd;
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

function countCodes({ schema, dropped }: Asked, kept: readonly Kept[]): Finding {
  const named = schema.sources.length;
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
