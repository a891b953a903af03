/**
 * ECMAScript fixes +, -, *, / and Math.sqrt, Math.floor to the last bit (IEEE 754, double, no fused steps), but not
 * Math.exp. So that every machine gives the same labels, the few functions needed are built from these alone.
 */
const MOST_EXPONENT = 40;
const TERMS = 14;

/** e^x, exact to about 1e-15 for -40..40, held at these bounds. */
export function exp(x: number): number {
  const held = x > MOST_EXPONENT ? MOST_EXPONENT : x < -MOST_EXPONENT ? -MOST_EXPONENT : x;
  const halves = Math.floor(held / Math.LN2 + 0.5);
  const rest = held - halves * Math.LN2;
  let sum = 1;
  for (let term = TERMS; term > 0; term -= 1) sum = 1 + (rest * sum) / term;
  for (let left = halves; left > 0; left -= 1) sum *= 2;
  for (let left = halves; left < 0; left += 1) sum /= 2;
  return sum;
}

/** 1 / (1 + e^-x). */
export const sigmoid = (x: number): number => 1 / (1 + exp(-x));

/** Sum of products of `length` values from two places; in four lanes, always in this order. */
export function dot(a: Float64Array, from: number, b: Float64Array, at: number, length: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let index = 0;
  for (; index + 3 < length; index += 4) {
    s0 += (a[from + index] as number) * (b[at + index] as number);
    s1 += (a[from + index + 1] as number) * (b[at + index + 1] as number);
    s2 += (a[from + index + 2] as number) * (b[at + index + 2] as number);
    s3 += (a[from + index + 3] as number) * (b[at + index + 3] as number);
  }
  for (; index < length; index += 1) s0 += (a[from + index] as number) * (b[at + index] as number);
  return s0 + s1 + (s2 + s3);
}
