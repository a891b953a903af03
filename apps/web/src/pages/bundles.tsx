import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import "../features/bundle/error-words.ts";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, LinkButton } from "../components/button.tsx";
import { SelectField } from "../components/field.tsx";
import { LoadMore, PageHead, useTitle } from "../components/page.tsx";
import { Empty, Failure, Skeleton } from "../components/states.tsx";
import { useAtOnce } from "../components/use-at-once.ts";
import { useNear } from "../components/use-near.ts";
import { ACTIONS, FILTERS, HEADS, LIST } from "../first-pages.ts";
import { CreditBox } from "../features/bundle/credit-box.tsx";
import { BundleRow } from "../features/bundle/bundle-row.tsx";
import { STATUSES } from "../features/bundle/statuses.ts";
import { modeWords, statusText } from "../features/bundle/words.ts";
import { useWallet } from "../features/wallet/wallet-context.tsx";
import { bundlesQuery } from "../queries.ts";
import type { BundleSearch } from "./bundle-filters.ts";

export function BundlesPage() {
  useTitle(t`Bundles`);
  const { mine, ...filters } = useSearch({ from: "/bundles" });
  const wallet = useWallet();
  const owner = mine ? wallet.account?.address : undefined;
  const isWaiting = mine === true && owner === undefined;
  const bundles = useInfiniteQuery({ ...bundlesQuery({ ...filters, owner }), enabled: !isWaiting });
  const rows = bundles.data?.pages.flatMap(({ items }) => items) ?? [];
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = bundles;
  const isDue = hasNextPage && !isFetchingNextPage && !isFetchNextPageError;
  const end = useNear(isDue, () => void fetchNextPage());
  return (
    <>
      <PageHead
        title={i18n._(HEADS.bundles.title)}
        action={
          <LinkButton to={ACTIONS.bundles.to} look="primary">
            {i18n._(ACTIONS.bundles.label)}
          </LinkButton>
        }
      >
        {i18n._(HEADS.bundles.about)}
      </PageHead>
      {wallet.account && (
        <div className="mb-8">
          <CreditBox />
        </div>
      )}
      <Filters search={{ ...filters, mine }} />
      {isWaiting ? (
        <Empty
          title={t`Whose bundles?`}
          action={
            <Button look="primary" busy={!wallet.ready} onClick={wallet.ask}>
              {t`Connect a wallet`}
            </Button>
          }
        >
          {t`Connect a wallet to see those that it owns.`}
        </Empty>
      ) : (
        <>
          {bundles.isPending && <Skeleton lines={6} />}
          {rows.length > 0 && (
            <ul className={LIST.list} aria-label={t`Bundles`}>
              {rows.map((bundle) => (
                <BundleRow key={bundle.id} bundle={bundle} />
              ))}
            </ul>
          )}
          {bundles.data && rows.length === 0 && (
            <Nothing filtered={mine === true || filters.mode !== undefined || filters.status !== undefined} />
          )}
          {bundles.error && <Failure error={bundles.error} retry={() => void bundles.refetch()} />}
          <div ref={end}>
            <LoadMore more={hasNextPage} busy={isFetchingNextPage} onMore={() => void fetchNextPage()} />
          </div>
        </>
      )}
    </>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  const navigate = useNavigate({ from: "/bundles" });
  if (filtered)
    return (
      <Empty
        title={t`No bundle fits these filters`}
        action={<Button onClick={() => void navigate({ search: {} })}>{t`Clear the filters`}</Button>}
      >
        {t`Look at all of them, or make it yourself.`}
      </Empty>
    );
  return (
    <Empty
      title={t`No bundle was opened yet`}
      action={
        <LinkButton to="/bundles/new" look="primary">
          {t`Make the first`}
        </LinkButton>
      }
    >
      {t`Swap tokens with somebody on another rollup, or have several calls follow each other across chains.`}
    </Empty>
  );
}

function Filters({ search }: { search: BundleSearch }) {
  const navigate = useNavigate({ from: "/bundles" });
  const [isMine, showMine] = useAtOnce(search.mine === true);
  const set = (change: BundleSearch) =>
    void navigate({ search: (old) => ({ ...old, ...change }), replace: true, resetScroll: false });
  return (
    <form
      role="search"
      className={`${FILTERS.opinions} grid grid-cols-2 items-center gap-2 sm:grid-cols-[auto_auto_minmax(0,1fr)]`}
      onSubmit={(event) => event.preventDefault()}
    >
      <SelectField
        quietLabel
        label={t`Mode`}
        value={search.mode ?? ""}
        onChange={({ target: { value } }) => set({ mode: value === "" ? undefined : (value as "ordered") })}
      >
        <option value="">{t`Any mode`}</option>
        {(["ordered", "escrowed"] as const).map((mode) => (
          <option key={mode} value={mode}>
            {modeWords(mode).name}
          </option>
        ))}
      </SelectField>
      <SelectField
        quietLabel
        label={t`Status`}
        value={search.status ?? ""}
        onChange={({ target: { value } }) => set({ status: value === "" ? undefined : (value as "ready") })}
      >
        <option value="">{t`Any status`}</option>
        {STATUSES.map((status) => (
          <option key={status} value={status}>
            {statusText(status)}
          </option>
        ))}
      </SelectField>
      <label className="col-span-2 flex min-h-11 items-center gap-2 sm:col-span-1 sm:ml-3">
        <input
          type="checkbox"
          className="size-4 accent-(--accent)"
          checked={isMine}
          onChange={({ target: { checked } }) => {
            showMine(checked);
            set({ mine: checked || undefined });
          }}
        />
        {t`Only mine`}
      </label>
    </form>
  );
}
