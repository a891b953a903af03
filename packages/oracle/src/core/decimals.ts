import { OracleError } from "./errors.ts";

/** An exact decimal number: `digits` × 10^-`scale`, scale never negative. No floats anywhere on the way to a value. */
export type Decimal = { readonly digits: bigint; readonly scale: number };

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/;
/** Longer texts are no measurement. Bounds the work that a hostile source can ask for. */
const MAX_TEXT = 100;
const MAX_EXPONENT = 60;

/** Reads a number as JSON writes it: `2315.5`, `-3`, `1e-7`. @throws oracle.not_a_number */
export function parseDecimal(text: string): Decimal {
  const found = text.length > MAX_TEXT ? null : NUMBER.exec(text);
  const exponent = Number(found?.[4] ?? 0);
  if (found === null || Math.abs(exponent) > MAX_EXPONENT)
    throw OracleError.not_a_number({ text: text.slice(0, MAX_TEXT) });
  const [, sign, whole = "", fraction = ""] = found;
  const digits = BigInt(whole + fraction) * (sign === "-" ? -1n : 1n);
  return shift({ digits, scale: fraction.length }, exponent);
}

/** The number times 10^`power`. */
export function shift(number: Decimal, power: number): Decimal {
  const scale = number.scale - power;
  return scale >= 0
    ? { digits: number.digits, scale }
    : { digits: number.digits * 10n ** BigInt(-scale), scale: 0 };
}

/** Negative, zero or positive, as `a` is below, at or above `b`. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const [left, right] = alignDigits([a, b]) as [bigint, bigint];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The digits of all, brought to the largest scale among them: comparable and subtractable as integers. */
export function alignDigits(numbers: readonly Decimal[]): bigint[] {
  const scale = Math.max(0, ...numbers.map((number) => number.scale));
  return numbers.map((number) => number.digits * 10n ** BigInt(scale - number.scale));
}

/** Fixed point with `decimals` places. Rounds half to even, so that rounding has no direction. */
export function toFixedPoint(number: Decimal, decimals: number): bigint {
  if (number.scale <= decimals) return number.digits * 10n ** BigInt(decimals - number.scale);
  const unit = 10n ** BigInt(number.scale - decimals);
  const negative = number.digits < 0n;
  const size = negative ? -number.digits : number.digits;
  const whole = size / unit;
  const twice = (size % unit) * 2n;
  const rounded = twice > unit || (twice === unit && whole % 2n === 1n) ? whole + 1n : whole;
  return negative ? -rounded : rounded;
}

/** `231550000000` with 8 decimals is `2315.5`: exact, without trailing zeros. */
export function formatFixedPoint(value: bigint, decimals: number): string {
  const size = (value < 0n ? -value : value).toString().padStart(decimals + 1, "0");
  const fraction = decimals === 0 ? "" : size.slice(-decimals).replace(/0+$/, "");
  const whole = decimals === 0 ? size : size.slice(0, -decimals);
  return `${value < 0n ? "-" : ""}${whole}${fraction && `.${fraction}`}`;
}

export const formatDecimal = (number: Decimal): string => formatFixedPoint(number.digits, number.scale);

/** For people: `2315.5` → `2,315.5`. */
export function groupThousands(text: string): string {
  const [whole = "", fraction] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
