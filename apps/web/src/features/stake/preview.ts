import type { Amount, Bps } from "@sooth/kernel";
import { feeOf, resultFor, sharesBps, whatIf } from "@sooth/markets/core";
import { at } from "@sooth/kernel";
import type { Market } from "../../api.ts";

export type StakeOutlook = {
  /** The whole pay-out if the outcome wins, the stake included; smallest units, rounded down as the contract does. */
  pays: bigint;
  /** What the creator would take off the losing stakes. */
  fee: bigint;
  /** The outcome's share of all stakes, basis points. */
  shareBefore: number;
  shareAfter: number;
  /** Nobody stands on the other side yet, so there is nothing to win. */
  othersEmpty: boolean;
};

/** What a stake of `amount` would lead to with the pools as they are, by the rule of the contract. */
export function previewStake(
  market: Pick<Market, "outcomes" | "terms">,
  outcome: number,
  amount: bigint,
): StakeOutlook {
  const pools = market.outcomes.map(({ pool }) => BigInt(pool) as Amount);
  const feeBps = market.terms.feeBps as Bps;
  const after = pools.with(outcome, (at(pools, outcome) + amount) as Amount);
  const pays = whatIf(pools, { outcome, staked: amount as Amount }, feeBps);
  return {
    pays,
    fee: feeOf(after, resultFor(after, outcome), feeBps),
    shareBefore: at(sharesBps(pools), outcome),
    shareAfter: at(sharesBps(after), outcome),
    othersEmpty: pools.every((pool, index) => index === outcome || pool === 0n),
  };
}
