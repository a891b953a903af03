import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { Market } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { MarketStatus } from "../../components/status.tsx";
import { Countdown, TimeAgo } from "../../components/time.tsx";
import { LIST } from "../../first-pages.ts";
import { formatShare } from "../../format/amount.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { headline, PoolBar } from "./pool-bar.tsx";
import { sayAnswer } from "../../languages/answer-words.ts";

/** One market in a list. The whole row is the link's target; the question is its name. */
export function MarketRow({ market }: { market: Market }) {
  const { collateral } = useNetwork();
  const lead = headline(market);
  return (
    <li className={LIST.row}>
      <div className={LIST.words}>
        <Link to="/markets/$id" params={{ id: market.id }} className={LIST.name} dir="auto">
          {market.title}
        </Link>
        <div className={LIST.state}>
          <MarketStatus status={market.status} />
          <When market={market} />
        </div>
      </div>
      <div className="min-w-0 self-center">
        {lead ? (
          <>
            <p className="flex items-baseline justify-between gap-3">
              <span className="truncate font-semibold">
                {market.winner === null ? sayAnswer(lead.label) : t`Won: ${sayAnswer(lead.label)}`}
              </span>
              <span className="num text-lg font-bold">{formatShare(lead.shareBps)}</span>
            </p>
            <PoolBar market={market} className="mt-1.5" />
          </>
        ) : (
          <p className="text-sm text-ink-3">{t`No stakes yet`}</p>
        )}
      </div>
      <dl className="self-center text-right text-sm">
        <dt className="sr-only">{t`Staked`}</dt>
        <dd className="text-base font-semibold">
          <Amount value={market.volume} decimals={collateral.decimals} symbol={collateral.symbol} short />
        </dd>
        <dt className="sr-only">{t`Stakers`}</dt>
        <dd className="num text-ink-3">
          <Plural value={market.stakers} one="# staker" other="# stakers" />
        </dd>
      </dl>
    </li>
  );
}

function When({ market }: { market: Market }) {
  const { question, terms, status } = market;
  if (status === "trading")
    return (
      <span>
        <Trans>
          closes in <Countdown at={terms.closesAt} past={t`a moment`} />
        </Trans>
      </span>
    );
  if (status === "closed")
    return (
      <span>
        <Trans>
          answer due by <TimeAgo at={question.deadline} />
        </Trans>
      </span>
    );
  if (status === "answered" && question.finalizeAt !== null)
    return (
      <span>
        <Trans>
          final in <Countdown at={question.finalizeAt} past={t`a moment`} />
        </Trans>
      </span>
    );
  return (
    <span>
      <Trans>
        opened <TimeAgo at={market.openedAt} />
      </Trans>
    </span>
  );
}
