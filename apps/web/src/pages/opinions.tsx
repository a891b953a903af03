import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { i18n } from "@lingui/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, LinkButton } from "../components/button.tsx";
import { LoadMore, PageHead, useTitle } from "../components/page.tsx";
import { Empty, Failure, Skeleton } from "../components/states.tsx";
import { useNear } from "../components/use-near.ts";
import { ACTIONS, HEADS, LIST } from "../first-pages.ts";
import { EmbedList } from "../features/market/embed-list.tsx";
import { OpinionMarketRow } from "../features/opinion/opinion-market-row.tsx";
import { OpinionListFilters } from "../features/opinion/list-filters.tsx";
import { opinionMarketsQuery } from "../queries.ts";
import { FURTHER, orderOf } from "./opinion-filters.ts";

export function OpinionsPage() {
  useTitle(t`Opinions`);
  const filters = useSearch({ from: "/opinions" });
  const markets = useInfiniteQuery(opinionMarketsQuery({ ...filters, sort: orderOf(filters) }));
  const rows = markets.data?.pages.flatMap(({ items }) => items) ?? [];
  const { sort: _sort, ...narrowing } = filters;
  const filtered = Object.values(narrowing).some((value) => value !== undefined);
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = markets;
  // What failed is asked for again by who reads: the end of the list stays near, so that it would never stop by itself.
  const isDue = hasNextPage && !isFetchingNextPage && !isFetchNextPageError;
  const end = useNear(isDue, () => void fetchNextPage());
  return (
    <>
      <PageHead
        title={i18n._(HEADS.opinions.title)}
        action={
          <LinkButton to={ACTIONS.opinions.to} look="primary">
            {i18n._(ACTIONS.opinions.label)}
          </LinkButton>
        }
      >
        {i18n._(HEADS.opinions.about)}
      </PageHead>
      <OpinionListFilters filters={filters} />
      {markets.isPending && <Skeleton lines={6} />}
      {rows.length > 0 && (
        <ul className={LIST.list} aria-label={t`Statements`}>
          {rows.map((market) => (
            <OpinionMarketRow key={market.id} market={market} />
          ))}
        </ul>
      )}
      {markets.data && rows.length === 0 && <Nothing filtered={filtered} />}
      {markets.error && <Failure error={markets.error} retry={() => void markets.refetch()} />}
      <div ref={end}>
        <LoadMore more={hasNextPage} busy={isFetchingNextPage} onMore={() => void fetchNextPage()} />
      </div>
      {rows.length > 0 && FURTHER.every((name) => filters[name] === undefined) && (
        <EmbedList
          path="/embed/opinions"
          filters={{ search: filters.search, status: filters.status, sort: orderOf(filters) }}
        />
      )}
    </>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  const navigate = useNavigate({ from: "/opinions" });
  if (filtered)
    return (
      <Empty
        title={t`No statement fits these filters`}
        action={<Button onClick={() => void navigate({ search: {} })}>{t`Clear the filters`}</Button>}
      >
        {t`Try fewer words, or put it up yourself.`}
      </Empty>
    );
  return (
    <Empty
      title={t`No statement is up yet`}
      action={
        <LinkButton to="/opinions/create" look="primary">
          {t`Put up the first`}
        </LinkButton>
      }
    >
      <Trans>
        A statement that people can be for or against: “Cities should close their centres to cars.”
      </Trans>
    </Empty>
  );
}
