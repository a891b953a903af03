import { least, randomNumbers, sum, texts, times, write } from "../cases.ts";

// Rewards: every accepted report is a ticket, a premium provider's are two.

function split(
  reward: bigint,
  providersBps: bigint,
  reports: readonly bigint[],
  premium: readonly boolean[],
) {
  const tickets = reports.map((count, i) => (premium[i] ? count + count : count));
  const whole = (reward * least(providersBps, 10_000n)) / 10_000n;
  const drawn = sum(tickets);
  const shares = tickets.map((count) => (drawn === 0n ? 0n : (whole * count) / drawn));
  return {
    reward: String(reward),
    providersBps: Number(providersBps),
    reports: texts(reports),
    premium: texts(premium.map((one) => (one ? 1n : 0n))),
    shares: texts(shares),
    toTreasury: String(reward - sum(shares)),
  };
}

const premiumOf = (score: number, rounds: number, atLeast: number) => ({
  score,
  rounds,
  least: atLeast,
  premium: !(score < 950 || rounds < atLeast),
});

export function rewards(): void {
  const random = randomNumbers(15n);
  const none = times(32, () => false);
  write("economy/reward.json", {
    about: "a reward to shares and what is left for the treasury",
    cases: [
      split(1_000n, 8_000n, [], []),
      split(1_000n, 8_000n, [0n, 0n], none.slice(0, 2)),
      split(1_000n, 8_000n, [1n, 1n, 1n], none.slice(0, 3)),
      split(1_000n, 8_000n, [1n, 1n, 1n], [true, false, false]),
      split(1_000n, 10_000n, [1n, 1n, 1n], [true, true, true]),
      split(1_000n, 65_535n, [1n, 2n], [false, true]),
      split(1_000n, 0n, [1n, 2n], [false, true]),
      split(0n, 8_000n, [1n], [true]),
      split(
        (1n << 96n) - 1n,
        8_000n,
        times(32, () => (1n << 64n) - 1n),
        none.map(() => true),
      ),
      ...times(40, () => {
        const count = 1 + Number(random(32n));
        return split(
          random(10n ** (1n + random(15n))),
          random(10_001n),
          times(count, () => random(100n)),
          times(count, () => random(4n) === 0n),
        );
      }),
    ],
    premium: [
      premiumOf(950, 100, 100),
      premiumOf(949, 100, 100),
      premiumOf(950, 99, 100),
      premiumOf(1000, 0, 0),
    ],
  });
}
