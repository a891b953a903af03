import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { sameAddress } from "@sooth/kernel";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Leader, LeaderboardFilters } from "../api.ts";
import { SelectField } from "../components/field.tsx";
import { Amount } from "../components/figures.tsx";
import { Hash } from "../components/hash.tsx";
import { LoadMore, PageHead, useTitle } from "../components/page.tsx";
import { Empty, Failure, Skeleton } from "../components/states.tsx";
import { WalletRecord } from "../features/records/wallet-record.tsx";
import { useWallet } from "../features/wallet/wallet-context.tsx";
import { formatBrier } from "../format/brier.ts";
import { leaderboardQuery } from "../features/records/queries.ts";
import { useNetwork } from "../shell/use-network.ts";

/** Who did best, by what can be redone from the chain. */
export function LeaderboardPage() {
  useTitle(t`Leaderboard`);
  const filters = useSearch({ from: "/leaderboard" });
  const board = useInfiniteQuery(leaderboardQuery(filters));
  const [first] = board.data?.pages ?? [];
  const items = board.data?.pages.flatMap((page) => page.items) ?? [];
  const by = filters.by ?? "profit";
  return (
    <>
      <PageHead title={t`Leaderboard`}>
        {by === "profit"
          ? t`What came back from markets that have ended, less what was staked. Made from the chain’s logs alone; a row opens to show how.`
          : t`How far stakes were from what came: 0 is all right, 1 all wrong. Made from the chain’s logs alone; a row opens to show how.`}
      </PageHead>
      <p className="mb-4 text-[0.9375rem]">
        <Link to="/leagues" className="underline underline-offset-4">{t`Leagues, month by month`}</Link>
      </p>
      <Filters filters={filters} />
      {board.isPending && <Skeleton lines={6} />}
      {board.error && items.length === 0 && (
        <Failure error={board.error} retry={() => void board.refetch()} />
      )}
      {first && items.length === 0 && (
        <Empty title={t`Nobody is ranked yet`}>
          {by === "profit"
            ? t`One is ranked with ${first.least} markets that have ended in what is chosen here. Fewer say nothing.`
            : t`One is ranked with ${first.least} forecasts that have ended in what is chosen here. Fewer say nothing.`}
        </Empty>
      )}
      {first && items.length > 0 && (
        <>
          <p className="mb-3 text-sm text-ink-2">
            {by === "profit"
              ? t`Ranked are those with ${first.least} markets or more that have ended.`
              : t`Ranked are those with ${first.least} forecasts or more that have ended.`}
          </p>
          <ol className="border-t border-rule" aria-label={t`Leaderboard`}>
            {items.map((leader) => (
              <Row key={leader.address} leader={leader} by={by} />
            ))}
          </ol>
        </>
      )}
      <LoadMore
        more={board.hasNextPage}
        busy={board.isFetchingNextPage}
        onMore={() => void board.fetchNextPage()}
      />
    </>
  );
}

function Row({ leader, by }: { leader: Leader; by: "profit" | "brier" }) {
  const { collateral } = useNetwork();
  const own = useWallet().account?.address;
  const [open, setOpen] = useState(false);
  const { rank, address, markets, profit, brier, staked } = leader;
  const money = (value: string) => (
    <Amount value={value} decimals={collateral.decimals} symbol={collateral.symbol} short />
  );
  const gain = <span className={BigInt(profit) < 0n ? "text-bad" : "text-accent"}>{money(profit)}</span>;
  const score = <span className="num">{brier === null ? t`none` : formatBrier(brier)}</span>;
  return (
    <li className="border-b border-rule py-3">
      <div className="grid grid-cols-[2.25rem_minmax(0,1fr)_auto] items-baseline gap-x-3">
        <span className="num text-lg font-semibold text-ink-2">{rank}</span>
        <span className="min-w-0">
          <Hash value={address} />
          {own && sameAddress(own, address) && <b className="ml-2 text-sm text-accent">{t`you`}</b>}
        </span>
        <span className="text-right text-lg font-semibold">{by === "profit" ? gain : score}</span>
        <p className="col-span-2 col-start-2 flex flex-wrap gap-x-4 text-sm text-ink-2">
          <span>
            <Trans>
              <b className="num">{markets}</b> markets
            </Trans>
          </span>
          <span>
            <Trans>{money(staked)} staked</Trans>
          </span>
          {by === "profit" ? (
            <span>
              <Trans>Brier score {score}</Trans>
            </span>
          ) : (
            <span>
              <Trans>profit {money(profit)}</Trans>
            </span>
          )}
        </p>
      </div>
      <details className="mt-1 sm:ml-12" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="w-fit cursor-pointer py-2.5 text-sm font-semibold text-accent sm:py-1.5">
          {t`The whole record`}
        </summary>
        {open && (
          <div className="mt-3">
            <WalletRecord address={address} />
          </div>
        )}
      </details>
    </li>
  );
}

function Filters({ filters }: { filters: LeaderboardFilters }) {
  const navigate = useNavigate({ from: "/leaderboard" });
  const set = (change: LeaderboardFilters) =>
    void navigate({ search: (old) => ({ ...old, ...change }), replace: true, resetScroll: false });
  return (
    <form
      className="mb-4 grid gap-2 sm:grid-cols-3"
      aria-label={t`What is ranked`}
      onSubmit={(event) => event.preventDefault()}
    >
      <SelectField
        label={t`By`}
        value={filters.by ?? "profit"}
        onChange={({ target: { value } }) => set({ by: value as "profit" })}
      >
        <option value="profit">{t`Profit`}</option>
        <option value="brier">{t`Brier score`}</option>
      </SelectField>
      <SelectField
        label={t`Of`}
        value={filters.kind ?? ""}
        onChange={({ target: { value } }) => set({ kind: value === "" ? undefined : (value as "pools") })}
      >
        <option value="">{t`All markets`}</option>
        <option value="pools">{t`Pools`}</option>
        <option value="opinions">{t`Opinion markets`}</option>
      </SelectField>
      <SelectField
        label={t`That ended in`}
        value={filters.period ?? "all"}
        onChange={({ target: { value } }) => set({ period: value as "all" })}
      >
        <option value="all">{t`All time`}</option>
        <option value="year">{t`The last 365 days`}</option>
        <option value="month">{t`The last 30 days`}</option>
        <option value="week">{t`The last 7 days`}</option>
      </SelectField>
    </form>
  );
}
