import { BPS, type Amount, at, type Bps, takeBps } from "@sooth/kernel";

/**
 * What a pool pays, to the unit as `ParimutuelRule.sol` and `Markets.sol` do it. Amounts are the collateral's smallest
 * unit. The cases that bind the two languages: vectors/rules/parimutuel.json.
 */

/** How a market ended. Void: everybody gets back what he staked, nobody pays a fee. */
export type Result = { kind: "won"; winner: number } | { kind: "void" };
export type Stake = { outcome: number; staked: Amount };

/** Staked on `outcome`, and on all others. */
export function split(pools: readonly Amount[], outcome: number): { won: Amount; lost: Amount } {
  const won = at(pools, outcome);
  return { won, lost: (sum(pools) - won) as Amount };
}

export const sum = (amounts: readonly Amount[]): Amount =>
  amounts.reduce((total, each) => total + each, 0n) as Amount;

/** A final answer for `outcome`. With nobody on it there is nobody to pay, so the market is void. */
export const resultFor = (pools: readonly Amount[], outcome: number): Result =>
  at(pools, outcome) === 0n ? { kind: "void" } : { kind: "won", winner: outcome };

/** The creator's part of the losing stakes. Rounds down; nothing when void. */
export const feeOf = (pools: readonly Amount[], result: Result, feeBps: Bps): Amount =>
  result.kind === "void" ? (0n as Amount) : takeBps(split(pools, result.winner).lost, feeBps);

/** What one position is paid, its stake included. Rounds down: dust stays in the pool, which can so always pay all. */
export function payOut(stake: Stake, pools: readonly Amount[], result: Result, feeBps: Bps): Amount {
  if (result.kind === "void") return stake.staked;
  if (stake.outcome !== result.winner) return 0n as Amount;
  const { won, lost } = split(pools, result.winner);
  const net = lost - takeBps(lost, feeBps);
  return (stake.staked + (net * stake.staked) / won) as Amount;
}

/** What every position is paid, in their order; the pools are the sums of the positions. */
export function payouts(
  positions: readonly Stake[],
  outcomes: number,
  result: Result,
  feeBps: Bps,
): { paid: Amount[]; fee: Amount } {
  const pools = poolsOf(positions, outcomes);
  return {
    paid: positions.map((position) => payOut(position, pools, result, feeBps)),
    fee: feeOf(pools, result, feeBps),
  };
}

/** Staked on each outcome. @throws kernel.missing when a position names an outcome that is not there */
export function poolsOf(positions: readonly Stake[], outcomes: number): Amount[] {
  const pools = Array.from({ length: outcomes }, () => 0n as Amount);
  for (const { outcome, staked } of positions) pools[outcome] = (at(pools, outcome) + staked) as Amount;
  return pools;
}

/** What a further stake would pay if its outcome won with the pools as they stand then: the stake itself moves them. */
export function whatIf(pools: readonly Amount[], stake: Stake, feeBps: Bps): Amount {
  const after = pools.with(stake.outcome, (at(pools, stake.outcome) + stake.staked) as Amount);
  return payOut(stake, after, resultFor(after, stake.outcome), feeBps);
}

/** Share of all stakes that each outcome holds, basis points rounded down; all 0 while nobody staked. */
export function sharesBps(pools: readonly Amount[]): number[] {
  const total = sum(pools);
  return pools.map((pool) => (total === 0n ? 0 : Number((pool * BPS) / total)));
}

/** What one unit on `outcome` would pay if it won now, in basis points of the stake; null while nobody is on it. */
export function paysBps(pools: readonly Amount[], outcome: number, feeBps: Bps): number | null {
  const { won, lost } = split(pools, outcome);
  return won === 0n ? null : Number(BPS + ((lost - takeBps(lost, feeBps)) * BPS) / won);
}
