import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Security } from "../../api.ts";
import { useNow } from "../../clock.ts";
import { Amount } from "../../components/figures.tsx";
import { Hash } from "../../components/hash.tsx";
import { TimeAgo } from "../../components/time.tsx";
import { formatAbsolute, formatDuration } from "../../format/time.ts";
import { useNetwork } from "../../shell/use-network.ts";

type Breaker = Security["breakers"][number];

const TITLES: Record<Breaker["name"], MessageDescriptor> = {
  value: msg`Value of one hour`,
  disputes: msg`Disputes at once`,
  feed: msg`Feed`,
};

/** What trips by itself: whether it has, since when, why, and until when. */
export function BreakerRow({ breaker }: { breaker: Breaker }) {
  const now = useNow();
  const { name, scope, feed, tripped, since, until } = breaker;
  const ended = until !== null && now >= until;
  const stopped = tripped && !ended;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 py-3">
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <b>{i18n._(TITLES[name])}</b>
          {feed !== null && <Hash value={feed} what={t`feed`} />}
          <span className="text-ink-2">{scope}</span>
        </p>
        <p className="mt-0.5 text-sm text-ink-2">
          {stopped ? <Why breaker={breaker} /> : <Usual breaker={breaker} />}
        </p>
      </div>
      <p className={`text-right text-sm font-semibold ${stopped ? "text-bad" : "text-accent"}`}>
        {stopped ? t`Tripped` : t`Not tripped`}
        {stopped && since !== null && (
          <span className="block font-normal text-ink-3">
            <TimeAgo at={since} />
          </span>
        )}
        {stopped && until !== null && (
          <span className="num block font-normal text-ink-3" title={formatAbsolute(until)}>
            <Trans>{formatDuration(until - now)} left</Trans>
          </span>
        )}
      </p>
    </li>
  );
}

function Why({ breaker: { name, reason, trippedAt } }: { breaker: Breaker }) {
  if (trippedAt === null) return reason === null ? null : <>{reason[0]?.toUpperCase() + reason.slice(1)}.</>;
  return name === "value" ? (
    <Trans>
      <Money value={trippedAt.found} /> rested on answers of one hour; the limit is{" "}
      <Money value={trippedAt.limit} />. Waiting times are doubled.
    </Trans>
  ) : (
    <Trans>
      {trippedAt.found} were open; the limit was {trippedAt.limit}. Waiting times are doubled.
    </Trans>
  );
}

function Usual({ breaker: { name, found, limit } }: { breaker: Breaker }) {
  if (found === null || limit === null) return <>{t`Values are taken.`}</>;
  return name === "value" ? (
    <Trans>
      <Money value={found} /> at most becomes final within an hour; the limit is <Money value={limit} />.
    </Trans>
  ) : (
    <Trans>
      {found} open; more than {limit} would be a surge.
    </Trans>
  );
}

function Money({ value }: { value: string }) {
  const { collateral } = useNetwork();
  return <Amount value={value} decimals={collateral.decimals} symbol={collateral.symbol} short />;
}
