import { least, randomNumbers, times, write } from "../cases.ts";

// Deposits by whole units counted one doubling at a time, windows by the tiers that an answer reaches.

function deposit(secured: bigint, unit: bigint, round: bigint, atLeast: bigint, atMost: bigint) {
  let units = secured / (200n * unit) + (secured % (200n * unit) === 0n ? 0n : 1n);
  if (units < atLeast) units = atLeast;
  if (units > atMost) units = atMost;
  for (let i = 0n; i < round && units < 65_536n; i++) units += units;
  return {
    secured: String(secured),
    unit: String(unit),
    round: Number(round),
    least: Number(atLeast),
    most: Number(atMost),
    units: Number(least(units, 65_535n)),
  };
}

const lost = (amount: bigint) => ({
  deposit: String(amount),
  winner: String(amount / 2n),
  jurors: String(amount / 4n),
  insurance: String(amount - amount / 2n - amount / 4n),
});

type Facts = { agreementBps: number; signers: number; surge: boolean };

/** How often the lowest window a tier has: half an hour, 2, 6, 24 and 48 hours. */
const TIMES = [1, 4, 12, 48, 96];

function base(secured: bigint, unit: bigint, lowest: number) {
  const tiers = [10_000n, 100_000n, 1_000_000n, 10_000_000n].filter((tier) => secured >= tier * unit).length;
  const seconds = (TIMES[tiers] ?? 0) * lowest;
  const half = (seconds - (seconds % 2)) / 2;
  return { secured: String(secured), unit: String(unit), lowest, base: seconds, least: seconds - half };
}

function answered(liveness: number, seconds: number, facts: Facts) {
  const isClear = facts.agreementBps >= 9_500 && facts.signers >= 7;
  const whole = liveness >= seconds || isClear ? liveness : seconds;
  const isTroubled = facts.surge || facts.agreementBps < 8_000;
  return { liveness, base: seconds, ...facts, window: isTroubled ? whole + whole : whole };
}

export function deposits(): void {
  const random = randomNumbers(14n);
  const dollar = 1_000_000n;
  const calm: Facts = { agreementBps: 10_000, signers: 7, surge: false };
  const any = () => random(10n ** (1n + random(20n)));
  const drawn = () => {
    const seconds = 1 + Number(random(10_000n));
    const liveness = seconds - Math.floor(seconds / 2) + Number(random(BigInt(seconds)));
    return answered(liveness, seconds, {
      agreementBps: 7_000 + Number(random(3_001n)),
      signers: 5 + Number(random(5n)),
      surge: random(4n) === 0n,
    });
  };
  write("economy/deposit.json", {
    about: "value to deposits in whole units and windows in seconds",
    deposits: [
      deposit(0n, dollar, 0n, 250n, 50_000n),
      deposit(50_000n * dollar, dollar, 0n, 250n, 50_000n),
      deposit(50_000n * dollar + 1n, dollar, 0n, 250n, 50_000n),
      deposit(50_000n * dollar, dollar, 1n, 250n, 50_000n),
      deposit(50_200n * dollar, dollar, 2n, 250n, 50_000n),
      deposit(10_000_000n * dollar, dollar, 0n, 250n, 50_000n),
      deposit(10_000_000n * dollar, dollar, 1n, 250n, 50_000n),
      deposit(10n ** 20n * dollar, dollar, 255n, 250n, 70_000n),
      deposit(0n, dollar, 255n, 1n, 50_000n),
      deposit(0n, dollar, 255n, 0n, 50_000n),
      deposit(7n, 1n, 0n, 0n, 9n),
      deposit(0n, dollar, 0n, 300n, 200n),
      ...times(40, () => deposit(any(), 10n ** random(8n), random(6n), random(500n), random(60_000n))),
    ],
    lost: [0n, 1n, 2n, 3n, 5n, 250_000_000n, ...times(10, any)].map(lost),
    windows: [
      ...[0n, 9_999n, 10_000n, 99_999n, 100_000n, 999_999n, 1_000_000n, 9_999_999n, 10_000_000n].flatMap(
        (units) => [1_800, 5].map((lowest) => base(units * dollar + dollar - 1n, dollar, lowest)),
      ),
      ...times(20, () => base(any(), 10n ** random(8n), Number(random(1n << 25n)))),
    ],
    answered: [
      ...[900, 1_799, 1_800, 1_801, 7_200].flatMap((liveness) =>
        [
          calm,
          { ...calm, signers: 6 },
          { ...calm, agreementBps: 9_500 },
          { ...calm, agreementBps: 9_499 },
          { ...calm, agreementBps: 8_000 },
          { ...calm, agreementBps: 7_999 },
          { ...calm, surge: true },
          { agreementBps: 7_500, signers: 3, surge: true },
        ].map((facts) => answered(liveness, 1_800, facts)),
      ),
      answered(1, 1, calm),
      ...times(40, drawn),
    ],
    secured: [0n, 2n, 3n, 10n, any()].map((stake) => ({ stake: String(stake), most: String(stake / 3n) })),
  });
}
