import { least, randomNumbers, sum, texts, times, write } from "./cases.ts";

// Weights: the largest c with c * k <= sum of min(stake, c), by bisection.

function weightsOf(stakes: readonly bigint[]) {
  const k = BigInt(Math.min(4, stakes.length));
  let [fits, tooBig] = [0n, sum(stakes) + 1n];
  while (tooBig - fits > 1n) {
    const cap = (fits + tooBig) / 2n;
    if (cap * k <= sum(stakes.map((stake) => least(stake, cap)))) fits = cap;
    else tooBig = cap;
  }
  const weights = stakes.map((stake) => least(stake, fits));
  return { stakes: texts(stakes), weights: texts(weights), total: String(sum(weights)) };
}

export function weights(): void {
  const random = randomNumbers(1n);
  const named: bigint[][] = [
    [1000n],
    [1000n, 3000n],
    [1000n, 2000n, 9000n],
    [1000n, 1000n, 1000n, 1000n],
    [1000n, 1000n, 1000n, 1000000n],
    [1000n, 1001n, 1002n, 1003n, 1004n, 1005n, 9999n],
    [1n, 1n, 1n, 1n, 1n, 1n, 1n, 10n ** 12n],
    // Dust beside four, three and two who hold the stake.
    [...times(4, () => 5000n), ...times(4, () => 100n)],
    [...times(3, () => 5000n), ...times(29, () => 10n)],
    [...times(2, () => 5000n), ...times(6, () => 100n)],
    times(9, (i) => 10n ** BigInt(i)),
    times(32, () => 79_228_162_514_264_337_593_543_950_335n),
  ];
  const drawn = times(40, () => times(1 + Number(random(32n)), () => 1n + random(10n ** (1n + random(15n)))));
  write("weights.json", { about: "stakes to capped weights", cases: [...named, ...drawn].map(weightsOf) });
}
