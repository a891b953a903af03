import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Amount as Units } from "@sooth/kernel";
import { isHidden, payCurve } from "@sooth/markets/core";
import type { ReactNode } from "react";
import type { OpinionMarket } from "../../api.ts";
import { PayCurve } from "../../charts/pay-curve.tsx";
import { Amount } from "../../components/figures.tsx";
import { formatPercent } from "../../format/amount.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { sharesOfTerms, totalsOfBands } from "./recompute.ts";
import { returnsOf, type Stretch } from "./returns.ts";
import { stanceWords } from "./stance.ts";

type Staking = { market: OpinionMarket; band: number; amount: Units };
const curveOf = ({ market, band, amount }: Staking) =>
  payCurve(totalsOfBands(market), { band, amount }, sharesOfTerms(market));

/** What the stake would be paid at every score with the stakes as they are, exact to the unit. */
export function Outlook({ market, band, amount }: Staking) {
  const { collateral } = useNetwork();
  const curve = curveOf({ market, band, amount });
  return (
    <div className="min-w-0 border-y border-rule py-3">
      <h3 className="mb-1 text-sm font-semibold">{t`What you get at each score`}</h3>
      <PayCurve curve={curve} staked={amount} stance={band * 5} start={band * 5} {...collateral} />
      <p className="mt-2 text-sm text-ink-3">
        {isHidden(market.terms) ? (
          market.hidden.opinions === 0 ? (
            t`Stances here are hidden: those of others will move this curve once they are told.`
          ) : (
            <>
              <Trans>
                Stances here are hidden: the {market.hidden.opinions} hidden so far, with{" "}
                <Amount value={market.hidden.staked} {...collateral} /> staked, are not in this curve, and
                will move it once they are told.
              </Trans>
            </>
          )
        ) : (
          t`Exact for the stakes as they are now; later ones change it.`
        )}{" "}
        {market.terms.prizeBps > 0 && `${t`Prizes are drawn beside it and are not in this figure.`} `}
        {t`If the market is void you get your stake back.`}
      </p>
    </div>
  );
}

/** All that is about to be signed, and what it can come to. */
export function OpinionReview({ market, band, amount, text }: Staking & { text: string }) {
  const { collateral } = useNetwork();
  const { terms } = market;
  const { best, worst, even } = returnsOf(curveOf({ market, band, amount }), amount);
  const stance = band * 5;
  const words = stanceWords(stance);
  const [bestAt, worstAt, evenAt] = [scoresIn(best.at), scoresIn(worst.at), scoresIn(even)];
  const fee = formatPercent(terms.feeBps);
  const prize = formatPercent(terms.prizeBps);
  const rows: [string, ReactNode][] = [
    [t`You stake`, <Amount key="stake" value={amount} {...collateral} />],
    [t`Stance`, t`${stance} of 100, ${words}`],
    [t`Fee`, t`${fee} of all stakes, to who put it up`],
    [
      t`Prizes`,
      terms.prizeBps === 0
        ? t`no prizes`
        : terms.prizes === 1
          ? t`${prize} of all stakes, drawn as 1 prize`
          : t`${prize} of all stakes, drawn as ${terms.prizes} equal prizes`,
    ],
    [
      t`At best`,
      <Trans key="best">
        <Amount value={best.paid} {...collateral} /> at a score of {bestAt}
      </Trans>,
    ],
    [
      t`At worst`,
      <Trans key="worst">
        <Amount value={worst.paid} {...collateral} /> at a score of {worstAt}
      </Trans>,
    ],
    [
      t`Stake back or more`,
      even.length === 0 ? t`at no score, as the stakes are now` : t`at a score of ${evenAt}`,
    ],
  ];
  return (
    <div className="grid gap-4">
      <blockquote
        tabIndex={0}
        aria-label={t`What you say`}
        dir="auto"
        className="max-h-40 overflow-y-auto border-l-2 border-gold pl-3 break-words whitespace-pre-wrap"
      >
        {text.trim()}
      </blockquote>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-[0.9375rem]">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-2">{name}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
      <Outlook market={market} band={band} amount={amount} />
    </div>
  );
}

const scoresIn = (stretches: readonly Stretch[]): string =>
  stretches.map(({ from, to }) => (from === to ? String(from) : t`${from} to ${to}`)).join(", ");
