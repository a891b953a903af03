import { collateralToken } from "@sooth/chain";
import type { Amount } from "@sooth/kernel";
import { formatFixedPoint, groupThousands } from "@sooth/oracle/core";
import { type Card, marketStatusAt, opinionCard, opinionStatusAt, poolCard } from "../../core/index.ts";
import type { Deps } from "../deps.ts";
import type { StoredMarket } from "../market-rows.ts";
import type { StoredOpinionMarket } from "../opinions/market-rows.ts";
import { fitToStake } from "../opinions/market-view.ts";

const moneyOf = async ({ hub, addresses }: Deps, amount: Amount): Promise<string> => {
  const { symbol, decimals } = await collateralToken(hub, addresses);
  return `${groupThousands(formatFixedPoint(amount, decimals))} ${symbol}`;
};

/** What other sites show of a market as it stands at `now`. */
export async function cardOfPool(deps: Deps, market: StoredMarket, now: number): Promise<Card> {
  const { title, labels, pools, stakers, terms, ending } = market;
  const status = marketStatusAt(terms.closesAt, ending, now);
  return poolCard({
    title,
    labels,
    pools,
    stakers,
    status,
    winner: status === "settled" && ending.result.kind === "won" ? ending.result.winner : null,
    money: await moneyOf(deps, market.volume),
  });
}

export async function cardOfOpinions(deps: Deps, market: StoredOpinionMarket, now: number): Promise<Card> {
  const { statement, terms, ending, seed, result, book } = market;
  const [fit] = await fitToStake(deps, [market]);
  const card = opinionCard({
    statement,
    status: opinionStatusAt({ ...terms, ending, drawn: seed !== null }, now),
    result,
    staked: book.staked,
    opinions: book.count,
    money: await moneyOf(deps, book.volume),
  });
  return fit ? card : { ...card, note: "Warning: its score is no ground for a stake" };
}
