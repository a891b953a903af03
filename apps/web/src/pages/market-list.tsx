import { t } from "@lingui/core/macro";
import { i18n } from "@lingui/core";
import { FORM_KINDS, kindOf } from "@sooth/oracle/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import type { MarketFilters } from "../api.ts";
import { Button, LinkButton } from "../components/button.tsx";
import { SelectField } from "../components/field.tsx";
import { LoadMore, PageHead, useTitle } from "../components/page.tsx";
import { SearchField } from "../components/search-field.tsx";
import { Empty, Failure } from "../components/states.tsx";
import { marketStatusText } from "../components/status.tsx";
import { ACTIONS, FILTERS, HEADS, LIST } from "../first-pages.ts";
import { EmbedList } from "../features/market/embed-list.tsx";
import { MarketRow } from "../features/market/market-row.tsx";
import { fromCore } from "../languages/from-core.ts";
import { marketsQuery } from "../queries.ts";
import { useNetwork } from "../shell/use-network.ts";

export function MarketListPage() {
  useTitle(t`Markets`);
  const filters = useSearch({ from: "/" });
  const markets = useInfiniteQuery(marketsQuery({ ...filters, sort: filters.sort ?? "volume" }));
  const rows = markets.data?.pages.flatMap(({ items }) => items) ?? [];
  const filtered = [filters.search, filters.status, filters.kind].some((value) => value !== undefined);
  return (
    <>
      <PageHead
        title={i18n._(HEADS.markets.title)}
        action={
          <LinkButton to={ACTIONS.markets.to} look="primary" className={ACTIONS.markets.className}>
            {i18n._(ACTIONS.markets.label)}
          </LinkButton>
        }
      >
        {i18n._(HEADS.markets.about)}
      </PageHead>
      <Filters filters={filters} />
      {markets.isPending ? (
        <RowSkeletons />
      ) : rows.length > 0 ? (
        <ul className={LIST.list} aria-label={t`Markets`}>
          {rows.map((market) => (
            <MarketRow key={market.id} market={market} />
          ))}
        </ul>
      ) : (
        !markets.error && <NoMarkets filtered={filtered} />
      )}
      {markets.error && (
        <div className="mt-4">
          <Failure error={markets.error} retry={() => void markets.refetch()} />
        </div>
      )}
      <LoadMore
        more={markets.hasNextPage}
        busy={markets.isFetchingNextPage}
        onMore={() => void markets.fetchNextPage()}
      />
      {rows.length > 0 && <EmbedList path="/embed/markets" filters={filters} />}
    </>
  );
}

function NoMarkets({ filtered }: { filtered: boolean }) {
  const { sourceTemplates } = useNetwork();
  const navigate = useNavigate({ from: "/" });
  if (!filtered)
    return (
      <Empty
        title={t`No market is open yet`}
        action={
          <>
            {sourceTemplates.length > 0 && (
              <LinkButton to="/create" search={{ sample: true }} look="primary">
                {t`Open a sample market`}
              </LinkButton>
            )}
            <LinkButton to="/create" look={sourceTemplates.length > 0 ? "quiet" : "primary"}>
              {t`Ask your own`}
            </LinkButton>
          </>
        }
      >
        {sourceTemplates.length > 0
          ? t`The sample is filled in and closes in a few minutes: look it over, sign, stake, and watch it being answered.`
          : t`Ask something that a public source can answer at a known time.`}
      </Empty>
    );
  return (
    <Empty
      title={t`No market fits these filters`}
      action={<Button onClick={() => void navigate({ search: {} })}>{t`Clear the filters`}</Button>}
    >
      {t`Try fewer words, or ask this question yourself.`}
    </Empty>
  );
}

function Filters({ filters }: { filters: MarketFilters }) {
  const navigate = useNavigate({ from: "/" });
  const set = (change: MarketFilters) =>
    void navigate({ search: (old) => ({ ...old, ...change }), replace: true, resetScroll: false });
  const pick = (name: keyof MarketFilters) => (event: { target: { value: string } }) =>
    set({ [name]: event.target.value === "" ? undefined : event.target.value });
  const find = useCallback(
    (search: string | undefined) =>
      void navigate({ search: (old) => ({ ...old, search }), replace: true, resetScroll: false }),
    [navigate],
  );

  return (
    <form
      role="search"
      className={`${FILTERS.markets} grid grid-cols-3 gap-2 md:grid-cols-[minmax(0,1fr)_auto_auto_auto]`}
      onSubmit={(event) => event.preventDefault()}
    >
      <div className="col-span-3 md:col-span-1">
        <SearchField label={t`Search questions`} search={filters.search} onSearch={find} />
      </div>
      <SelectField
        className="max-sm:px-1.5! max-sm:text-sm"
        quietLabel
        label={t`Status`}
        value={filters.status ?? ""}
        onChange={pick("status")}
      >
        <option value="">{t`Any status`}</option>
        {(["trading", "closed", "answered", "settled", "void"] as const).map((status) => (
          <option key={status} value={status}>
            {marketStatusText(status)}
          </option>
        ))}
      </SelectField>
      <SelectField
        className="max-sm:px-1.5! max-sm:text-sm"
        quietLabel
        label={t`Kind`}
        value={filters.kind ?? ""}
        onChange={pick("kind")}
      >
        <option value="">{t`Any kind`}</option>
        {FORM_KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {fromCore(kindOf({ kind }).title)}
          </option>
        ))}
      </SelectField>
      <SelectField
        className="max-sm:px-1.5! max-sm:text-sm"
        quietLabel
        label={t`Order`}
        value={filters.sort ?? "volume"}
        onChange={pick("sort")}
      >
        <option value="volume">{t`Largest`}</option>
        <option value="closing">{t`Closing soon`}</option>
        <option value="newest">{t`Newest`}</option>
      </SelectField>
    </form>
  );
}

function RowSkeletons() {
  return (
    <div role="status" className="border-t border-rule">
      <span className="sr-only">{t`Loading markets`}</span>
      {[0, 1, 2, 3].map((row) => (
        <div key={row} className="grid grid-cols-[1fr_auto] gap-6 border-b border-rule py-5">
          <div className="grid gap-3">
            <div className="skeleton h-6 w-4/5" />
            <div className="skeleton h-4 w-2/5" />
          </div>
          <div className="skeleton h-10 w-24 self-center" />
        </div>
      ))}
    </div>
  );
}
