// Numbers of sixty decimals, far beyond what is compared: exp and ln by their series, roots by bisection.

const ONE = 10n ** 60n;
export const WAD = 10n ** 18n;

export const fromWad = (wad: bigint): bigint => (wad * ONE) / WAD;
/** Rounds towards minus infinity, as the true value does. */
export const toWad = (real: bigint): bigint => {
  const unit = ONE / WAD;
  return (real - (((real % unit) + unit) % unit)) / unit;
};
export const times = (a: bigint, b: bigint): bigint => (a * b) / ONE;
export const over = (a: bigint, b: bigint): bigint => (a * ONE) / b;
export const real = (numerator: bigint, denominator = 1n): bigint => (numerator * ONE) / denominator;

export function exp(x: bigint): bigint {
  // exp(x) = exp(x / 2^k)^(2^k), with x / 2^k below a thousandth.
  let k = 0n;
  while ((x < 0n ? -x : x) >> k > ONE / 1000n) k++;
  let term = ONE;
  let sum = ONE;
  for (let n = 1n; term !== 0n; n++) {
    term = times(term, x >> k) / n;
    sum += term;
  }
  for (let i = 0n; i < k; i++) sum = times(sum, sum);
  return sum;
}

export function ln(x: bigint): bigint {
  if (x > 2n * ONE) return ln(x / 2n) + LN_2;
  if (x < ONE) return ln(2n * x) - LN_2;
  return artanhTwice(over(x - ONE, x + ONE));
}

/** ln((1 + z) / (1 - z)) = 2 (z + z^3/3 + z^5/5 + ...) */
function artanhTwice(z: bigint): bigint {
  let power = z;
  let sum = 0n;
  for (let n = 1n; power !== 0n; n += 2n) {
    sum += power / n;
    power = times(power, times(z, z));
  }
  return 2n * sum;
}

const LN_2 = artanhTwice(real(1n, 3n));

export function root(x: bigint): bigint {
  let [low, high] = [0n, x + ONE];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (times(middle, middle) <= x) low = middle;
    else high = middle;
  }
  return low;
}

/** The whole part, or null when so close to the next that what is compared may lie on its other side. */
export function whole(x: bigint): bigint | null {
  const margin = ONE / 10n ** 9n;
  return (x - margin) / ONE === (x + margin) / ONE ? x / ONE : null;
}
