import { randomNumbers, sum, texts, times, write } from "./cases.ts";

// Parimutuel. `winner` -1: the question ended invalid.

function payOut(pools: readonly bigint[], winner: number, outcome: number, stake: bigint, feeBps: bigint) {
  const won = winner < 0 ? 0n : (pools[winner] ?? 0n);
  const lost = sum(pools) - won;
  const isVoid = won === 0n;
  const fee = isVoid ? 0n : (lost * feeBps) / 10_000n;
  const share = outcome === winner ? stake + ((lost - fee) * stake) / won : 0n;
  const pays = isVoid ? stake : share;
  return {
    pools: texts(pools),
    winner,
    outcome,
    stake: String(stake),
    feeBps: Number(feeBps),
    void: isVoid,
    pays: String(pays),
    fee: String(fee),
  };
}

export function parimutuel(): void {
  const random = randomNumbers(3n);
  const full = (1n << 72n) / 48n - 1n;
  const cases = [
    payOut([600n, 400n], 0, 0, 150n, 0n),
    payOut([600n, 400n], 0, 0, 150n, 200n),
    payOut([600n, 400n], 0, 1, 400n, 200n),
    payOut([600n, 400n], 1, 1, 1n, 1000n),
    payOut([600n, 0n], 0, 0, 600n, 1000n),
    payOut([600n, 0n], 1, 0, 600n, 1000n),
    payOut([600n, 400n], -1, 1, 400n, 1000n),
    payOut([3n, 1n], 0, 0, 1n, 0n),
    payOut([3n, 10n, 7n], 0, 0, 2n, 333n),
    payOut(
      times(48, () => full),
      47,
      47,
      full,
      1n,
    ),
    ...times(60, () => {
      const pools = times(2 + Number(random(47n)), () => random(10n ** (1n + random(18n))));
      const winner = Number(random(BigInt(pools.length)));
      const outcome = random(3n) === 0n ? Number(random(BigInt(pools.length))) : winner;
      return payOut(pools, winner, outcome, random((pools[outcome] ?? 0n) + 1n), random(1001n));
    }),
  ];
  write("rules/parimutuel.json", { rule: "parimutuel", cases });
}
