import type { Decimal } from "./decimals.ts";

/** Digits kept of a mantissa. Each step multiplies its error by ten, and there are fewer than twenty. */
const KEPT = 60;
const UNIT = 10n ** BigInt(KEPT);

/**
 * The logarithm to base ten of a number above zero, in fixed point with `places` decimals, rounded to the nearest. Whole
 * numbers only, so that every machine gets the same. Rising: a larger number never has a smaller logarithm.
 * @throws RangeError at zero and below
 */
export function log10(number: Decimal, places: number): bigint {
  if (number.digits <= 0n) throw new RangeError("zero and less have no logarithm");
  const width = number.digits.toString().length;
  let result = BigInt(width - 1 - number.scale);
  let mantissa = scaled(number.digits, width - 1);
  for (let place = 0; place < places; place++) {
    // x to the tenth has ten times the logarithm: its power of ten is the next digit.
    mantissa = tenth(mantissa);
    const digit = mantissa.toString().length - KEPT - 1;
    mantissa /= 10n ** BigInt(digit);
    result = result * 10n + BigInt(digit);
  }
  // Half a step up is the root of ten. No rational number lies on it but powers of ten, which lie on no half.
  return mantissa * mantissa >= 10n * UNIT * UNIT ? result + 1n : result;
}

/** Digits of `width` + 1 places as a mantissa from 1 to below 10, rounded down. */
const scaled = (digits: bigint, width: number): bigint =>
  width <= KEPT ? digits * 10n ** BigInt(KEPT - width) : digits / 10n ** BigInt(width - KEPT);

function tenth(x: bigint): bigint {
  const second = (x * x) / UNIT;
  const fourth = (second * second) / UNIT;
  const eighth = (fourth * fourth) / UNIT;
  return (eighth * second) / UNIT;
}
