import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Market } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { formatPercent, formatShare } from "../../format/amount.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { previewStake } from "./preview.ts";
import { sayAnswer } from "../../languages/answer-words.ts";

/** What this stake would pay, to the unit, as the contract computes it with the pools as they are now. */
export function StakePreview({
  market,
  outcome,
  amount,
}: {
  market: Market;
  outcome: number;
  amount: bigint;
}) {
  const { collateral } = useNetwork();
  const { decimals, symbol } = collateral;
  const { pays, fee, shareBefore, shareAfter, othersEmpty } = previewStake(market, outcome, amount);
  const label = sayAnswer(market.outcomes[outcome]?.label ?? "");
  return (
    <div className="border-y border-rule py-3">
      <dl className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-1.5 text-[0.9375rem]">
        <dt>{t`If “${label}” wins you get`}</dt>
        <dd className="text-right text-lg leading-6 font-bold text-accent">
          <Amount value={pays} decimals={decimals} symbol={symbol} />
        </dd>
        <dt className="text-ink-2">{t`of which winnings`}</dt>
        <dd className="text-right text-ink-2">
          <Amount value={pays - amount} decimals={decimals} symbol={symbol} />
        </dd>
        <dt className="text-ink-2">{t`If another outcome wins`}</dt>
        <dd className="text-right text-ink-2">
          <Amount value={0n} decimals={decimals} symbol={symbol} />
        </dd>
        <dt className="text-ink-2">{t`If the market is void`}</dt>
        <dd className="text-right text-ink-2">
          <Amount value={amount} decimals={decimals} symbol={symbol} />
        </dd>
        <dt className="text-ink-2">{t`Odds of “${label}”`}</dt>
        <dd className="num text-right text-ink-2">
          {formatShare(shareBefore)} → {formatShare(shareAfter)}
        </dd>
      </dl>
      <p className="mt-2 text-sm text-ink-3">
        {othersEmpty
          ? t`Nobody has staked on another outcome yet: until somebody does, you would get your stake back.`
          : t`Exact for the pools as they are now; later stakes change it.`}
        {fee > 0n && (
          <>
            {" "}
            <Trans>
              The fee of {formatPercent(market.terms.feeBps)} on the losing stakes (
              <Amount value={fee} decimals={decimals} symbol={symbol} />) is taken off already.
            </Trans>
          </>
        )}
      </p>
    </div>
  );
}
