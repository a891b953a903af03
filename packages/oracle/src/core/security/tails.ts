/** Upper tails of the two distributions that the monitor tests against. Exact to about 1e-12 relative; no tables. */

/** P(N(0,1) >= z). Source: continued fraction of Mills' ratio from 3 on, series of the distribution below. */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < 3) {
    let term = z;
    let sum = z;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n += 1) {
      term *= (z * z) / (2 * n + 1);
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = 0;
  for (let n = 60; n >= 1; n -= 1) fraction = n / (z + fraction);
  return density / (z + fraction);
}

/** ln(n!) by Stirling's series, exact below 16. */
export function logFactorial(n: number): number {
  if (n < 16) {
    let product = 1;
    for (let k = 2; k <= n; k += 1) product *= k;
    return Math.log(product);
  }
  const x = n + 1;
  const correction = 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5);
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + correction;
}

/** P(Poisson(mean) >= count). A sum of rare independent events is at most this likely to be so large. */
export function poissonTail(count: number, mean: number): number {
  if (count <= 0) return 1;
  if (mean <= 0) return 0;
  const at = (k: number): number => Math.exp(k * Math.log(mean) - mean - logFactorial(k));
  // From the side on which the terms only fall.
  if (count > mean) {
    let term = at(count);
    let sum = term;
    for (let k = count + 1; term > sum * 1e-16; k += 1) {
      term *= mean / k;
      sum += term;
    }
    return Math.min(1, sum);
  }
  let term = at(count - 1);
  let sum = term;
  for (let k = count - 1; k > 0 && term > sum * 1e-16; k -= 1) {
    term *= k / mean;
    sum += term;
  }
  return Math.max(0, 1 - sum);
}
