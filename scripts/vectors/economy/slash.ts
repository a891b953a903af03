import { least, randomNumbers, times, write } from "../cases.ts";

// Slashing, by fractions: a rate is worked out as the whole numerator over one denominator.

const DAY = 86_400n;

function overturned(wrong: bigint, stake: bigint, earlier: bigint) {
  let rate = stake === 0n ? 200_000n : (20_000n * stake + 180_000n * least(wrong, stake)) / stake;
  for (let i = 0n; i < earlier && rate < 1_000_000n; i++) rate *= 2n;
  return {
    wrong: String(wrong),
    stake: String(stake),
    earlier: Number(earlier),
    ppm: Number(least(rate, 1_000_000n)),
  };
}

function outside(distance: bigint, tolerance: bigint, lastAt: bigint, at: bigint) {
  const isFree = distance <= tolerance || lastAt === 0n || at - lastAt > 30n * DAY;
  const rate = tolerance === 0n ? 10_000n : least(10_000n, (1_000n * distance) / tolerance);
  return {
    distance: String(distance),
    tolerance: String(tolerance),
    lastAt: Number(lastAt),
    at: Number(at),
    ppm: isFree ? 0 : Number(rate),
  };
}

const series = (earlier: bigint, lastAt: bigint, at: bigint) => ({
  earlier: Number(earlier),
  lastAt: Number(lastAt),
  at: Number(at),
  series: lastAt > 0n && at - lastAt <= 90n * DAY ? Number(earlier) + 1 : 0,
});

function amount(ppm: bigint, stake: bigint, atStart: bigint, taken: bigint, byCourt: boolean) {
  const wanted = (stake * least(ppm, 1_000_000n)) / 1_000_000n;
  const room = (atStart * 3n) / 10n - taken;
  const limited = room < 0n ? 0n : least(wanted, room);
  const slashed = byCourt ? wanted : limited;
  const insurance = slashed >> 1n;
  const challenger = (slashed * 30n) / 100n;
  return {
    ppm: Number(ppm),
    stake: String(stake),
    atStart: String(atStart),
    taken: String(taken),
    byCourt,
    wanted: String(wanted),
    slashed: String(slashed),
    insurance: String(insurance),
    challenger: String(challenger),
    burned: String(slashed - insurance - challenger),
  };
}

const early = (deposit: bigint, stake: bigint, stakes: bigint) => ({
  deposit: String(deposit),
  stake: String(stake),
  stakes: String(stakes),
  pays: String(
    stakes === 0n ? 0n : least(stake, ((deposit / 10n) * (stake < stakes ? stake : stakes)) / stakes),
  ),
});

export function slash(): void {
  const random = randomNumbers(13n);
  const most = (1n << 96n) - 1n;
  const any = () => random(10n ** (1n + random(15n)));
  const now = 1_750_000_000n;
  write("economy/slash.json", {
    about: "faults to rates in parts per million, rates to amounts",
    overturned: [
      overturned(0n, 0n, 0n),
      overturned(0n, 100n, 0n),
      overturned(1n, 100n, 0n),
      overturned(100n, 100n, 0n),
      overturned(200n, 100n, 0n),
      overturned(100n, 100n, 1n),
      overturned(100n, 100n, 2n),
      overturned(100n, 100n, 3n),
      overturned(1n, 3n, 255n),
      overturned(most, most, 0n),
      ...times(30, () => overturned(any(), any(), random(8n))),
    ],
    outside: [
      outside(10n, 10n, now - 1n, now),
      outside(11n, 10n, 0n, now),
      outside(11n, 10n, now - 30n * DAY, now),
      outside(11n, 10n, now - 30n * DAY - 1n, now),
      outside(11n, 10n, now, now),
      outside(99n, 10n, now - 1n, now),
      outside(100n, 10n, now - 1n, now),
      outside(1_000n, 10n, now - 1n, now),
      outside(1n, 0n, now - 1n, now),
      outside(0n, 0n, now - 1n, now),
      outside(most, 1n, now - 1n, now),
      outside(most, most - 1n, now - 1n, now),
      ...times(30, () => {
        const tolerance = any();
        return outside(random(12n * tolerance + 1n), tolerance, now - random(40n * DAY), now);
      }),
    ],
    series: [
      series(0n, 0n, now),
      series(0n, now - 90n * DAY, now),
      series(0n, now - 90n * DAY - 1n, now),
      series(3n, now, now),
      ...times(10, () => series(random(5n), now - random(180n * DAY), now)),
    ],
    collusion: [0n, 199_999n, 200_000n, 500_000n, 1_000_000n, 2_000_000n].map((verdict) => ({
      verdict: Number(verdict),
      ppm: Number(verdict < 200_000n ? 200_000n : least(verdict, 1_000_000n)),
    })),
    amounts: [
      amount(1_000_000n, 1_000n, 1_000n, 0n, false),
      amount(1_000_000n, 1_000n, 1_000n, 0n, true),
      amount(1_000_000n, 700n, 1_000n, 300n, false),
      amount(1_000_000n, 700n, 1_000n, 400n, false),
      amount(20_000n, 49n, 49n, 0n, false),
      amount(2_000_000n, 7n, 0n, 0n, true),
      amount(200_000n, most, most, 0n, false),
      ...times(30, () => amount(random(1_000_001n), any(), any(), any(), random(3n) === 0n)),
    ],
    tooEarly: [
      early(250_000_000n, 1n, 3n),
      early(250_000_000n, 0n, 0n),
      early(250_000_000n, 5n, 5n),
      early(19n, 10n, 10n),
      ...times(20, () => {
        const stakes = 1n + any();
        return early(any(), random(stakes + 1n), stakes);
      }),
    ],
  });
}
