import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import type { OpinionFilters } from "../api.ts";
import { Button, LinkButton } from "../components/button.tsx";
import { SelectField, TextField } from "../components/field.tsx";
import { LoadMore, PageHead, useTitle } from "../components/page.tsx";
import { Empty, Failure, Skeleton } from "../components/states.tsx";
import { HEADS } from "../first-pages.ts";
import { OpinionMarketRow } from "../features/opinion/opinion-market-row.tsx";
import { OPINION_STATUSES, opinionStatusText } from "../features/opinion/opinion-status.tsx";
import { opinionMarketsQuery } from "../queries.ts";

const TYPING_MS = 250;

export function OpinionsPage() {
  useTitle("Opinions");
  const filters = useSearch({ from: "/opinions" });
  const markets = useInfiniteQuery(opinionMarketsQuery({ sort: "volume", ...filters }));
  const rows = markets.data?.pages.flatMap(({ items }) => items) ?? [];
  const filtered = filters.search !== undefined || filters.status !== undefined;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = markets;
  const end = useNear(hasNextPage && !isFetchingNextPage, () => void fetchNextPage());
  return (
    <>
      <PageHead
        title={HEADS.opinions.title}
        action={
          <LinkButton to="/opinions/create" look="primary">
            Put up a statement
          </LinkButton>
        }
      >
        {HEADS.opinions.about}
      </PageHead>
      <Filters filters={filters} />
      {markets.isPending && <Skeleton lines={6} />}
      {markets.error && rows.length === 0 && (
        <Failure error={markets.error} retry={() => void markets.refetch()} />
      )}
      {rows.length > 0 && (
        <ul className="border-t border-rule" aria-label="Statements">
          {rows.map((market) => (
            <OpinionMarketRow key={market.id} market={market} />
          ))}
        </ul>
      )}
      {markets.data && rows.length === 0 && <Nothing filtered={filtered} />}
      <div ref={end}>
        <LoadMore more={hasNextPage} busy={isFetchingNextPage} onMore={() => void fetchNextPage()} />
      </div>
    </>
  );
}

/** Calls when the end of the list comes near, so that whoever scrolls never meets a button. */
function useNear(wanted: boolean, onNear: () => void) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!wanted || !element.current) return undefined;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && onNear(), {
      rootMargin: "400px",
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  });
  return element;
}

function Nothing({ filtered }: { filtered: boolean }) {
  const navigate = useNavigate({ from: "/opinions" });
  if (filtered)
    return (
      <Empty
        title="No statement fits these filters"
        action={<Button onClick={() => void navigate({ search: {} })}>Clear the filters</Button>}
      >
        Try fewer words, or put it up yourself.
      </Empty>
    );
  return (
    <Empty
      title="No statement is up yet"
      action={
        <LinkButton to="/opinions/create" look="primary">
          Put up the first
        </LinkButton>
      }
    >
      A statement that people can be for or against: “Cities should close their centres to cars.”
    </Empty>
  );
}

function Filters({ filters }: { filters: OpinionFilters }) {
  const navigate = useNavigate({ from: "/opinions" });
  const [text, setText] = useState(filters.search ?? "");
  const set = (change: OpinionFilters) =>
    void navigate({ search: (old) => ({ ...old, ...change }), replace: true, resetScroll: false });
  useEffect(() => {
    const next = text.trim() === "" ? undefined : text.trim();
    if (next === filters.search) return undefined;
    const timer = setTimeout(
      () => void navigate({ search: (old) => ({ ...old, search: next }), replace: true, resetScroll: false }),
      TYPING_MS,
    );
    return () => clearTimeout(timer);
  }, [text, filters.search, navigate]);
  return (
    <form
      role="search"
      className="mb-4 grid grid-cols-2 gap-2 md:grid-cols-[minmax(0,1fr)_auto_auto]"
      onSubmit={(event) => event.preventDefault()}
    >
      <div className="col-span-2 md:col-span-1">
        <TextField
          quietLabel
          label="Search statements"
          type="search"
          placeholder="Search statements"
          value={text}
          onChange={(event) => setText(event.target.value.slice(0, 100))}
        />
      </div>
      <SelectField
        quietLabel
        label="Status"
        value={filters.status ?? ""}
        onChange={({ target: { value } }) => set({ status: value === "" ? undefined : (value as "open") })}
      >
        <option value="">Any status</option>
        {OPINION_STATUSES.map((status) => (
          <option key={status} value={status}>
            {opinionStatusText(status)}
          </option>
        ))}
      </SelectField>
      <SelectField
        quietLabel
        label="Order"
        value={filters.sort ?? "volume"}
        onChange={({ target: { value } }) => set({ sort: value as "volume" })}
      >
        <option value="volume">Largest</option>
        <option value="closing">Closing soon</option>
        <option value="newest">Newest</option>
      </SelectField>
    </form>
  );
}
