import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { DIVISIONS, seasonsBetween, startsAt } from "@sooth/markets/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { League, LeagueAsked } from "../api.ts";
import { SelectField } from "../components/field.tsx";
import { Amount } from "../components/figures.tsx";
import { Hash } from "../components/hash.tsx";
import { PageHead, useTitle } from "../components/page.tsx";
import { Empty, Failure, Skeleton } from "../components/states.tsx";
import { useWalletNames } from "../features/wallet/use-wallet-names.ts";
import { useWallet } from "../features/wallet/wallet-context.tsx";
import { formatDate, formatMonth } from "../format/time.ts";
import { leagueQuery } from "../features/records/queries.ts";
import { useNetwork } from "../shell/use-network.ts";

type Standing = League["items"][number];

/** A month's division: who stands where, who rises, who falls. */
export function LeaguesPage() {
  useTitle(t`Leagues`);
  const asked = useSearch({ from: "/leagues" });
  const own = useWallet().account?.address;
  const league = useQuery(leagueQuery({ ...asked, ...(own !== undefined && { owner: own }) }));
  return (
    <>
      <PageHead title={t`Leagues`}>
        <Trans>
          A season is a month, by UTC. The best fifth of a division rises if it gained, the worst fifth falls
          if it lost. Made from the chain’s logs alone, like the{" "}
          <Link to="/leaderboard" className="underline underline-offset-4">
            leaderboard
          </Link>
          .
        </Trans>
      </PageHead>
      <Filters asked={asked} league={league.data} />
      {league.isPending && <Skeleton lines={6} />}
      {league.error && !league.data && <Failure error={league.error} retry={() => void league.refetch()} />}
      {league.data && <Division league={league.data} />}
    </>
  );
}

function Division({ league: { items, own: standing, until, isOver } }: { league: League }) {
  const isShown = standing !== null && items.some(({ address }) => address === standing.address);
  return (
    <>
      <p className="mb-3 text-sm text-ink-2">
        {isOver
          ? t`This season is over.`
          : t`This season ends on ${formatDate(until)}. Until then places change.`}
      </p>
      {standing !== null && !isShown && (
        <div className="mb-6">
          <h2 className="mb-1 font-semibold">{t`Where you stand: division ${standing.division}`}</h2>
          <ol className="border-t border-rule">
            <Row standing={standing} />
          </ol>
        </div>
      )}
      {items.length === 0 ? (
        <Empty
          title={t`Nobody is here yet`}
        >{t`Whoever had a market end in this month is in a division. All begin in the last.`}</Empty>
      ) : (
        <ol className="border-t border-rule" aria-label={t`Division`}>
          {items.map((each) => (
            <Row key={each.address} standing={each} />
          ))}
        </ol>
      )}
    </>
  );
}

function Row({ standing: { rank, address, markets, profit, goes } }: { standing: Standing }) {
  const names = useWalletNames();
  const { collateral } = useNetwork();
  const moves = { up: t`rises`, stays: t`stays`, down: t`falls` };
  return (
    <li className="grid grid-cols-[2.25rem_minmax(0,1fr)_auto] items-baseline gap-x-3 border-b border-rule py-3">
      <span className="num text-lg font-semibold text-ink-2">{rank}</span>
      <span className="min-w-0">
        <Hash value={address} name={names(address)} />
      </span>
      <span
        className={`text-right text-lg font-semibold ${BigInt(profit) < 0n ? "text-bad" : "text-accent"}`}
      >
        <Amount value={profit} decimals={collateral.decimals} symbol={collateral.symbol} short />
      </span>
      <p className="col-span-2 col-start-2 flex flex-wrap gap-x-4 text-sm text-ink-2">
        <span>
          <Plural value={markets} one="# market" other="# markets" />
        </span>
        <span>{moves[goes]}</span>
      </p>
    </li>
  );
}

function Filters({ asked, league }: { asked: LeagueAsked; league: League | undefined }) {
  const navigate = useNavigate({ from: "/leagues" });
  const set = (change: LeagueAsked) =>
    void navigate({ search: (old) => ({ ...old, ...change }), replace: true, resetScroll: false });
  const season = asked.season ?? league?.season ?? "";
  const seasons = league ? seasonsBetween(league.first ?? league.current, league.current) : [];
  const sizeOf = (division: number) =>
    league?.divisions.find((each) => each.division === division)?.size ?? 0;
  return (
    <form
      className="mb-4 grid grid-cols-2 gap-2 sm:max-w-xl"
      aria-label={t`What is shown`}
      onSubmit={(event) => event.preventDefault()}
    >
      <SelectField
        label={t`Season`}
        value={season}
        onChange={({ target: { value } }) => set({ season: value })}
      >
        {[...new Set([season, ...seasons])]
          .toSorted()
          .toReversed()
          .map((each) => (
            <option key={each} value={each}>
              {each === "" ? "" : formatMonth(startsAt(each))}
            </option>
          ))}
      </SelectField>
      <SelectField
        label={t`Division`}
        value={String(asked.division ?? DIVISIONS)}
        onChange={({ target: { value } }) => set({ division: Number(value) })}
      >
        {Array.from({ length: DIVISIONS }, (_, index) => index + 1).map((each) => (
          <option key={each} value={each}>
            {league ? t`Division ${each} (${sizeOf(each)})` : t`Division ${each}`}
          </option>
        ))}
      </SelectField>
    </form>
  );
}
