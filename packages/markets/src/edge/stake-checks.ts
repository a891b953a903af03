import type { Address } from "@sooth/kernel";
import { at } from "@sooth/kernel";
import { MarketsError, marketStatusAt, MAX_POOL } from "../core/index.ts";
import type { Purse } from "./contract.ts";
import type { StoredMarket } from "./market-rows.ts";

type Stake = { outcome: number; amount: bigint; owner: Address };

/**
 * What the contract would refuse, said before anybody signs or pays gas; except the allowance, which a permit may bring.
 * @throws markets.closed, markets.no_such_outcome, markets.stake_too_small, markets.pool_full, markets.balance_too_small
 */
export function checkStake(
  market: StoredMarket,
  { outcome, amount, owner }: Stake,
  { now, purse, minStake }: { now: number; purse: Purse; minStake: bigint },
): void {
  const { id, terms, pools } = market;
  if (marketStatusAt(terms.closesAt, market.ending, now) !== "trading")
    throw MarketsError.closed({ market: id, closesAt: terms.closesAt });
  if (outcome >= terms.outcomes) throw MarketsError.no_such_outcome({ market: id, outcome });
  if (amount < minStake) throw MarketsError.stake_too_small({ amount, minimum: minStake });
  if (at(pools, outcome) + amount > MAX_POOL) throw MarketsError.pool_full({ market: id, outcome });
  if (purse.balance < amount) throw MarketsError.balance_too_small({ owner, balance: purse.balance, amount });
}
