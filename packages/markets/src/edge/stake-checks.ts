import type { Address, Hex } from "@sooth/kernel";
import { at } from "@sooth/kernel";
import { judgeIn, questionById } from "@sooth/oracle";
import type { Executor } from "@sooth/store";
import { MarketsError, marketStatusAt, MAX_POOL } from "../core/index.ts";
import type { Purse } from "./contract.ts";
import type { StoredMarket } from "./market-rows.ts";

/**
 * Refuses a stake of who may be asked to answer the market's question: he would have to stay silent then, or lose half of what
 * he staked as a provider. @throws markets.judges_this
 */
export async function checkNoJudge(
  db: Executor,
  { terms }: { terms: { question: Hex } },
  owner: Address,
): Promise<void> {
  const question = await questionById(db, terms.question);
  if (!question) return;
  const { domain } = question.terms;
  const provider = await judgeIn(db, owner, domain);
  if (provider !== undefined) throw MarketsError.judges_this({ owner, provider, domain });
}

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
