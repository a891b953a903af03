import { ascending, at } from "@sooth/kernel";
import { sumOfWeights, type Weighted } from "../aggregate.ts";
import { compareDecimals, type Decimal, groupThousands, toFixedPoint } from "../decimals.ts";
import { OracleError } from "../errors.ts";
import { log10 } from "../log10.ts";
import { type Bounds, clamp, type QuestionKind } from "./question-kind.ts";

/** The centre and half the width of an interval, both log10 of US dollars in fixed point with six decimals. */
export type Interval = { centre: bigint; half: bigint };

const DECIMALS = 6;
const SCALE = 10n ** BigInt(DECIMALS);
const HALF_BITS = 32n;
const HALF_MASK = (1n << HALF_BITS) - 1n;
/** From a millionth of a dollar to 10^18: what anything is worth lies between. */
const LEAST = -6n * SCALE;
const MOST = 18n * SCALE;
/** Half a width is cut here: a value that is known to twelve powers of ten either way is not known. */
const WIDEST = 12n * SCALE;
/** Four of five readings lie in the interval. */
const SHARE = { of: 5n, counted: 4n };
const PLACES = 4;

/**
 * A value as it is signed: the centre above, half the width in the low 32 bits. Values so order by their centres, and the
 * median of them is one provider's centre with its interval. See docs/decisions/log-usd.md.
 */
export const packInterval = ({ centre, half }: Interval): bigint =>
  (centre << HALF_BITS) | (half > WIDEST ? WIDEST : half);
/** Back. The shift rounds down, below zero too. */
export const unpackInterval = (value: bigint): Interval => ({
  centre: value >> HALF_BITS,
  half: value & HALF_MASK,
});

const pack = (centre: bigint): Bounds => ({
  min: centre << HALF_BITS,
  max: (centre << HALF_BITS) | HALF_MASK,
});

/** What something is worth, with the interval that holds it four times in five. */
export const logUsd: QuestionKind = {
  name: "log-usd",
  title: "A valuation",
  hint: "What is it worth, and how sure is that?",
  aggregation: "median",
  complaint: ({ outcomes, rule, decimals, unit }) => {
    if (outcomes.length > 0) return "a valuation has no outcomes";
    if (decimals !== DECIMALS) return `a valuation has ${DECIMALS} decimals, those of its logarithm`;
    if (unit !== "USD") return "a valuation is in USD";
    return rule.type === "value" ? null : "a valuation takes the value itself";
  },
  bounds: () => ({ min: pack(LEAST).min, max: pack(MOST).max }),
  /** Written in dollars. */
  boundsOf: ({ min, max }) => ({
    min: min === undefined ? pack(LEAST).min : pack(boundIn(min)).min,
    max: max === undefined ? pack(MOST).max : pack(boundIn(max)).max,
  }),
  sizeOf: (size) => pack(boundIn(size)).min,
  // Powers of ten: 0.0414 is a tenth more. The low bits are filled, or centres at the very end would not be within.
  toleranceOf: (size) => (toFixedPoint(size, DECIMALS) << HALF_BITS) | HALF_MASK,
  counted: () => false,
  refusal: (observed) => (observed.digits <= 0n ? "is not above zero" : null),
  valueOf: (observed, _, among = []) => {
    if (observed.digits <= 0n) return null;
    const centre = log10(observed, DECIMALS);
    return packInterval({ centre, half: halfWidth(centre, among) });
  },
  // The interval stays as wide as it is: only its centre is held.
  hold: (value, { min, max }) => {
    const { centre, half } = unpackInterval(value);
    const bounds = { min: unpackInterval(min).centre, max: unpackInterval(max).centre };
    return clamp(packInterval({ centre: clamp(centre, bounds), half }), { min, max });
  },
  label: (value, { unit }) => {
    const { centre, half } = unpackInterval(value);
    const worth = `${dollars(centre)}${unit === "" ? "" : ` ${unit}`}`;
    // What is wider is no interval but the end of the bounds.
    if (half === 0n || half > WIDEST) return worth;
    return `${worth} (80 %: ${dollars(centre - half)} to ${dollars(centre + half)})`;
  },
  remark: (value, reports) => {
    const { centre, half } = unpackInterval(value);
    const wider = dispersion(centre, reports);
    return wider <= half
      ? null
      : `Four fifths of the weight lie between ${dollars(centre - wider)} and ${dollars(centre + wider)} USD, which is wider than the interval that was signed.`;
  },
  form: {
    fields: [],
    deciding: [],
    initial: {},
    read: () => ({
      part: { outcomes: [], decimals: DECIMALS, unit: "USD", rule: { type: "value" } },
      problems: {},
    }),
    typedFor: () => ({}),
    edges: "Rising amounts in dollars. The centre of the valuation decides; on an edge it belongs above.",
    aboutBounds:
      "Bounds are in dollars. What agrees is told in powers of ten: 0.0414 is a tenth more or less.",
  },
};

/** How far from `centre` four fifths of the weight lie: what an interval is widened to by who lends on it. */
export function dispersion(centre: bigint, reports: readonly Weighted[]): bigint {
  const far = reports
    .map(({ value, weight }) => ({ far: distance(unpackInterval(value).centre, centre), weight }))
    .toSorted((a, b) => ascending(a.far, b.far));
  const total = sumOfWeights(reports);
  let reached = 0n;
  for (const each of far) {
    reached += each.weight;
    if (reached * SHARE.of >= total * SHARE.counted) return each.far;
  }
  return 0n;
}

/** The same among the readings of one provider, each of weight one. */
function halfWidth(centre: bigint, among: readonly Decimal[]): bigint {
  const far = among
    .filter(({ digits }) => digits > 0n)
    .map((each) => distance(log10(each, DECIMALS), centre))
    .toSorted(ascending);
  if (far.length === 0) return 0n;
  const needed = Number((BigInt(far.length) * SHARE.counted + SHARE.of - 1n) / SHARE.of);
  return at(far, needed - 1);
}

function boundIn(usd: Decimal): bigint {
  if (compareDecimals(usd, { digits: 0n, scale: 0 }) <= 0)
    throw OracleError.bad_terms({ what: "a bound of a valuation is not above zero" });
  return log10(usd, DECIMALS);
}

const distance = (a: bigint, b: bigint): bigint => (a < b ? b - a : a - b);

/** Four digits of ten to the power: for people, nothing is computed from it. */
function dollars(power: bigint): string {
  const value = 10 ** (Number(power) / Number(SCALE));
  const digits = Math.max(0, PLACES - 1 - Math.floor(Math.log10(value)));
  const rounded = Number(value.toPrecision(PLACES));
  return groupThousands(rounded.toFixed(Math.min(digits, 12)));
}
