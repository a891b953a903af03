import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { Security } from "../api.ts";
import { useNow } from "../clock.ts";
import { Amount, Fact } from "../components/figures.tsx";
import { Hash } from "../components/hash.tsx";
import { LoadMore, PageHead, Section, useTitle } from "../components/page.tsx";
import { TimeAgo } from "../components/time.tsx";
import { Empty, Failure, Skeleton } from "../components/states.tsx";
import { BreakerRow } from "../features/security/breaker-row.tsx";
import { EventRow } from "../features/security/event-row.tsx";
import { formatShare } from "../format/amount.ts";
import { formatAbsolute, formatDuration } from "../format/time.ts";
import { securityEventsQuery, securityQuery } from "../queries.ts";
import { useNetwork } from "../shell/use-network.ts";

export function SecurityPage() {
  useTitle(t`Security`);
  const security = useQuery(securityQuery);
  return (
    <>
      <PageHead title={t`Security`}>
        <Trans>
          What watches the oracle has seen, what was stopped because of it, and how much rests on how much
          stake.
        </Trans>
      </PageHead>
      <div className="grid gap-10">
        {security.data ? (
          <State security={security.data} />
        ) : security.error ? (
          <Failure error={security.error} retry={() => void security.refetch()} />
        ) : (
          <Skeleton lines={5} />
        )}
        <Events />
      </div>
    </>
  );
}

function State({ security }: { security: Security }) {
  const now = useNow();
  const { pausedUntil, pause, mayPauseFrom, unheld, guardian, windowFactor, breakers, domains } = security;
  const paused = pausedUntil !== null && now < pausedUntil;
  const tripped = breakers.filter((breaker) => breaker.tripped);
  return (
    <>
      <div
        role="status"
        className={`rounded-lg border p-4 sm:p-5 ${paused ? "border-bad/40 bg-bad-wash" : tripped.length > 0 ? "border-gold/50 bg-gold-wash" : "border-rule bg-surface"}`}
      >
        <p className="text-lg font-semibold">
          {paused
            ? t`Paused for ${formatDuration(pausedUntil - now)} more`
            : tripped.length > 0
              ? plural(tripped.length, { one: "# breaker has tripped", other: "# breakers have tripped" })
              : t`Nothing is stopped`}
        </p>
        <p className="mt-1 text-ink-2">
          {paused
            ? t`No report is taken before ${formatAbsolute(pausedUntil)}, and the clocks of disputes stand still. Answers are held, and become final that much later. Withdrawals go on.`
            : windowFactor > 1
              ? t`Waiting times are ${windowFactor} times as long as usual.`
              : t`Reports are taken, and waiting times are as usual.`}
        </p>
        <dl className="mt-4 grid grid-cols-2 gap-x-8 gap-y-3 sm:flex sm:flex-wrap">
          {pause !== null && (
            <Fact label={paused ? t`Paused since` : t`Last pause ended`}>
              <TimeAgo at={paused ? pause.since : pause.until} />
            </Fact>
          )}
          {paused && <Fact label={t`Answers not held yet`}>{unheld}</Fact>}
          {paused && windowFactor > 1 && (
            <Fact label={t`Waiting times`}>
              <Trans>{windowFactor} times the usual</Trans>
            </Fact>
          )}
          <Fact label={t`Events not looked at`}>{security.openEvents}</Fact>
          <Fact label={t`May pause, up to 72 h`}>
            {guardian === null ? t`nobody` : <Hash value={guardian} what={t`guardian`} />}
          </Fact>
          {mayPauseFrom !== null && now < mayPauseFrom && (
            <Fact label={t`No other pause before`}>{formatAbsolute(mayPauseFrom)}</Fact>
          )}
        </dl>
      </div>
      <Section title={t`Breakers`}>
        {breakers.length === 0 ? (
          <p className="text-ink-2">{t`None are set up.`}</p>
        ) : (
          <ul className="divide-y divide-rule">
            {breakers.map((breaker) => (
              <BreakerRow key={`${breaker.name}:${breaker.feed ?? ""}`} breaker={breaker} />
            ))}
          </ul>
        )}
      </Section>
      <Section title={t`Value secured against stake`} aside={t`one question may have a third at most`}>
        {domains.length === 0 ? (
          <p className="text-ink-2">{t`No domain has a signer set yet.`}</p>
        ) : (
          <ul className="grid gap-5">
            {domains.map((domain) => (
              <DomainRow key={domain.domain} domain={domain} />
            ))}
          </ul>
        )}
      </Section>
    </>
  );
}

/** Basis points: what a question may have of the weight behind it. */
const LIMIT = 3_333;

function DomainRow({ domain }: { domain: Security["domains"][number] }) {
  const { collateral } = useNetwork();
  const money = (value: string) => (
    <Amount value={value} decimals={collateral.decimals} symbol={collateral.symbol} short />
  );
  const over = domain.ratio > LIMIT;
  return (
    <li>
      <p className="flex flex-wrap justify-between gap-x-4">
        <b>
          <Trans>Domain {domain.domain}</Trans>
        </b>
        <span className="num">
          <Trans>
            {money(domain.secured)} on {money(domain.weight)} of weight
          </Trans>
        </span>
      </p>
      <div className="relative mt-1.5 h-2.5 rounded-sm bg-sunken" aria-hidden="true">
        <span
          className={`block h-full rounded-sm ${over ? "bg-gold" : "bg-accent"}`}
          style={{ width: `${Math.min(100, domain.ratio / 100)}%` }}
        />
        <span className="absolute inset-y-[-3px] left-1/3 w-0.5 bg-ink" />
      </div>
      <p className={`num mt-1 text-sm ${over ? "font-semibold text-gold" : "text-ink-3"}`}>
        {over
          ? t`${formatShare(domain.ratio)} of the weight, more than one question alone may have`
          : t`${formatShare(domain.ratio)} of the weight`}
        ; <Trans>stake {money(domain.stake)}</Trans>
      </p>
    </li>
  );
}

function Events() {
  const events = useInfiniteQuery(securityEventsQuery);
  const items = events.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Section title={t`Events`} aside={t`latest first`}>
      {events.isPending && <Skeleton lines={4} />}
      {events.error && items.length === 0 && (
        <Failure error={events.error} retry={() => void events.refetch()} />
      )}
      {events.data && items.length === 0 && (
        <Empty title={t`Nothing was seen`}>{t`No rule of the monitor has fired.`}</Empty>
      )}
      {items.length > 0 && (
        <ul className="divide-y divide-rule">
          {items.map((event) => (
            <EventRow key={event.id} event={event} />
          ))}
        </ul>
      )}
      <LoadMore
        more={events.hasNextPage}
        busy={events.isFetchingNextPage}
        onMore={() => void events.fetchNextPage()}
      />
    </Section>
  );
}
