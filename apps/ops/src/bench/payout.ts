import { type Amount, type Bps, need } from "@sooth/kernel";
import { type Stake, payouts } from "@sooth/markets/core";
import { type BenchPart, measurement, median } from "./measurement.ts";

const POSITIONS = 1_000;
const OUTCOMES = 4;
const FEE_BPS = 200 as Bps;
const ROUNDS = 5;
const ROUND_MS = 400;

/** Pay-outs of whole markets by the engine that the audit and the API use, beside a plain loop over doubles. */
export const payout: BenchPart = {
  name: "payout",
  about: `pay-out engine, markets of ${POSITIONS.toLocaleString("en-US")} positions`,
  run: (onStep) => {
    const positions = somePositions();
    const doubles = positions.map(({ outcome, staked }) => ({ outcome, staked: Number(staked) }));
    const exact = () => payouts(positions, OUTCOMES, { kind: "won", winner: 1 }, FEE_BPS).paid.length;
    const naive = () => naivePayouts(doubles, 1, FEE_BPS).length;
    onStep(`paying ${POSITIONS} positions, ${ROUNDS} rounds of each way in turn`);
    // In turn, so that a slow moment of the machine hits both.
    const rounds = Array.from({ length: ROUNDS }, () => ({
      exact: perSecond(exact),
      naive: perSecond(naive),
    }));
    return Promise.resolve([
      measurement({
        name: "payout.engine",
        value: Math.round(median(rounds.map((round) => round.exact))),
        unit: "markets/s",
        reference: Math.round(median(rounds.map((round) => round.naive))),
        against: "one loop over doubles, wrong by rounding",
      }),
    ]);
  },
};

function somePositions(): Stake[] {
  // Amounts without a pattern that a compiler could use; the multiplier is prime.
  return Array.from({ length: POSITIONS }, (_, index) => ({
    outcome: index % OUTCOMES,
    staked: ((BigInt(index + 1) * 7_919_017n) % 500_000_000n) as Amount,
  }));
}

/** What somebody would write who has not met rounding yet. */
function naivePayouts(
  positions: readonly { outcome: number; staked: number }[],
  winner: number,
  feeBps: number,
): number[] {
  let won = 0;
  let lost = 0;
  for (const { outcome, staked } of positions) {
    if (outcome === winner) won += staked;
    else lost += staked;
  }
  const net = lost * (1 - feeBps / 10_000);
  return positions.map(({ outcome, staked }) => (outcome === winner ? staked + (net * staked) / won : 0));
}

function perSecond(run: () => number): number {
  const start = performance.now();
  let runs = 0;
  while (performance.now() - start < ROUND_MS) {
    need(run() === POSITIONS ? true : undefined, "a pay-out");
    runs += 1;
  }
  return (runs * 1_000) / (performance.now() - start);
}
