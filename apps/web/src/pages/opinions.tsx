import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { i18n } from "@lingui/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import type { OpinionFilters } from "../api.ts";
import { Button, LinkButton } from "../components/button.tsx";
import { SelectField } from "../components/field.tsx";
import { LoadMore, PageHead, useTitle } from "../components/page.tsx";
import { SearchField } from "../components/search-field.tsx";
import { Empty, Failure, Skeleton } from "../components/states.tsx";
import { useNear } from "../components/use-near.ts";
import { ACTIONS, FILTERS, HEADS, LIST } from "../first-pages.ts";
import { EmbedList } from "../features/market/embed-list.tsx";
import { OpinionMarketRow } from "../features/opinion/opinion-market-row.tsx";
import { OPINION_STATUSES, opinionStatusText } from "../features/opinion/opinion-status.tsx";
import { opinionMarketsQuery } from "../queries.ts";

export function OpinionsPage() {
  useTitle(t`Opinions`);
  const filters = useSearch({ from: "/opinions" });
  const markets = useInfiniteQuery(opinionMarketsQuery({ ...filters, sort: filters.sort ?? "volume" }));
  const rows = markets.data?.pages.flatMap(({ items }) => items) ?? [];
  const filtered = filters.search !== undefined || filters.status !== undefined;
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
      <Filters filters={filters} />
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
      {rows.length > 0 && <EmbedList path="/embed/opinions" filters={filters} />}
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

function Filters({ filters }: { filters: OpinionFilters }) {
  const navigate = useNavigate({ from: "/opinions" });
  const set = (change: OpinionFilters) =>
    void navigate({ search: (old) => ({ ...old, ...change }), replace: true, resetScroll: false });
  const find = useCallback(
    (search: string | undefined) =>
      void navigate({ search: (old) => ({ ...old, search }), replace: true, resetScroll: false }),
    [navigate],
  );
  return (
    <form
      role="search"
      className={`${FILTERS.opinions} grid grid-cols-2 gap-2 md:grid-cols-[minmax(0,1fr)_auto_auto]`}
      onSubmit={(event) => event.preventDefault()}
    >
      <div className="col-span-2 md:col-span-1">
        <SearchField label={t`Search statements`} search={filters.search} onSearch={find} />
      </div>
      <SelectField
        quietLabel
        label={t`Status`}
        value={filters.status ?? ""}
        onChange={({ target: { value } }) => set({ status: value === "" ? undefined : (value as "open") })}
      >
        <option value="">{t`Any status`}</option>
        {OPINION_STATUSES.map((status) => (
          <option key={status} value={status}>
            {opinionStatusText(status)}
          </option>
        ))}
      </SelectField>
      <SelectField
        quietLabel
        label={t`Order`}
        value={filters.sort ?? "volume"}
        onChange={({ target: { value } }) => set({ sort: value as "volume" })}
      >
        <option value="volume">{t`Largest`}</option>
        <option value="closing">{t`Closing soon`}</option>
        <option value="newest">{t`Newest`}</option>
      </SelectField>
    </form>
  );
}
