import type * as Api from "@sooth/client";
import type { Portfolio } from "../../api.ts";
import { plainAmount } from "../../format/amount.ts";
import { csvOf } from "../../format/csv.ts";

type Collateral = { decimals: number; symbol: string };

/** An opinion with the market that it stands in. */
export type HeldOpinion = Api.ListWalletOpinionsOutput["items"][number];

/** Every position and every opinion as a line, for a spreadsheet. Amounts in whole collateral, times in UTC. */
export function portfolioCsv(
  { positions }: Portfolio,
  opinions: readonly HeldOpinion[],
  { decimals, symbol }: Collateral,
): string {
  const money = ["staked", "claimable", "claimed", "prizes", "would pay", "profit"];
  const head = ["kind", "market", "title", "said", "state", "closes"];
  const amount = (value: string) => plainAmount(BigInt(value), decimals);
  const lines = [
    ...positions.map((position) => [
      "pool",
      position.market.id,
      position.market.title,
      position.label,
      position.state,
      moment(position.market.terms.closesAt),
      amount(position.staked),
      amount(position.claimable),
      amount(position.claimed),
      "",
      amount(position.wouldPay),
      position.state === "open" ? "" : amount(less(position.staked, position.claimable, position.claimed)),
    ]),
    ...opinions.map(({ on, stance, amount: staked, due, paid, won }) => [
      "opinion",
      on.id,
      on.statement,
      stance === null ? "hidden" : String(stance),
      on.status,
      moment(on.terms.closesAt),
      amount(staked),
      amount(due),
      amount(paid),
      amount(won),
      "",
      on.status === "settled" || on.status === "void" ? amount(less(staked, due, paid, won)) : "",
    ]),
  ];
  return csvOf([[...head, ...money.map((name) => `${name} ${symbol}`)], ...lines]);
}

/** What came, all together, less what was staked. */
const less = (staked: string, ...came: readonly string[]): string =>
  String(came.reduce((all, one) => all + BigInt(one), -BigInt(staked)));

export const moment = (seconds: number): string => new Date(seconds * 1000).toISOString();
