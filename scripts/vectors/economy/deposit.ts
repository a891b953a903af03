import { least, randomNumbers, times, write } from "../cases.ts";

// Deposits by whole units counted one doubling at a time, windows in minutes.

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

type Facts = {
  deterministic: boolean;
  aiDisagrees: boolean;
  surge: boolean;
  agreementBps: number;
  providers: number;
};

function window(secured: bigint, unit: bigint, facts: Facts) {
  const tiers = [10_000n, 100_000n, 1_000_000n, 10_000_000n].filter((tier) => secured >= tier * unit).length;
  const minutes = [30, 120, 360, 1_440, 2_880][tiers] ?? 0;
  return {
    secured: String(secured),
    unit: String(unit),
    ...facts,
    base: minutes * 60,
    window: adjusted(minutes * 60, facts),
  };
}

function adjusted(base: number, facts: Facts): number {
  const halves = facts.deterministic && facts.agreementBps >= 9_500 && facts.providers >= 7;
  const half = (base - (base % 2)) / 2;
  let seconds = base;
  if (halves && base > 300) seconds = half < 300 ? 300 : half;
  return facts.aiDisagrees || facts.surge || facts.agreementBps < 8_000 ? seconds + seconds : seconds;
}

export function deposits(): void {
  const random = randomNumbers(14n);
  const dollar = 1_000_000n;
  const calm: Facts = {
    deterministic: true,
    aiDisagrees: false,
    surge: false,
    agreementBps: 10_000,
    providers: 7,
  };
  const any = () => random(10n ** (1n + random(20n)));
  const drawnFacts = (): Facts => ({
    deterministic: random(2n) === 0n,
    aiDisagrees: random(4n) === 0n,
    surge: random(4n) === 0n,
    agreementBps: 7_000 + Number(random(3_001n)),
    providers: 5 + Number(random(5n)),
  });
  const bases = [1, 299, 300, 301, 599, 600, 601, 1_801];
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
      ...[0n, 9_999n, 10_000n, 99_999n, 100_000n, 999_999n, 1_000_000n, 9_999_999n, 10_000_000n].map(
        (units) => window(units * dollar + dollar - 1n, dollar, calm),
      ),
      window(1n, dollar, { ...calm, providers: 6 }),
      window(1n, dollar, { ...calm, agreementBps: 9_500 }),
      window(1n, dollar, { ...calm, agreementBps: 9_499 }),
      window(1n, dollar, { ...calm, agreementBps: 8_000 }),
      window(1n, dollar, { ...calm, agreementBps: 7_999 }),
      window(1n, dollar, { ...calm, surge: true }),
      window(1n, dollar, { ...calm, aiDisagrees: true }),
      window(1n, dollar, { ...calm, deterministic: false }),
      ...times(30, () => window(any(), dollar, drawnFacts())),
    ],
    adjusted: bases.flatMap((base) =>
      [calm, { ...calm, surge: true }, drawnFacts()].map((facts) => ({
        base,
        ...facts,
        window: adjusted(base, facts),
      })),
    ),
    secured: [0n, 2n, 3n, 10n, any()].map((stake) => ({ stake: String(stake), most: String(stake / 3n) })),
  });
}
