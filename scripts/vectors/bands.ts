import { randomNumbers, sum, texts, times, write } from "./cases.ts";

// Opinion markets. The rules are taken literally, position by position: powers of nearness, the Brier rule as a fraction.

const EXPONENTS = [1n, 2n, 4n, 8n];
const BRIER = 4;

type Position = { band: number; amount: bigint };

function pay(positions: readonly Position[], score: number, rule: number, feeBps: bigint, prizeBps: bigint) {
  const total = sum(positions.map(({ amount }) => amount));
  const distances = positions.map(({ band }) => BigInt(Math.abs(5 * band - score)));
  const squares = sum(positions.map(({ amount }, i) => amount * (distances[i] ?? 0n) ** 2n));
  const weights = positions.map(({ amount }, i) => {
    const distance = distances[i] ?? 0n;
    return rule === BRIER
      ? amount * (10_000n * total + squares - total * distance ** 2n)
      : amount * (100n - distance) ** (EXPONENTS[rule] ?? 0n);
  });
  const all = sum(weights);
  const net = total - (total * feeBps) / 10_000n - (total * prizeBps) / 10_000n;
  return {
    bands: positions.map(({ band }) => band),
    amounts: texts(positions.map(({ amount }) => amount)),
    score,
    rule,
    feeBps: Number(feeBps),
    prizeBps: Number(prizeBps),
    total: String(total),
    weight: String(all),
    pays: texts(weights.map((weight) => (all === 0n ? 0n : (net * weight) / all))),
  };
}

export function bands(): void {
  const random = randomNumbers(11n);
  const most = (1n << 45n) - 1n;
  const cases = [
    pay([{ band: 10, amount: 1n }], 50, 2, 0n, 0n),
    pay([{ band: 0, amount: 7n }], 100, 2, 200n, 500n),
    pay([{ band: 0, amount: 7n }], 100, BRIER, 200n, 500n),
    ...[0, 1, 2, 3, BRIER].map((rule) =>
      pay(
        times(42, (i) => ({ band: i % 21, amount: most })),
        62,
        rule,
        1_000n,
        5_000n,
      ),
    ),
    ...times(80, () => {
      const size = 1n + random(15n);
      const positions = times(1 + Number(random(30n)), () => ({
        band: Number(random(21n)),
        amount: 1n + random(2n ** (size * 3n)),
      }));
      return pay(positions, Number(random(101n)), Number(random(5n)), random(1_001n), random(5_001n));
    }),
  ];
  write("rules/bands.json", { rule: "bands", cases });
}
