import { t } from "@lingui/core/macro";
import { type Amount, type Bps, takeBps } from "@sooth/kernel";
import { shareOf, type Shares, tally, type Tally, weightAt, weightOfAll } from "@sooth/markets/core";
import type { Opinion, OpinionMarket } from "../../api.ts";

/** What a market's money comes to, worked out here from the bands and the score alone. Amounts in units of collateral. */
export type Reckoning = {
  /** Staked with a stance that is known. */
  told: Amount;
  /** Staked with a stance that nobody told: it goes to the others. */
  untold: Amount;
  fee: Amount;
  prizes: Amount;
  /** Shared by closeness. */
  net: Amount;
  weightOfAll: bigint;
  ended: Tally;
  shares: Shares;
};
export type Line = { weight: bigint; pays: Amount };

export const totalsOfBands = ({ bands }: Pick<OpinionMarket, "bands">): Amount[] =>
  bands.map(({ staked }) => BigInt(staked) as Amount);

export const sharesOfTerms = ({ terms }: Pick<OpinionMarket, "terms">): Shares => ({
  rule: terms.rule,
  feeBps: terms.feeBps as Bps,
  prizeBps: terms.prizeBps as Bps,
  prizes: terms.prizes,
});

export function reckon(market: Pick<OpinionMarket, "bands" | "hidden" | "terms">, score: number): Reckoning {
  const shares = sharesOfTerms(market);
  const ended = tally(totalsOfBands(market), score, shares.rule);
  const [fee, prizes] = [takeBps(ended.total, shares.feeBps), takeBps(ended.total, shares.prizeBps)];
  const untold = BigInt(market.hidden.staked) as Amount;
  return {
    told: ended.total,
    untold,
    fee,
    prizes,
    net: (ended.total - fee - prizes + untold) as Amount,
    weightOfAll: weightOfAll(shares.rule, ended),
    ended,
    shares,
  };
}

/** What one opinion comes to; null while its stance is hidden. */
export function lineOf(
  { net, ended, shares }: Reckoning,
  { band, amount }: Pick<Opinion, "band" | "amount">,
): Line | null {
  if (band === null) return null;
  const stake = { band, amount: BigInt(amount) as Amount };
  return {
    weight: stake.amount * weightAt(band, shares.rule, ended),
    pays: shareOf(net, stake, shares.rule, ended),
  };
}

/** Why what the server tells is not what the bands and the score come to, or null where both agree. */
export function disagreement(market: OpinionMarket): string | null {
  const { result } = market;
  if (!result) return null;
  const own = reckon(market, result.score);
  const told = [
    ["total", result.total, own.told],
    ["facts", result.facts, own.ended.facts],
    ["net", result.net, own.net],
    ["fee", result.fee, own.fee],
  ] as const;
  const wrong = told.find(([, theirs, ours]) => BigInt(theirs) !== ours);
  return wrong ? t`its ${wrong[0]} is ${wrong[1]}, worked out here it is ${String(wrong[2])}` : null;
}
