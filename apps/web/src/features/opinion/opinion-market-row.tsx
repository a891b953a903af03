import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { OpinionMarket } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { Countdown, TimeAgo } from "../../components/time.tsx";
import { LIST } from "../../first-pages.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { CrowdBar } from "./crowd-bar.tsx";
import { OpinionStatus } from "./opinion-status.tsx";

/** One statement in a list. The whole row is the link's target; the statement is its name. */
export function OpinionMarketRow({ market }: { market: OpinionMarket }) {
  const { collateral } = useNetwork();
  return (
    <li className={LIST.row}>
      <div className={LIST.words}>
        <Link to="/opinions/$id" params={{ id: market.id }} className={LIST.name} dir="auto">
          {market.statement}
        </Link>
        <div className={LIST.state}>
          <OpinionStatus status={market.status} />
          {market.readsElsewhere !== null && (
            <span className="font-semibold text-bad">{t`Not scored by its opinions`}</span>
          )}
          {market.readsElsewhere === null && market.undersecured !== null && (
            <span className="font-semibold text-bad">{t`Too little behind its score`}</span>
          )}
          <When market={market} />
        </div>
      </div>
      <div className="min-w-0 self-center">
        <CrowdBar market={market} />
      </div>
      <dl className="self-center text-right text-sm">
        <dt className="sr-only">{t`Staked`}</dt>
        <dd className="text-base font-semibold">
          <Amount value={market.volume} decimals={collateral.decimals} symbol={collateral.symbol} short />
        </dd>
        <dt className="sr-only">{t`Opinions`}</dt>
        <dd className="num text-ink-3">
          <Plural value={market.opinions} one="# opinion" other="# opinions" />
        </dd>
      </dl>
    </li>
  );
}

function When({ market }: { market: OpinionMarket }) {
  const { status, terms, revealsUntil, finalAt, announcedAt } = market;
  if (status === "open")
    return (
      <span>
        <Trans>
          closes in <Countdown at={terms.closesAt} past={t`a moment`} />
        </Trans>
      </span>
    );
  if (status === "revealing")
    return (
      <span>
        <Trans>
          judged in <Countdown at={revealsUntil} past={t`a moment`} />
        </Trans>
      </span>
    );
  if (status === "judging" && finalAt !== null)
    return (
      <span>
        <Trans>
          final in <Countdown at={finalAt} past={t`a moment`} />
        </Trans>
      </span>
    );
  return (
    <span>
      <Trans>
        announced <TimeAgo at={announcedAt} />
      </Trans>
    </span>
  );
}
